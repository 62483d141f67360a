"""Stage changes turned into states: what each open deal was from when until when."""

from typing import Final

import polars as pl

from core.conversion import REVENUE

NO_HISTORY: Final = "(no stage history)"
"""Stage of a deal whose past stages nobody recorded; today's stage would be hindsight."""

FOREVER: Final = 2**60
"""Epoch second after every other: the end of a state that still lasts."""


def told_apart(
    stages: pl.DataFrame, changes: pl.DataFrame, facts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Name a stage with its pipeline where several pipelines have a stage of that name."""
    shared = stages.group_by("stage").len().filter(pl.col("len") > 1)["stage"]
    if shared.is_empty():
        return stages, changes
    full = pl.format("{}: {}", "pipeline", "stage")
    label = pl.when(pl.col("stage").is_in(shared.implode())).then(full).otherwise("stage")
    named = changes.join(facts.select("deal_id", "pipeline"), on="deal_id").with_columns(
        stage=label.fill_null(pl.col("stage"))
    )
    return stages.with_columns(stage=label), named.drop("pipeline")


def stage_order(stages: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return one row a stage name: position, and whether a deal in it is open."""
    known = stages.group_by("stage").agg(
        pl.col("position").min(), (~pl.col("outcome").is_in(["won", "lost"])).all().alias("is_open")
    )
    seen = changes.select("stage").unique().join(known, on="stage", how="anti")
    unlisted = seen.with_columns(
        position=pl.lit(None, dtype=known.schema["position"]), is_open=pl.lit(value=True)
    )
    return pl.concat([known, unlisted]).sort("position", "stage", nulls_last=True)


def complete(deals: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return every deal's changes, one at its creation first."""
    rows = deals.select("deal", "deal_id", "created_epoch").join(changes, on="deal_id")
    renamed = rows.select(
        "deal", "created_epoch", "stage",
        from_epoch="changed_at_epoch", amount_minor=REVENUE, due_on="expected_close_at",
    )  # fmt: skip
    first = renamed.sort("deal", "from_epoch").unique("deal", keep="first", maintain_order=True)
    opening = first.filter(pl.col("created_epoch") < pl.col("from_epoch")).with_columns(
        from_epoch="created_epoch"
    )
    silent = deals.join(first.select("deal"), on="deal", how="anti").select(
        "deal", "created_epoch", stage=pl.lit(NO_HISTORY), from_epoch="created_epoch",
        amount_minor="amount_minor",
        # Only deals that are still open keep the expected close of then: to know it is hindsight.
        due_on=pl.lit(None, dtype=pl.Date),
    )  # fmt: skip
    return pl.concat([opening, renamed, silent], how="diagonal")


def states_of(deals: pl.DataFrame, changes: pl.DataFrame, order: pl.DataFrame) -> pl.DataFrame:
    """Return one row a deal and a time in which nothing about it changed while it was open."""
    moved = (pl.col("stage") != pl.col("stage").shift(1).over("deal")).fill_null(value=True)
    following = pl.col("from_epoch").shift(-1).over("deal")
    closes = pl.col("closed_epoch").fill_null(FOREVER)
    return (
        _filled(deals, changes, order)
        .with_columns(
            since_epoch=pl.when(moved).then("from_epoch").forward_fill().over("deal"),
            until_epoch=pl.min_horizontal(following.fill_null(FOREVER), closes),
        )
        .filter(pl.col("is_open"), pl.col("from_epoch") < pl.col("until_epoch"))
        .select(
            "deal", "from_epoch", "until_epoch", "stage", "since_epoch", "amount_minor", "due_on"
        )
    )


def _filled(deals: pl.DataFrame, changes: pl.DataFrame, order: pl.DataFrame) -> pl.DataFrame:
    """Return the changes in order, with blanks repeated from before and no closed stage at the end.

    The outcome and its date are the deal's own: a closed stage that was entered a little before
    ``closed_at`` must not leave the deal neither open nor closed in between.
    """
    ranked = order.with_row_index("rank")
    opens_later = pl.col("is_open").cast(pl.Int8).reverse().cum_sum().reverse().over("deal") > 0
    filled = (
        changes.join(ranked, on="stage", how="left")
        .join(deals.select("deal", "closed_epoch", today="amount_minor"), on="deal")
        .sort("deal", "from_epoch", "rank", nulls_last=True)
        .with_columns(
            pl.col("amount_minor", "due_on").forward_fill().over("deal"),
            is_open=pl.col("is_open").fill_null(value=True),
        )
        .filter(opens_later | pl.col("closed_epoch").is_null())
    )
    if changes["amount_minor"].is_null().all():
        return filled.with_columns(amount_minor="today")
    return filled
