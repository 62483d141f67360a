"""Credit of models: each deal's revenue split over its touches, in whole cents.

What each touch gets, which drill-downs show, is `core.attribution.splitting`; both round alike, so
that the deals behind a bar sum to the bar and the touches of a deal sum to the deal, to the cent.

Rounding: with C_i the running share through touch i and R the deal's revenue, the running total
due through touch i is D_i = floor(R x C_i + 0.5), and a touch gets D_i - D_(i-1). The running
totals are rounded, not the parts, so the parts sum to R, none has the other sign, and each is
within one cent of its exact share. A credit note (R below 0) is split by the same formula into
parts that are not positive.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from core.attribution.channel_split import ChannelSplit, with_channel_parts
from core.attribution.channel_totals import ChannelTotals
from core.attribution.closed_won import ANCHOR_FROM, ClosedWon, closed_won, won_deals
from core.attribution.fitted import Fitted, fitted_splits
from core.attribution.journeys import untouched
from core.attribution.kept import Touches, won_touches
from core.attribution.results import AttributionResult, Level, Question, Reconciliation
from core.attribution.rules.base import Split
from core.attribution.rules.running import CREDIT, SHARE
from core.attribution.summing import (
    Nobodys,
    due_pairs,
    netted,
    reductions_along,
    rest_of,
    sums_of,
)
from core.attribution.whole import are_whole
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect, sql
from core.schema import UNATTRIBUTED


@dataclass(frozen=True)
class ToExplain:
    """What every model of a question has to explain, whichever it is.

    Parameters
    ----------
    total
        Closed-won revenue, summed from the deals.
    untouched
        The part of it that has no eligible touch.
    """

    total: ClosedWon
    untouched: Nobodys


def to_explain(engine: Engine, question: Question) -> ToExplain:
    """Return what the models of a question have to explain; none of them changes it."""
    return ToExplain(closed_won(engine, question.scope), _untouched(engine, question))


def attribute(
    engine: Engine, question: Question, fingerprint: str, explained: ToExplain | None = None
) -> AttributionResult:
    """Return the credit of each model by channel or campaign, reconciled with closed-won revenue.

    ``explained`` is what `to_explain` returns for the same question, where it is known already.

    Raises
    ------
    InvalidParameterError
        If no model is asked for.
    UnknownNameError
        If a model does not exist.
    """
    fitted = fitted_splits(engine, question)
    level = question.level.value
    explained = explained or to_explain(engine, question)
    total = explained.total
    touches = won_touches(engine, question)
    pairs = due_pairs(touches, level, fitted.along)
    nobody = {
        model.name: explained.untouched.and_also(rest_of(pairs, model)) for model in fitted.splits
    }
    named = pl.concat(
        [
            *_by_model(netted(pairs, level, fitted.along), level, fitted.along),
            *_by_channel(engine, touches, question.level, fitted),
        ]
    )
    return AttributionResult(
        frame=_finished(named, nobody, question, total),
        question=question,
        fingerprint=fingerprint,
        won_deals=total.deals,
        reconciliation={
            model.name: Reconciliation(
                total.minor,
                int(named.filter(pl.col("model") == model.name)["revenue_minor"].sum()),
                nobody[model.name].minor,
            )
            for model in fitted.splits
        },
        warnings=(*total.warnings, *fitted.warnings),
    )


def query_behind(engine: Engine, question: Question) -> str:
    """Return the query behind the credits of a question, as the engine runs it."""
    fitted = fitted_splits(engine, question)
    touches = won_touches(engine, question, in_memory=False)
    asked = reductions_along(touches, question.level.value, fitted.along)
    reductions = [reduction for reduction, _ in asked]
    if fitted.by_channel:
        reductions.append(_of_channels(engine, touches, question.level, fitted))
    return ";\n\n".join(sql(reduction) for reduction in reductions)


def _by_channel(
    engine: Engine, touches: Touches, level: Level, fitted: Fitted
) -> list[pl.DataFrame]:
    """Return what names get by models that split deals over their channels."""
    if not fitted.by_channel:
        return []
    rows = collect(_of_channels(engine, touches, level, fitted))
    totals = _totals(level, fitted)
    if totals is not None:
        return [totals.credit(rows)]
    return _by_model(rows, level.value, fitted.by_channel)


def _of_channels(engine: Engine, touches: Touches, level: Level, fitted: Fitted) -> Frame:
    """Return the reduction of models by channel: of sets of channels, or else of touches."""
    totals = _totals(level, fitted)
    if totals is not None:
        return totals.reduction(engine, touches([]))
    own = with_channel_parts(touches([]), fitted.by_channel)
    return own.group_by(level.value).agg(*sums_of(fitted.by_channel))


def _totals(level: Level, fitted: Fitted) -> ChannelTotals | None:
    """Return what channels get a set of channels, where that is asked and there are few sets."""
    if level is not Level.CHANNEL or fitted.sets is None:
        return None
    totals = ChannelTotals(fitted.sets, fitted.by_channel)
    return totals if totals.are_few else None


def _by_model(
    named: pl.DataFrame, level: str, models: Sequence[Split | ChannelSplit]
) -> list[pl.DataFrame]:
    """Return one row a name that has touches, for each model."""
    return [
        named.select(
            pl.lit(model.name).alias("model"),
            pl.col(level),
            # Sums of shares carry errors in the last bits; a deal is not told to 1e-10.
            (pl.col(SHARE + model.name).round(10) + 0.0).alias("deals"),
            pl.col(CREDIT + model.name).alias("revenue_minor"),
        )
        for model in models
    ]


def _untouched(engine: Engine, question: Question) -> Nobodys:
    deals = won_deals(engine, question.scope, question.journeys.anchor, names=False)
    rows = collect(
        _without_touches(engine, question, deals).select(
            nw.len().cast(nw.Int64).alias("deals"),
            nw.col(REVENUE).sum().cast(nw.Int64).alias("revenue"),
        )
    )
    return Nobodys(float(rows["deals"].item()), int(rows["revenue"].sum()))


def _without_touches(engine: Engine, question: Question, deals: Frame) -> Frame:
    """Return the deals no eligible touch explains; where all touches count, those without any."""
    if are_whole(deals, question.journeys):
        return deals.filter(nw.col("journey_touches").is_null() | nw.col(ANCHOR_FROM).is_null())
    return untouched(engine, deals, question.journeys)


def _finished(
    named: pl.DataFrame, nobody: Mapping[str, Nobodys], question: Question, total: ClosedWon
) -> pl.DataFrame:
    """Add the row of revenue no touch explains, shares, and a stable order."""
    level = question.level.value
    models = list(dict.fromkeys(question.models))
    left = pl.DataFrame(
        {
            "model": models,
            level: [UNATTRIBUTED] * len(models),
            "deals": [round(nobody[model].deals, 10) for model in models],
            "revenue_minor": [nobody[model].minor for model in models],
        },
        schema=named.schema,
    )
    rows = pl.concat([named, left.filter(pl.col("deals") > 0)])
    share = pl.col("revenue_minor") / total.minor if total.minor else pl.lit(None, pl.Float64)
    order = pl.col("model").replace_strict(models, range(len(models)), return_dtype=pl.Int64)
    return rows.with_columns(share.alias("share")).sort(
        order,
        pl.col(level) == UNATTRIBUTED,
        pl.col("revenue_minor"),
        level,
        descending=[False, False, True, False],
    )
