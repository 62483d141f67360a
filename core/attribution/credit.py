"""Credit of rule models: each deal's revenue split over its touches, in whole cents.

One pipeline serves the totals and the drill-downs, so that the deals behind a bar sum to the bar
and the touches of a deal sum to the deal, to the cent.

Rounding: with C_i the running share through touch i and R the deal's revenue, the running total
due through touch i is D_i = floor(R x C_i + 0.5), and a touch gets D_i - D_(i-1). The running
totals are rounded, not the parts, so the parts sum to R, none has the other sign, and each is
within one cent of its exact share. A credit note (R below 0) is split by the same formula into
parts that are not positive.

Summing: a name gets the D_i of its own touches less the D_i of the touches that come just before
one of its own. So the engine adds up one number a touch and a model, by the touch's name and the
next one's, and never looks back.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.closed_won import ClosedWon, closed_won, won_deals
from core.attribution.journeys import (
    DEAL,
    POSITION,
    eligible_touches,
    next_in_journey,
    numbered,
    untouched,
)
from core.attribution.results import AttributionResult, Question, Reconciliation
from core.attribution.rules.base import Rule
from core.attribution.rules.registry import rule
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect, sql
from core.errors import InvalidParameterError
from core.schema import UNATTRIBUTED

SHARE: Final = "share_"
"""Prefix of the column with a model's share of the deal."""

CREDIT: Final = "credit_"
"""Prefix of the column with a model's credit in minor units."""

NEXT: Final = "next_name"
"""The name of the deal's next touch; null for the last."""


def attribute(engine: Engine, question: Question, fingerprint: str) -> AttributionResult:
    """Return the credit of each model by channel or campaign, reconciled with closed-won revenue.

    Raises
    ------
    InvalidParameterError
        If no model is asked for.
    UnknownNameError
        If a model does not exist.
    """
    rules = rules_of(question)
    level = question.level.value
    deals = won_deals(engine, question.scope, question.journeys.anchor)
    reduction = _summed(touches_due(engine, question, deals, rules), level, rules)
    total = closed_won(engine, question.scope)
    nobody = _unattributed(engine, question)
    named = _by_model(_netted(collect(reduction), level), level, rules)
    return AttributionResult(
        frame=_finished(named, nobody, question, total),
        question=question,
        fingerprint=fingerprint,
        won_deals=total.deals,
        reconciliation={
            model.name: Reconciliation(
                total.minor,
                int(named.filter(pl.col("model") == model.name)["revenue_minor"].sum()),
                nobody.minor,
            )
            for model in rules
        },
        query=sql(reduction),
        warnings=total.warnings,
    )


def rules_of(question: Question) -> list[Rule]:
    """Return the models a question names, each once.

    Raises
    ------
    InvalidParameterError
        If it names none.
    UnknownNameError
        If one does not exist.
    """
    if not question.models:
        raise InvalidParameterError("No attribution model was chosen.", "Choose at least one.")
    return [rule(name, question.rules) for name in dict.fromkeys(question.models)]


def touches_due(engine: Engine, question: Question, deals: Frame, rules: Sequence[Rule]) -> Frame:
    """Return each eligible touch of deals with what each model deems due through it.

    ``share_<model>`` is the running share, ``credit_<model>`` the running total in minor units;
    `steps` turns them into the touch's own. ``next_name`` is the next touch's channel or campaign.

    Two passes along the journeys at most serve all models: one for what weights depend on, one
    for positions and running sums.
    """
    touches = eligible_touches(engine, deals, question.journeys)
    marks = {name: mark for model in rules for name, mark in model.marks().items()}
    weights = {name: weight for model in rules for name, weight in model.weights().items()}
    facts = {name: fact for model in rules for name, fact in model.facts().items()}
    for columns in (marks, weights):
        touches = touches.with_columns(**columns) if columns else touches
    touches = numbered(touches, weights, **{NEXT: next_in_journey(question.level.value)})
    touches = touches.with_columns(**facts) if facts else touches
    return touches.with_columns(
        **{SHARE + model.name: model.due() for model in rules}
    ).with_columns(
        **{CREDIT + model.name: model.cents(nw.col(SHARE + model.name)) for model in rules}
    )


def steps(touches: pl.DataFrame, rules: Iterable[Rule]) -> pl.DataFrame:
    """Turn what is due through each touch into the touch's own share and credit.

    ``touches`` holds whole journeys; they come back in order.
    """
    ordered = touches.sort(DEAL, POSITION)
    columns = [prefix + model.name for model in rules for prefix in (SHARE, CREDIT)]
    return ordered.with_columns(
        pl.col(column) - pl.col(column).shift(1, fill_value=0).over(DEAL) for column in columns
    )


def _summed(touches: Frame, level: str, rules: Sequence[Rule]) -> Frame:
    shares = [nw.col(SHARE + model.name).sum() for model in rules]
    credits_minor = [nw.col(CREDIT + model.name).sum().cast(nw.Int64) for model in rules]
    return touches.group_by(level, NEXT).agg(*shares, *credits_minor)


def _netted(pairs: pl.DataFrame, level: str) -> pl.DataFrame:
    """Return what each name got: due through its touches, less due before them."""
    amounts = [column for column in pairs.columns if column not in {level, NEXT}]
    before = pairs.filter(pl.col(NEXT).is_not_null()).select(
        pl.col(NEXT).alias(level), *(-pl.col(column) for column in amounts)
    )
    both = pl.concat([pairs.select(level, *amounts), before])
    return both.group_by(level).agg(pl.col(amounts).sum())


def _by_model(netted: pl.DataFrame, level: str, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return one row a model and a name that has touches."""
    parts = [
        netted.select(
            pl.lit(model.name).alias("model"),
            pl.col(level),
            # Sums of shares carry errors in the last bits; a deal is not told to 1e-10.
            (pl.col(SHARE + model.name).round(10) + 0.0).alias("deals"),
            pl.col(CREDIT + model.name).alias("revenue_minor"),
        )
        for model in rules
    ]
    return pl.concat(parts)


def _unattributed(engine: Engine, question: Question) -> ClosedWon:
    deals = won_deals(engine, question.scope, question.journeys.anchor)
    rows = collect(
        untouched(engine, deals, question.journeys).select(
            nw.len().cast(nw.Int64).alias("deals"),
            nw.col(REVENUE).sum().cast(nw.Int64).alias("revenue"),
        )
    )
    return ClosedWon(rows["deals"].item(), int(rows["revenue"].sum()), ())


def _finished(
    named: pl.DataFrame, nobody: ClosedWon, question: Question, total: ClosedWon
) -> pl.DataFrame:
    """Add the row of revenue no touch explains, shares, and a stable order."""
    level = question.level.value
    models = list(dict.fromkeys(question.models))
    left = pl.DataFrame(
        {
            "model": models,
            level: UNATTRIBUTED,
            "deals": float(nobody.deals),
            "revenue_minor": nobody.minor,
        },
        schema=named.schema,
    )
    rows = pl.concat([named, left.head(len(models) if nobody.deals else 0)])
    share = pl.col("revenue_minor") / total.minor if total.minor else pl.lit(None, pl.Float64)
    order = pl.col("model").replace_strict(models, range(len(models)), return_dtype=pl.Int64)
    return rows.with_columns(share.alias("share")).sort(
        order,
        pl.col(level) == UNATTRIBUTED,
        pl.col("revenue_minor"),
        level,
        descending=[False, False, True, False],
    )
