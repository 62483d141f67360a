"""Influenced revenue: every deal a name touched, counted in full. It does not sum to revenue."""

import narwhals as nw
import polars as pl

from core.attribution.closed_won import won_deals
from core.attribution.journeys import DEAL, eligible_touches
from core.attribution.results import Question
from core.conversion import REVENUE
from core.engine import Engine, collect


def influenced(engine: Engine, question: Question) -> pl.DataFrame:
    """Return, by channel or campaign, the won deals it touched and their whole revenue.

    A deal touched by three channels counts three times, so the column must never be summed, and a
    name never gets less than under any model. ``question.models`` is not read.

    Returns
    -------
    polars.DataFrame
        ``channel`` or ``campaign``, ``influenced_deals``, ``influenced_minor``; most revenue
        first.
    """
    level = question.level.value
    deals = won_deals(engine, question.scope, question.journeys.anchor, names=False)
    once = eligible_touches(engine, deals, question.journeys).select(level, DEAL, REVENUE).unique()
    rows = collect(
        once.group_by(level).agg(
            nw.len().cast(nw.Int64).alias("influenced_deals"),
            nw.col(REVENUE).sum().cast(nw.Int64).alias("influenced_minor"),
        )
    )
    # The revenue of deals whose amounts are all unknown is the sum of nothing.
    return rows.with_columns(pl.col("influenced_minor").fill_null(0)).sort(
        "influenced_minor", level, descending=[True, False]
    )
