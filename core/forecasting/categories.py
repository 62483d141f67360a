"""Commit, best case, pipeline: open deals sorted by how likely they are won in the period.

The names are those sales teams use, the sorting is by probability and not by hope, so the same
deal is in the same category whoever owns it. Categories are cumulative for readers who expect that:
best case includes commit.
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from core.errors import InvalidParameterError


class Category(StrEnum):
    """How sure a deal is to be won in the period, surest first."""

    COMMIT = "commit"
    BEST_CASE = "best case"
    PIPELINE = "pipeline"
    OMITTED = "omitted"


@dataclass(frozen=True)
class Thresholds:
    """Least probability of a win in the period for each category; below the last is omitted."""

    commit: float = 0.6
    best_case: float = 0.3
    pipeline: float = 0.02

    def __post_init__(self) -> None:
        if not 0 <= self.pipeline < self.best_case < self.commit <= 1:
            raise InvalidParameterError(
                "Thresholds must fall from commit over best case to pipeline, within 0 and 1.",
                "Try 0.6, 0.3 and 0.02.",
            )


def categorise(deals: pl.DataFrame, thresholds: Thresholds | None = None) -> pl.DataFrame:
    """Add the category of each deal of a pipeline forecast, as column ``category``."""
    limits = thresholds or Thresholds()
    chance = pl.col("p_win")
    return deals.with_columns(
        category=pl.when(chance >= limits.commit)
        .then(pl.lit(str(Category.COMMIT)))
        .when(chance >= limits.best_case)
        .then(pl.lit(str(Category.BEST_CASE)))
        .when(chance >= limits.pipeline)
        .then(pl.lit(str(Category.PIPELINE)))
        .otherwise(pl.lit(str(Category.OMITTED)))
    )


def category_totals(deals: pl.DataFrame, thresholds: Thresholds | None = None) -> pl.DataFrame:
    """Sum the open deals by category, surest first.

    Returns
    -------
    polars.DataFrame
        ``category, deals, amount_minor, expected_minor, cumulative_minor``: the whole amounts,
        what is expected of them, and the whole amounts of this category and the surer ones.
        All four categories are there; the expectations add up to the pipeline forecast.
    """
    order = pl.DataFrame({"category": [str(category) for category in Category]})
    sums = (
        categorise(deals, thresholds)
        .group_by("category")
        .agg(
            deals=pl.len().cast(pl.Int64),
            amount_minor=pl.col("amount_minor").sum(),
            expected_minor=pl.col("expected_minor").sum(),
        )
    )
    return (
        order.join(sums, on="category", how="left", maintain_order="left")
        .with_columns(pl.col("deals", "amount_minor", "expected_minor").fill_null(0))
        .with_columns(cumulative_minor=pl.col("amount_minor").cum_sum())
    )
