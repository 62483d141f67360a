"""Past deals like an open one: alike in what the model weighs, at a comparable moment."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import numpy as np

from core.deals.columns import AMOUNT, STAGE, TIME_IN_STAGE, Features
from core.deals.scoring import DealScores
from core.deals.source import DealData
from core.forecasting.histories import DAY
from core.forecasting.landmarks import Floats, Integers

SHOWN: Final = 3
"""Similar deals of each outcome that are listed."""

COMPARED: Final = 30
"""Similar deals of each outcome that a next action is taken from."""

_PLAIN: Final = {STAGE: 0.5, TIME_IN_STAGE: 0.1, AMOUNT: 0.1}
"""What tells deals apart beside the model's contributions, and alone where there is no signal."""


@dataclass(frozen=True)
class SimilarDeal:
    """One past deal at the moment at which it was most like the open one.

    Parameters
    ----------
    deal_id, name, account
        Which deal.
    is_won
        How it ended.
    stage
        Stage then.
    chance
        What the model says of it as it was then.
    days_to_close
        Days from then to its end.
    closed_on
        Day of its end.
    amount_minor
        Amount then; None when not known.
    """

    deal_id: str
    name: str
    account: str
    is_won: bool
    stage: str
    chance: float
    days_to_close: float
    closed_on: date
    amount_minor: int | None


@dataclass(frozen=True)
class Neighbours:
    """Rows of the taught snapshots that are most like one open deal, the nearest first."""

    won: Integers
    lost: Integers


def neighbours(scores: DealScores, row: int, count: int = COMPARED) -> Neighbours:
    """Return the past deals most like an open one, each at its most similar moment.

    The distance is that of the contributions: two deals are alike when the model says the same
    of them for the same reasons.
    """
    taught = scores.model.taught
    past = scores.model.win.score.contributions(taught.features)
    distance = np.sqrt(((past - scores.contributions[row]) ** 2).sum(axis=1))
    distance = distance + _plainly(taught.features, scores.features, row)
    order = np.argsort(distance, kind="stable")
    _, first = np.unique(taught.deal[order], return_index=True)
    nearest = order[np.sort(first)]
    is_won = taught.won[nearest] > 0
    return Neighbours(nearest[is_won][:count], nearest[~is_won][:count])


def _plainly(past: Features, now: Features, row: int) -> Floats:
    apart = np.zeros(len(past))
    for then, here in zip(past.numbers, now.numbers, strict=True):
        gap = np.abs(then.values - here.values[row])
        apart += _PLAIN.get(then.factor, 0.0) * np.nan_to_num(gap, nan=1.0)
    for named, there in zip(past.names, now.names, strict=True):
        apart += _PLAIN.get(named.factor, 0.0) * (named.codes != there.codes[row])
    return apart


def similar_deals(data: DealData, scores: DealScores, rows: Integers) -> tuple[SimilarDeal, ...]:
    """Return what is to be told of some taught snapshots."""
    taught, deals = scores.model.taught, data.histories.deals
    log_odds = scores.model.win.score.log_odds(taught.features.at(rows))
    stage = next(one for one in taught.features.names if one.factor == STAGE)
    return tuple(
        SimilarDeal(
            deal_id=deals["deal_id"][int(taught.deal[row])],
            name=deals["name"][int(taught.deal[row])] or "",
            account=deals["account"][int(taught.deal[row])] or "",
            is_won=bool(taught.won[row]),
            stage=stage.levels[int(stage.codes[row])],
            chance=float(1 / (1 + np.exp(-odds))),
            days_to_close=float((taught.closed_at[row] - taught.at[row]) / DAY),
            closed_on=datetime.fromtimestamp(float(taught.closed_at[row]), UTC).date(),
            amount_minor=int(amount) if np.isfinite(amount := taught.amount[row]) else None,
        )
        for row, odds in zip(rows.tolist(), log_odds.tolist(), strict=True)
    )
