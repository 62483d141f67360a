"""Credit of models: each deal's revenue split over its touches, in whole cents.

What each touch gets, which drill-downs show, is `core.attribution.splitting`; both round alike, so
that the deals behind a bar sum to the bar and the touches of a deal sum to the deal, to the cent.

Rounding: with C_i the running share through touch i and R the deal's revenue, the running total
due through touch i is D_i = floor(R x C_i + 0.5), and a touch gets D_i - D_(i-1). The running
totals are rounded, not the parts, so the parts sum to R, none has the other sign, and each is
within one cent of its exact share. A credit note (R below 0) is split by the same formula into
parts that are not positive.

Summing: a name gets the D_i of its own touches less the D_i of the touches that come just before
one of its own. So the engine adds up one number a touch and a model, by the touch's name and the
next one's, and never looks back. Models that split a deal over its channels are added up a set of
channels (`core.attribution.channel_totals`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.channel_split import ChannelSplit, with_channel_parts
from core.attribution.channel_totals import ChannelTotals
from core.attribution.closed_won import ANCHOR_FROM, ClosedWon, closed_won, won_deals
from core.attribution.fitted import Fitted, TouchSplit, fitted_splits
from core.attribution.journeys import (
    is_all_known,
    next_in_journey,
    untouched,
)
from core.attribution.kept import Touches, won_touches
from core.attribution.results import AttributionResult, Level, Question, Reconciliation
from core.attribution.rules.base import Split
from core.attribution.rules.running import CREDIT, SHARE
from core.attribution.splitting import NEXT, due_of
from core.attribution.whole import WholeJourneys, are_whole
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect, sql
from core.schema import UNATTRIBUTED


@dataclass(frozen=True)
class Nobodys:
    """Deals, in fractions, and revenue that no touch gets."""

    deals: float
    minor: int

    def and_also(self, other: "Nobodys") -> "Nobodys":
        """Return both together."""
        return Nobodys(self.deals + other.deals, self.minor + other.minor)


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
    pairs = _pairs(touches, level, fitted.along)
    nobody = {
        model.name: explained.untouched.and_also(_rest(pairs, model)) for model in fitted.splits
    }
    named = pl.concat(
        [
            *_by_model(_netted(pairs, level, fitted.along), level, fitted.along),
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
    asked = _reductions(touches, question.level.value, fitted.along)
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
    return own.group_by(level.value).agg(*_sums(fitted.by_channel))


def _totals(level: Level, fitted: Fitted) -> ChannelTotals | None:
    """Return what channels get a set of channels, where that is asked and there are few sets."""
    if level is not Level.CHANNEL or fitted.sets is None:
        return None
    totals = ChannelTotals(fitted.sets, fitted.by_channel)
    return totals if totals.are_few else None


def _pairs(touches: Touches, level: str, models: Sequence[Split]) -> pl.DataFrame:
    """Return what is due through touches by name and the next one's, maybe in several rows."""
    parts = [_ended(collect(frame), own) for frame, own in _reductions(touches, level, models)]
    return pl.concat(parts, how="diagonal") if parts else pl.DataFrame()


def _ended(pairs: pl.DataFrame, models: Sequence[Split]) -> pl.DataFrame:
    """Write in that through its last touch a deal is due as a whole, whatever the rule."""
    rules = [model.name for model in models if not isinstance(model, TouchSplit)]
    wholes = {SHARE: pl.col(_DEALS).cast(pl.Float64), CREDIT: pl.col(REVENUE)}
    before = {name: pl.col(name) for name in pairs.columns}
    return pairs.with_columns(
        pl.when(pl.col(NEXT).is_null())
        .then(whole)
        .otherwise(before.get(prefix + name, pl.lit(None)))
        .alias(prefix + name)
        for name in rules
        for prefix, whole in wholes.items()
    )


_Reduction = tuple[Frame, Sequence[Split]]
"""What to ask the engine, and the models it is about."""


def _reductions(touches: Touches, level: str, models: Sequence[Split]) -> list[_Reduction]:
    """Return the reductions of a question: one where journeys have to be numbered first."""
    if not models:
        return []
    if isinstance(touches, WholeJourneys):
        return _of_whole_journeys(touches, level, models)
    due = due_of(touches([]), models, ends=False, **{NEXT: next_in_journey(level)})
    return [(_summed(due, level, models), models)]


def _of_whole_journeys(
    touches: WholeJourneys, level: str, models: Sequence[Split]
) -> list[_Reduction]:
    """Return the reductions where journeys come numbered.

    Models that run along the journeys have one of their own: a pass along them costs more the more
    columns it carries. Last touches, through which rules deem deals due as a whole, are counted
    by deals.
    """
    learnt = [model for model in models if isinstance(model, TouchSplit)]
    rules = [model for model in models if model not in learnt]
    running = [model for model in rules if not is_all_known(touches([]), model.weights())]
    others = [model for model in rules if model not in running]
    next_name = nw.col(f"next_{level}").alias(NEXT)
    found = [
        (touches.inner(others), others),
        (touches.inner(running), running),
        (touches(learnt), learnt),
    ]
    reductions: list[_Reduction] = [
        (_summed(due_of(rows.with_columns(next_name), own, ends=False), level, own), own)
        for rows, own in found
        if own
    ]
    if rules:
        ends = touches.ends(level).with_columns(nw.lit(None, nw.String).alias(NEXT))
        reductions.append((_summed(ends, level, []), rules))
    return reductions


def _summed(touches: Frame, level: str, rules: Sequence[Split]) -> Frame:
    whole = [nw.len().cast(nw.Int64).alias(_DEALS), nw.col(REVENUE).sum().cast(nw.Int64)]
    return touches.group_by(level, NEXT).agg(*_sums(rules), *whole)


def _sums(models: Sequence[Split | ChannelSplit]) -> list[nw.Expr]:
    shares = [nw.col(SHARE + model.name).sum() for model in models]
    return shares + [nw.col(CREDIT + model.name).sum().cast(nw.Int64) for model in models]


def _rest(pairs: pl.DataFrame, model: Split | ChannelSplit) -> Nobodys:
    """Return what a model leaves of the deals it splits: their revenue less due at their end."""
    if not isinstance(model, TouchSplit):
        return Nobodys(0.0, 0)
    ends = pairs.filter(pl.col(NEXT).is_null() & pl.col(SHARE + model.name).is_not_null())
    deals = pl.col(_DEALS).sum() - pl.col(SHARE + model.name).sum()
    minor = pl.col(REVENUE).sum() - pl.col(CREDIT + model.name).sum()
    left = ends.select(deals=deals, minor=minor)
    return Nobodys(float(left["deals"].item()), int(left["minor"].item()))


_DEALS: Final = "deals_ending"


def _netted(pairs: pl.DataFrame, level: str, rules: Sequence[Split]) -> pl.DataFrame:
    """Return what each name got: due through its touches, less due before them."""
    amounts = [prefix + model.name for model in rules for prefix in (SHARE, CREDIT)]
    if not amounts:
        return pairs
    before = pairs.filter(pl.col(NEXT).is_not_null()).select(
        pl.col(NEXT).alias(level), *(-pl.col(column) for column in amounts)
    )
    both = pl.concat([pairs.select(level, *amounts), before])
    return both.group_by(level).agg(pl.col(amounts).sum())


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
