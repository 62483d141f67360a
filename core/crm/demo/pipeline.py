"""The stage machine: how a deal's stage, amount and close date move until it is decided.

Stages are skipped, taken back and stalled in; close dates are pushed; amounts are filled in,
raised and discounted. Every change is an event with its moment, so that any date can be replayed.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from core.crm.demo.chance import Chance, Flags, Floats, Ints
from core.crm.demo.decisions import Decisions
from core.crm.demo.opportunities import Market, Opportunities

OPEN_STAGES: Final = 5
WON, LOST = OPEN_STAGES, OPEN_STAGES + 1

SALES: Final = "Sales"
RENEWALS: Final = "Renewals"
STAGE_NAMES: Final = {
    SALES: (
        "Qualification",
        "Discovery",
        "Demo",
        "Proposal",
        "Negotiation",
        "Closed won",
        "Closed lost",
    ),
    RENEWALS: (
        "Upcoming",
        "Business review",
        "Quote sent",
        "Verbal commitment",
        "Paperwork",
        "Renewed",
        "Churned",
    ),
}
STATED_PROBABILITY: Final = {
    SALES: (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 0.0),
    RENEWALS: (0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 0.0),
}

_DURATIONS: Final = (1.0, 1.3, 1.5, 1.3, 1.0)
_LOST_AT: Final = (0.33, 0.25, 0.19, 0.14, 0.09)
_STALL: Final = 1.9  # a lost deal stays that much longer in its last stage
_SKIPS, _MOVES_BACK = 0.08, 0.09
_BLANK_AMOUNT, _FIRST_SPREAD, _QUOTE_SPREAD, _DISCOUNT = 0.14, 0.28, 0.1, 0.06
_REQUOTED: Final = 0.6
_MOST_PUSHES: Final = 14
_PUSH_DAYS: Final = 24.0
_PUSHED_TO_MONTH_END: Final = 0.65
_LIKES_QUARTERS, _LIKES_MONTHS = 0.4, 0.3

_UNCHANGED: Final = -1
_SAME_DAY: Final = -1e9  # days of the simulator may be negative


@dataclass(frozen=True)
class _Events:
    """Changes, one position each; what an event leaves as it is holds a mark for that."""

    deal: Ints
    at: Floats
    stage: Ints
    amount_minor: Ints
    close_on: Floats

    @classmethod
    def make(
        cls,
        deal: Ints,
        at: Floats,
        stage: Ints | int = _UNCHANGED,
        amount_minor: Ints | int = _UNCHANGED,
        close_on: Floats | float = _SAME_DAY,
    ) -> "_Events":
        fill = np.broadcast_to
        return cls(
            deal,
            at,
            fill(np.asarray(stage, dtype=np.int64), deal.shape),
            fill(np.asarray(amount_minor, dtype=np.int64), deal.shape),
            fill(np.asarray(close_on, dtype=np.float64), deal.shape),
        )

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "deal": self.deal,
                "at": self.at,
                "stage": self.stage,
                "amount_minor": self.amount_minor,
                "close_on": self.close_on,
            }
        )


def stage_changes(
    market: Market, opportunities: Opportunities, decisions: Decisions
) -> pl.DataFrame:
    """Return every change of every deal up to the end of the window.

    Returns
    -------
    polars.DataFrame
        ``deal, at, stage, amount_minor, close_on``, in order: positions, days of the simulator,
        null for an amount not known yet.
    """
    entries = _stage_entries(market.chance, opportunities, decisions)
    events = [
        *_stage_events(market, opportunities, decisions, entries),
        *_close_date_events(market, opportunities, decisions),
    ]
    known = pl.col("amount_minor", "stage").replace(_UNCHANGED, None)
    carried = pl.col("amount_minor", "close_on", "stage").forward_fill().over("deal")
    changes = (
        pl.concat([event.frame() for event in events])
        .filter(pl.col("at") < market.window.horizon)
        .sort("deal", "at", "stage", maintain_order=True)
        .with_columns(known, pl.col("close_on").replace(_SAME_DAY, None))
        .with_columns(carried)
    )
    seconds = market.window.working_seconds(changes["at"].to_numpy())
    return changes.with_columns(seconds=pl.Series(seconds)).unique(
        ["deal", "seconds", "stage"], keep="last", maintain_order=True
    )


def _stage_entries(
    chance: Chance, opportunities: Opportunities, decisions: Decisions
) -> tuple[Floats, Ints]:
    """Return when each stage would be entered (deals x stages) and the last one reached."""
    key, stages = opportunities.key[:, None], np.arange(OPEN_STAGES)
    life = decisions.decided - opportunities.created
    draw = 0.7 * chance.uniform("lost at", opportunities.key) + 0.3 * np.minimum(life / 170.0, 1.0)
    reached = np.searchsorted(np.cumsum(_LOST_AT)[:-1], draw)
    last = np.where(decisions.won, OPEN_STAGES - 1, reached)
    weight = np.asarray(_DURATIONS) * np.exp(0.5 * chance.normal("pace", key, stages[None, :]))
    weight = np.where(stages[None, :] > last[:, None], 0.0, weight)
    stalled = (~decisions.won)[:, None] & (stages[None, :] == last[:, None])
    weight = np.where(stalled, weight * _STALL, weight)
    ends = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
    starts = np.concatenate([np.zeros((len(last), 1)), ends[:, :-1]], axis=1)
    return opportunities.created[:, None] + life[:, None] * starts, last


def _stage_events(
    market: Market,
    opportunities: Opportunities,
    decisions: Decisions,
    entries: tuple[Floats, Ints],
) -> list[_Events]:
    chance, (entered, last) = market.chance, entries
    deal = np.arange(len(opportunities))
    amounts = _amounts(chance, opportunities)
    events = []
    for stage in range(OPEN_STAGES):
        skips = chance.uniform("skip", opportunities.key, stage) < _SKIPS
        passes = (stage <= last) & ~(skips & (stage > 0) & (stage < last))
        chosen = np.flatnonzero(passes)
        events.append(
            _Events.make(deal[chosen], entered[chosen, stage], stage, amounts[chosen, stage])
        )
    outcome = np.where(decisions.won, WON, LOST)
    final = np.where(decisions.won, opportunities.amount_minor, _UNCHANGED)
    closed_on = np.floor(market.window.real_days(decisions.decided))
    closing = _Events.make(deal, decisions.decided, outcome, final, closed_on)
    return [*events, *_moves_back(chance, opportunities, entries, decisions), closing]


def _moves_back(
    chance: Chance, opportunities: Opportunities, entries: tuple[Floats, Ints], decisions: Decisions
) -> list[_Events]:
    """Let some deals fall back one stage and return to the later one after a while."""
    entered, last = entries
    back = chance.uniform("back", opportunities.key) < _MOVES_BACK
    deal = np.flatnonzero(back & (last >= 1))
    stage = 1 + chance.below("back/stage", last[deal], opportunities.key[deal])
    begins = entered[deal, stage]
    following = np.minimum(stage + 1, OPEN_STAGES - 1)
    ends = np.where(stage < last[deal], entered[deal, following], decisions.decided[deal])
    away, again = begins + 0.3 * (ends - begins), begins + 0.65 * (ends - begins)
    return [_Events.make(deal, away, stage - 1), _Events.make(deal, again, stage)]


def _amounts(chance: Chance, opportunities: Opportunities) -> Ints:
    """Return the amount known from each stage on, unchanged where the stage brings none."""
    key, final = opportunities.key, opportunities.amount_minor
    amounts = np.full((len(opportunities), OPEN_STAGES), _UNCHANGED, dtype=np.int64)
    first = 1.0 + _DISCOUNT * chance.exponential("list price", key)
    estimate = _rounded(final * first * np.exp(_FIRST_SPREAD * chance.normal("estimate", key)))
    blank = chance.uniform("blank", key) < _BLANK_AMOUNT
    amounts[:, 0] = np.where(blank, _UNCHANGED, estimate)
    amounts[:, 1] = np.where(blank, estimate, _UNCHANGED)
    changes = chance.uniform("requoted", key) < _REQUOTED
    quoted = _rounded(final * first * np.exp(_QUOTE_SPREAD * chance.normal("quote", key)))
    amounts[:, 3] = np.where(changes, quoted, _UNCHANGED)
    amounts[:, 4] = final
    return amounts


def _rounded(minor: Floats) -> Ints:
    rounded: Ints = np.rint(minor / 10_000.0).astype(np.int64) * 10_000
    return np.maximum(rounded, 10_000)


def _close_date_events(
    market: Market, opportunities: Opportunities, decisions: Decisions
) -> list[_Events]:
    """Set the expected close day when a deal is created; push it when it comes too close."""
    deal = np.arange(len(opportunities))
    close_on = _first_close_date(market, opportunities, decisions)
    events = [_Events.make(deal, opportunities.created, stage=0, close_on=close_on)]
    for number in range(_MOST_PUSHES):
        at, moved = _push(market, opportunities, close_on, number)
        kept = (at < decisions.decided) & _diligent(market, opportunities, number)
        deal, close_on = deal[kept], moved[kept]
        opportunities, decisions = opportunities.chosen(kept), decisions.chosen(kept)
        events.append(_Events.make(deal, at[kept], close_on=close_on))
    return events


def _first_close_date(market: Market, opportunities: Opportunities, decisions: Decisions) -> Floats:
    """Owners half know how long it takes, hope for less and like ends of months and quarters."""
    key, owners = opportunities.key, market.owners
    life = decisions.decided - opportunities.created
    sense = 0.45 * np.log(life + 5.0) + 0.55 * np.log(62.0)
    noise = 0.3 * market.chance.normal("planned", key) + owners.optimism[opportunities.owner]
    created = market.window.real_days(opportunities.created)
    planned = created + np.clip(np.exp(sense + noise), 7.0, 300.0)
    habit = market.chance.uniform("habit", key)
    to_month = np.where(
        habit < _LIKES_QUARTERS + _LIKES_MONTHS, market.window.month_end(planned), np.floor(planned)
    )
    chosen: Floats = np.where(habit < _LIKES_QUARTERS, market.window.quarter_end(planned), to_month)
    return np.maximum(chosen, np.floor(created) + 5.0)


def _push(
    market: Market, opportunities: Opportunities, close_on: Floats, number: int
) -> tuple[Floats, Floats]:
    """Return when the close date is pushed, and to which day."""
    key, chance = opportunities.key, market.chance
    sooner = 9.0 * chance.uniform("push/at", key, number) - 6.0
    at = np.maximum(market.window.moments(close_on + sooner), opportunities.created + 1.0)
    further = close_on + _PUSH_DAYS * (0.6 + chance.exponential("push/by", key, number))
    to_month = chance.uniform("push/habit", key, number) < _PUSHED_TO_MONTH_END
    moved = np.where(to_month, market.window.month_end(further), np.floor(further))
    return at, np.maximum(moved, np.floor(at) + 3.0)


def _diligent(market: Market, opportunities: Opportunities, number: int) -> Flags:
    """Tell who pushes an overdue date; the others leave it overdue."""
    effort = market.owners.diligent[opportunities.owner] ** 0.5
    cares: Flags = market.chance.uniform("push/cares", opportunities.key, number) < effort
    return cares
