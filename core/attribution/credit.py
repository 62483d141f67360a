"""Credit of rule models: each deal's revenue split over its touches, in whole cents.

One pipeline serves the totals and the drill-downs, so that the deals behind a bar sum to the bar
and the touches of a deal sum to the deal, to the cent.

Rounding: with C_i the running share through touch i, a touch gets
``floor(R x C_i + 0.5) - floor(R x C_(i-1) + 0.5)``. The running totals are rounded, not the parts,
so the parts sum to R, none has the other sign, and each is within one cent of its exact share.
A credit note (R below 0) is split by the same formula into parts that are not positive.
"""

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.closed_won import ClosedWon, closed_won, won_deals
from core.attribution.journeys import eligible_touches, numbered, untouched
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
    reduction = _summed(credited_touches(engine, question, rules), question.level.value, rules)
    total = closed_won(engine, question.scope)
    nobody = _unattributed(engine, question)
    named = _by_model(collect(reduction), question.level.value, rules)
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


def credited_touches(engine: Engine, question: Question, rules: Sequence[Rule]) -> Frame:
    """Return every eligible touch with each model's ``share_<model>`` and ``credit_<model>``."""
    deals = won_deals(engine, question.scope, question.journeys.anchor)
    return with_credits(eligible_touches(engine, deals, question.journeys), rules)


def with_credits(touches: Frame, rules: Sequence[Rule]) -> Frame:
    """Put eligible touches in order and add each model's share and credit.

    Two passes along the journeys at most serve all models: one for what weights depend on, one
    for positions and running sums.
    """
    marks = {name: mark for model in rules for name, mark in model.marks().items()}
    weights = {name: weight for model in rules for name, weight in model.weights().items()}
    if marks:
        touches = touches.with_columns(**marks)
    if weights:
        touches = touches.with_columns(**weights)
    columns = [column for model in rules for column in _credit(model)]
    return numbered(touches, weights).with_columns(*columns)


def _credit(model: Rule) -> tuple[nw.Expr, nw.Expr]:
    due, revenue = model.cumulative(), nw.col(REVENUE).cast(nw.Float64)
    credit = (revenue * due.through + 0.5).floor() - (revenue * due.before + 0.5).floor()
    return due.share.alias(SHARE + model.name), credit.cast(nw.Int64).alias(CREDIT + model.name)


def _summed(touches: Frame, level: str, rules: Sequence[Rule]) -> Frame:
    shares = [nw.col(SHARE + model.name).sum() for model in rules]
    credits_minor = [nw.col(CREDIT + model.name).sum().cast(nw.Int64) for model in rules]
    return touches.group_by(level).agg(*shares, *credits_minor)


def _by_model(wide: pl.DataFrame, level: str, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return one row a model and a name that got credit."""
    parts = [
        wide.select(
            pl.lit(model.name).alias("model"),
            pl.col(level),
            pl.col(SHARE + model.name).alias("deals"),
            # The sum over deals whose amounts are all unknown is the sum of nothing.
            pl.col(CREDIT + model.name).fill_null(0).alias("revenue_minor"),
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
