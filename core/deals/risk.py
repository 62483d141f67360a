"""Risk signals of open deals: what a manager would ask about, with the figure behind it."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import polars as pl

from core.deals.features import groups
from core.deals.moments import channel_counts, moves, record, touch_counts
from core.deals.record import wilson
from core.deals.settings import SignalSettings
from core.deals.source import DealData
from core.errors import UnknownNameError
from core.forecasting.histories import DAY, Histories
from core.forecasting.landmarks import Booleans, Floats, Integers, Landmarks

FEWEST_WON_OF_STAGE: Final = 10
"""Won deals that must have passed a stage before its own time tells what is long."""


@dataclass(frozen=True)
class RiskSignal:
    """One kind of risk: code in files, word on screen, what it means."""

    code: str
    title: str
    meaning: str


SIGNALS: Final = (
    RiskSignal(
        "stalled", "Stalled", "Longer in its stage than most won deals were."
    ),
    RiskSignal("pushed", "Pushed", "The expected close was moved to a later month repeatedly."),
    RiskSignal("past_close_date", "Past close date", "The expected close is over."),
    RiskSignal("no_next_step", "No next step", "Nobody has written what happens next."),
    RiskSignal("single_threaded", "Single-threaded", "Hardly more than one person was met."),
    RiskSignal("amount_dropped", "Amount dropped", "Worth less than it once was."),
    RiskSignal("low_intent", "Low intent", "Recent touches came mostly by low-intent channels."),
    RiskSignal("inactive", "Inactive", "No touch for some time."),
    RiskSignal(
        "owner_below_average", "Owner below average",
        "The owner's win rate on such deals lies below everybody's, interval included.",
    ),
)  # fmt: skip
"""Every kind of risk, in the order they are listed for a deal."""


def risk_signal(code: str) -> RiskSignal:
    """Return a kind of risk by code.

    Raises
    ------
    UnknownNameError
        If there is no such code.
    """
    for signal in SIGNALS:
        if signal.code == code:
            return signal
    raise UnknownNameError.among("risk signal", code, [signal.code for signal in SIGNALS])


@dataclass(frozen=True)
class Figures:
    """What the signals are judged by, one value an open deal.

    Parameters
    ----------
    stage_days, stalled_after_days
        Days in its stage, and days after which it counts as stalled.
    due_days
        Days until the expected close; negative when over, nan when not known.
    pushes, people, touches_quarter
        Moves of the close date, persons met, touches in the last 90 days.
    quiet_days
        Days since the last touch, or since creation where there was none.
    amount_drop
        Share of its highest amount that is gone; nan where not known.
    low_intent_share, high_intent_share
        Shares of the touches of the last 90 days; nan without touches.
    has_next_step
        Whether one is written.
    owner_won, owner_lost
        Closed deals of the owner so far, of the same kind as this one.
    owner_low, owner_high
        Interval of the owner's win rate.
    everybody
        Share won of everybody's closed deals of that kind so far; nan without any.
    """

    stage_days: Floats
    stalled_after_days: Floats
    due_days: Floats
    pushes: Floats
    people: Floats
    touches_quarter: Floats
    quiet_days: Floats
    amount_drop: Floats
    low_intent_share: Floats
    high_intent_share: Floats
    has_next_step: Booleans
    owner_won: Floats
    owner_lost: Floats
    owner_low: Floats
    owner_high: Floats
    everybody: Floats

    def columns(self) -> dict[str, pl.Series]:
        """Return the figures as columns, nan as null."""
        told = {one.name: pl.Series(one.name, getattr(self, one.name)) for one in fields(self)}
        return {
            name: column.fill_nan(None) if column.dtype.is_float() else column
            for name, column in told.items()
        }


def measure(data: DealData, now: Landmarks, settings: SignalSettings) -> Figures:
    """Measure every open deal."""
    counts, moved = touch_counts(data, now), moves(data.histories, now)
    deals = data.histories.deals
    kind = np.maximum(groups(deals["kind"]), 0)  # renewals are won more often, whoever sells them
    owner = record(_within(groups(deals["owner_id"]), kind), data.histories, now)
    everybody = record(kind, data.histories, now)
    low, high = wilson(owner.won, owner.won + owner.lost, settings.owner_level)
    since_creation = (now.at - deals["created_epoch"].to_numpy()[now.deal]) / DAY
    quiet = np.where(np.isfinite(counts.days_since), counts.days_since, since_creation)
    with np.errstate(divide="ignore", invalid="ignore"):
        drop = (moved.peak_amount - now.amount) / moved.peak_amount
        share = everybody.won / (everybody.won + everybody.lost)
    return Figures(
        stage_days=now.age_days,
        stalled_after_days=_stalled_after(data.histories, now, settings.stalled_share),
        due_days=now.due_days,
        pushes=moved.pushes,
        people=counts.people,
        touches_quarter=counts.quarter,
        quiet_days=quiet,
        amount_drop=drop,
        low_intent_share=_share_of(data, now, settings.low_intent_channels, counts.quarter),
        high_intent_share=_share_of(data, now, settings.high_intent_channels, counts.quarter),
        has_next_step=data.next_steps[now.deal],
        owner_won=owner.won,
        owner_lost=owner.lost,
        owner_low=low,
        owner_high=high,
        everybody=share,
    )


def _within(group: Integers, kind: Integers) -> Integers:
    return np.where(group < 0, -1, group * (int(kind.max(initial=0)) + 1) + kind)


@dataclass(frozen=True)
class Recorded:
    """What the data record at all; what they do not is no deal's risk."""

    touches: bool
    people: bool
    next_steps: bool

    @classmethod
    def by(cls, data: DealData, *, is_now: bool) -> "Recorded":
        """Look at the data; next steps are known only as they are now."""
        return cls(
            touches=len(data.touches) > 0,
            people=bool((data.touches.contact >= 0).any()),
            next_steps=is_now and bool(data.next_steps.any()),
        )


def signals_on(figures: Figures, settings: SignalSettings, there: Recorded) -> list[list[str]]:
    """Return the codes of the signals that are on, deal by deal, in the order of `SIGNALS`."""
    closed = figures.owner_won + figures.owner_lost
    on = {
        "stalled": figures.stage_days > figures.stalled_after_days,
        "pushed": figures.pushes >= settings.pushes,
        "past_close_date": figures.due_days < 0,
        "no_next_step": ~figures.has_next_step & there.next_steps,
        "single_threaded": (figures.people < settings.fewest_people) & there.people,
        "amount_dropped": figures.amount_drop >= settings.amount_drop,
        "low_intent": (figures.touches_quarter >= settings.low_intent_touches)
        & (figures.low_intent_share >= settings.low_intent_share),
        "inactive": (figures.quiet_days > settings.quiet_days) & there.touches,
        "owner_below_average": (closed >= settings.owner_deals)
        & (figures.owner_high < figures.everybody),
    }
    codes = np.array([signal.code for signal in SIGNALS])
    rows = np.stack([on[signal.code] for signal in SIGNALS], axis=1)
    return [codes[row].tolist() for row in rows]


def _stalled_after(histories: Histories, now: Landmarks, share: float) -> Floats:
    """Return the days in its stage that a share of the won deals did not exceed, deal by deal."""
    at = int(now.at[0]) if len(now.at) else 0
    won = histories.deals.filter(pl.col("outcome") == "won", pl.col("closed_epoch") < at)
    spans = (
        histories.states.join(won.select("deal"), on="deal", how="semi")
        .group_by("deal", "stage", "since_epoch")
        .agg(days=(pl.col("until_epoch").max() - pl.col("since_epoch").first()) / DAY)
    )
    of_stage = spans.group_by("stage").agg(pl.len(), limit=pl.col("days").quantile(share))
    enough = of_stage.filter(pl.col("len") >= FEWEST_WON_OF_STAGE)
    limits = dict(enough.select("stage", "limit").iter_rows())
    by_stage = np.array([limits.get(stage, np.inf) for stage in now.stages])
    limit: Floats = by_stage[now.stage]
    return limit


def _share_of(data: DealData, now: Landmarks, words: tuple[str, ...], touches: Floats) -> Floats:
    names = [name for name in data.touches.channels if any(word in name.lower() for word in words)]
    mine = channel_counts(data.touches, now, names).sum(axis=1)
    return np.where(touches > 0, mine / np.maximum(touches, 1), np.nan)
