"""What each model misallocated on simulated companies, measured once and kept as a table.

``benchmarks/trust_record.py`` writes the table: companies of three families of effects, with and
without exposure that follows intent, from two simulators, and companies like the demo, in several
sizes. A workspace is judged by the companies of the size nearest to its own.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from core import formats

FILE: Final = Path(__file__).with_name("trust_record.csv")
"""One row a company and a model: ``world, family, confounded, deals, won_deals,
touches_per_deal, channels, win_rate, model, of_won, among_channels``."""


@dataclass(frozen=True)
class Shape:
    """What a company looks like to a model, for comparison with simulated ones.

    Parameters
    ----------
    won_deals
        Number of won deals, on which accuracy depends most.
    deals
        Number of deals.
    touches_per_deal
        Mean touches of a deal.
    channels
        Number of channels.
    win_rate
        Part of closed deals that were won; None while none is closed.
    """

    won_deals: int
    deals: int
    touches_per_deal: float
    channels: int
    win_rate: float | None


@dataclass(frozen=True)
class Measured:
    """One model against truth.

    Parameters
    ----------
    model
        Its name.
    mean, worst
        Part of won revenue misallocated, over companies.
    companies
        Number of simulated companies.
    typical_wins
        Won deals of the median company.
    """

    model: str
    mean: float
    worst: float
    companies: int
    typical_wins: int

    @property
    def label(self) -> str:
        """A few words to print beside a number of the model."""
        return f"misallocates {formats.percent(self.mean, 0)} on simulated companies"

    @property
    def sentence(self) -> str:
        """What it means, with how it was measured."""
        return (
            f"It gives {formats.percent(self.mean, 0)} of won revenue to the wrong name on "
            f"{self.companies} simulated companies with about {self.typical_wins:,} won deals; on "
            f"the worst of them {formats.percent(self.worst, 0)}."
        )


def recorded(won_deals: int) -> pl.DataFrame:
    """Return the rows of the companies whose number of won deals is nearest."""
    rows = _rows()
    typical = (
        rows.unique(["world", "family", "confounded", "deals", "won_deals"])
        .group_by("deals")
        .agg(pl.col("won_deals").median().alias("wins"))
    )
    # as far from 400 to 800 as from 800 to 1,600: errors fall with the root of wins
    distance = (pl.col("wins").log() - math.log(max(won_deals, 1))).abs()
    size = typical.sort(distance, "deals")["deals"][0]
    return rows.filter(pl.col("deals") == size)


def by_model(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row a model, the most accurate first.

    Parameters
    ----------
    rows
        Rows of the record, or of a rehearsal.

    Returns
    -------
    polars.DataFrame
        ``model, of_won, of_won_worst, random, confounded, among_channels, companies, wins``:
        means over companies; ``random`` and ``confounded`` are ``of_won`` where exposure is
        random and where it follows intent.
    """
    of_won = pl.col("of_won")
    return (
        rows.group_by("model")
        .agg(
            of_won.mean(),
            of_won.max().alias("of_won_worst"),
            of_won.filter(~pl.col("confounded")).mean().alias("random"),
            of_won.filter(pl.col("confounded")).mean().alias("confounded"),
            pl.col("among_channels").mean(),
            pl.len().alias("companies"),
            pl.col("won_deals").median().cast(pl.Int64).alias("wins"),
        )
        .sort("of_won", "model")
    )


def measured(model: str, won_deals: int) -> Measured | None:
    """Return what is on record for a model and a company's size; None if it was never measured.

    >>> found = measured("linear", won_deals=500)
    >>> found is not None and 0 < found.mean < found.worst < 1
    True
    """
    row = by_model(recorded(won_deals)).filter(pl.col("model") == model)
    if row.is_empty():
        return None
    told = row.row(0, named=True)
    return Measured(model, told["of_won"], told["of_won_worst"], told["companies"], told["wins"])


@cache
def _rows() -> pl.DataFrame:
    return pl.read_csv(FILE)
