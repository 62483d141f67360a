"""What moved the chances since the import before: today's model on the data as they were then.

    moved = chance now - chance then

Both chances are of the same model, so a change means that the deal changed and not the model, and
what a factor adds to the change of the log-odds is the difference of its contributions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from core.deals.additive import Additive, probability
from core.deals.columns import Features
from core.deals.features import Vocabulary, build_features
from core.deals.moments import open_now
from core.deals.source import DealData
from core.deals.words import in_words
from core.forecasting.histories import end_of
from core.forecasting.landmarks import Floats, Integers

LEAST_SHOWN: Final = 0.005
"""Change of a chance, as a share of one, below which it reads as none and nothing moved it."""

COLUMNS: Final = {"then": pl.Float64, "moved": pl.Float64, "mover": pl.String}
"""What `moves` tells of each deal, and of which kind."""


@dataclass(frozen=True)
class Earlier:
    """The data as the import before the last one left them.

    Parameters
    ----------
    number
        Number of that import.
    imported_on
        Day it was made, UTC.
    data
        What it left, with the extra columns of today's data.
    """

    number: int
    imported_on: date
    data: DealData


@dataclass(frozen=True)
class NotCompared:
    """Why no change since the import before can be told, in words for the reader."""

    why: str


@dataclass(frozen=True)
class Movement:
    """The deals that were open at the import before, scored by today's model.

    Parameters
    ----------
    number, imported_on, reaches
        Which import it is, when it was made, and the last day its data know of.
    deal_ids
        The deals, in the order of the rows of all that follows.
    features, contributions
        What was known of each, and what that adds to the log-odds.
    log_odds
        Of a win in the end.
    currency
        Currency of amounts.
    """

    number: int
    imported_on: date
    reaches: date
    deal_ids: pl.Series
    features: Features
    contributions: Floats
    log_odds: Floats
    currency: str

    def rows_of(self, deal_ids: pl.Series) -> Integers:
        """Return the row of each deal, -1 for one that was not open then."""
        known = pl.DataFrame({"deal_id": self.deal_ids}).with_row_index("row")
        found = pl.DataFrame({"deal_id": deal_ids}).join(
            known, on="deal_id", how="left", maintain_order="left"
        )
        return found["row"].cast(pl.Int64).fill_null(-1).to_numpy()


@dataclass(frozen=True)
class Mover:
    """One factor that moved the chance of a deal.

    Parameters
    ----------
    name
        The factor, such as Activity.
    added
        What it added to the log-odds since then; negative lowered the chance.
    before, now
        What was known then and is not now, and the other way round, in words.
    """

    name: str
    added: float
    before: tuple[str, ...]
    now: tuple[str, ...]


def movement(earlier: Earlier, score: Additive, vocabulary: Vocabulary) -> Movement:
    """Score the deals that were open at the import before.

    Parameters
    ----------
    earlier
        The data of then.
    score, vocabulary
        Today's model, and the names it tells apart.
    """
    data = earlier.data
    seen = open_now(data.histories, end_of(data.reaches))
    features = build_features(data, seen, vocabulary)
    contributions = score.contributions(features)
    return Movement(
        number=earlier.number,
        imported_on=earlier.imported_on,
        reaches=data.reaches,
        deal_ids=data.histories.deals["deal_id"].gather(seen.deal),
        features=features,
        contributions=contributions,
        log_odds=score.start + contributions.sum(axis=1),
        currency=data.histories.currency,
    )


def moves(
    deal_ids: pl.Series, now: Floats, factors: tuple[str, ...], then: Movement
) -> pl.DataFrame:
    """Return how the chance of each deal moved, and by which factor most.

    Parameters
    ----------
    deal_ids
        The deals that are open now.
    now
        What each feature adds to the log-odds now, deal x feature.
    factors
        Factor of each feature.
    then
        The import before.

    Returns
    -------
    polars.DataFrame
        ``then, moved, mover`` in the order of the deals: null for a deal that was not open then;
        the mover is null where the chance reads as before.
    """
    rows = then.rows_of(deal_ids)
    known = rows >= 0
    names, added = _by_factor(now[known] - then.contributions[rows[known]], factors)
    before = then.log_odds[rows[known]]
    chance = probability(before)
    moved = probability(before + added.sum(axis=1)) - chance
    # The factor that went farthest the way the chance went.
    most = np.argmax(added * np.sign(moved)[:, None], axis=1) if names else rows[:0]
    told = np.where(np.abs(moved) >= LEAST_SHOWN, most, -1)
    found = pl.DataFrame(
        {
            "row": np.flatnonzero(known),
            "then": chance,
            "moved": moved,
            "mover": [names[place] if place >= 0 else None for place in told],
        },
        schema={"row": pl.Int64, **COLUMNS},
    )
    return (
        pl.DataFrame({"row": np.arange(len(rows))})
        .join(found, on="row", how="left", maintain_order="left")
        .drop("row")
    )


def not_moved(deals: int) -> pl.DataFrame:
    """Return what `moves` says where nothing can be compared."""
    return pl.DataFrame({name: [None] * deals for name in COLUMNS}, schema=COLUMNS)


def movers(
    features: Features, contributions: Floats, row: int, then: Movement, then_row: int
) -> tuple[Mover, ...]:
    """Return what moved the chance of one deal, the factor that moved it farthest first.

    Parameters
    ----------
    features, contributions
        What is known now, and what it adds to the log-odds.
    row
        The deal's row among them.
    then
        The import before.
    then_row
        The deal's row there.
    """
    names, added = _by_factor(
        (contributions[row] - then.contributions[then_row])[None, :], features.factors
    )
    before = _facts(then.features, then_row, then.currency)
    now = _facts(features, row, then.currency)
    found = [
        Mover(
            name,
            float(by),
            tuple(fact for fact in before[name] if fact not in now[name]),
            tuple(fact for fact in now[name] if fact not in before[name]),
        )
        for name, by in zip(names, added[0].tolist(), strict=True)
        if by
    ]
    return tuple(sorted(found, key=lambda mover: -abs(mover.added)))


def _by_factor(added: Floats, factors: tuple[str, ...]) -> tuple[list[str], Floats]:
    names = list(dict.fromkeys(factors))
    place = np.array([names.index(factor) for factor in factors], dtype=np.int64)
    summed = np.zeros((len(added), len(names)))
    np.add.at(summed.T, place, added.T)
    return names, summed


def _facts(features: Features, row: int, currency: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in features.factors}
    phrases = in_words(features, row, currency)
    for factor, phrase in zip(features.factors, phrases, strict=True):
        found[factor].extend([phrase] if phrase else [])
    return found
