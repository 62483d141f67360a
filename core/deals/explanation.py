"""Why a deal has the chance it has: what each factor adds, deals like it, what would change it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.deals.moments import next_stages
from core.deals.movement import Mover, NotCompared, movers
from core.deals.next_action import NextAction, Past, next_action, seller_channels
from core.deals.readings import Reading, readings
from core.deals.scoring import DealScores
from core.deals.settings import SignalSettings
from core.deals.similar import SHOWN, SimilarDeal, neighbours, similar_deals
from core.deals.source import DealData
from core.deals.timeline import timeline
from core.deals.what_if import Possible, WhatIf, what_if
from core.deals.words import in_words
from core.errors import UnknownNameError
from core.forecasting.histories import end_of


@dataclass(frozen=True)
class Factor:
    """What one factor adds to the log-odds of a deal.

    Parameters
    ----------
    name
        The factor, such as Activity.
    contribution
        What it adds; negative speaks against a win.
    facts
        What is known, in words.
    """

    name: str
    contribution: float
    facts: tuple[str, ...]


@dataclass(frozen=True)
class ChannelPath:
    """Channels of the touches so far, in the order of their first, and how much intent they show.

    Parameters
    ----------
    channels
        Name and touches of each.
    high_intent_share, low_intent_share
        Of the touches of the last 90 days; None without any.
    """

    channels: tuple[tuple[str, int], ...]
    high_intent_share: float | None
    low_intent_share: float | None


@dataclass(frozen=True)
class DealExplanation:
    """Everything a person wants to know about the score of one deal.

    Parameters
    ----------
    deal_id
        Which deal.
    chance
        To be won in the end.
    start
        Log-odds before anything is known of it.
    factors
        The one that matters most first; start and contributions sum to the log-odds of the chance.
    readings
        Its risk signals.
    path
        Channels that led here.
    similar_won, similar_lost
        Past deals like it.
    what_ifs
        What would change the chance.
    action
        What to do next; None when nothing stands out.
    timeline
        What happened so far, see `core.deals.timeline.timeline`.
    movers
        What moved the chance since the import before, farthest first; they add up to the change
        of the log-odds. Empty where there is nothing to compare with.
    """

    deal_id: str
    chance: float
    start: float
    factors: tuple[Factor, ...]
    readings: tuple[Reading, ...]
    path: ChannelPath
    similar_won: tuple[SimilarDeal, ...]
    similar_lost: tuple[SimilarDeal, ...]
    what_ifs: tuple[WhatIf, ...]
    action: NextAction | None
    timeline: pl.DataFrame
    movers: tuple[Mover, ...] = ()

    @property
    def log_odds(self) -> float:
        """Log-odds of the chance: the start and what every factor adds."""
        return self.start + sum(factor.contribution for factor in self.factors)


def explain(
    data: DealData, scores: DealScores, deal_id: str, settings: SignalSettings | None = None
) -> DealExplanation:
    """Explain the score of one open deal.

    Parameters
    ----------
    data
        What the scores were made from.
    scores
        The scores.
    deal_id
        The deal.
    settings
        Thresholds the signals were judged by.

    Raises
    ------
    UnknownNameError
        If no such deal is open.
    """
    ids = scores.frame["deal_id"]
    if deal_id not in ids:
        raise UnknownNameError.among("open deal", deal_id, ids.head(5).to_list())
    row = ids.index_of(deal_id) or 0
    told = scores.frame.row(row, named=True)
    settings = settings or SignalSettings()
    near, at = neighbours(scores, row), end_of(scores.model.as_of)
    return DealExplanation(
        deal_id=deal_id,
        chance=float(told["chance"]),
        start=scores.model.win.score.start,
        factors=_factors(scores, row),
        readings=readings(told, settings),
        path=_path(data, scores, row),
        similar_won=similar_deals(data, scores, near.won[:SHOWN]),
        similar_lost=similar_deals(data, scores, near.lost[:SHOWN]),
        what_ifs=what_if(
            scores.model.win.score,
            scores.features,
            row,
            Possible(
                next_stages(data.histories, at),
                seller_channels(data.touches, settings.seller_actions),
            ),
        ),
        action=next_action(
            data,
            Past(scores.model.taught, near),
            tuple(told["signals"]),
            settings.seller_actions,
        ),
        timeline=timeline(data, int(told["deal"]), at),
        movers=_movers(scores, row),
    )


def _movers(scores: DealScores, row: int) -> tuple[Mover, ...]:
    if isinstance(scores.since, NotCompared):
        return ()
    (then_row,) = scores.since.rows_of(scores.frame["deal_id"].slice(row, 1)).tolist()
    if then_row < 0:
        return ()
    return movers(scores.features, scores.contributions, row, scores.since, then_row)


def _factors(scores: DealScores, row: int) -> tuple[Factor, ...]:
    words = in_words(scores.features, row, scores.currency)
    parts: dict[str, list[tuple[float, str]]] = {}
    for factor, value, phrase in zip(
        scores.features.factors, scores.contributions[row].tolist(), words, strict=True
    ):
        parts.setdefault(factor, []).append((value, phrase))
    found = (factor_of(name, told) for name, told in parts.items())
    return tuple(sorted(found, key=lambda factor: -abs(factor.contribution)))


def factor_of(name: str, parts: list[tuple[float, str]]) -> Factor:
    """Add up a factor; the fact that brings most of what it adds is named first."""
    added = sum(value for value, _ in parts)
    by_weight = sorted(parts, key=lambda part: -part[0] if added > 0 else part[0])
    return Factor(name, added, tuple(phrase for _, phrase in by_weight if phrase))


def _path(data: DealData, scores: DealScores, row: int) -> ChannelPath:
    touches, deal = data.touches, int(scores.frame["deal"][row])
    mine = (touches.deal == deal) & (touches.known_at < end_of(scores.model.as_of))
    codes, first, count = np.unique(touches.channel[mine], return_index=True, return_counts=True)
    order = np.argsort(first)
    high, low = (scores.frame[f"{side}_intent_share"][row] for side in ("high", "low"))
    channels = tuple((touches.channels[codes[place]], int(count[place])) for place in order)
    return ChannelPath(channels, high, low)
