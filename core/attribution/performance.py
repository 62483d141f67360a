"""Channel performance: what each channel cost and earned, and what can be said of it."""

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.closed_won import closed_deals
from core.attribution.comparison import compare, credit_of
from core.attribution.journeys import DEAL, eligible_touches
from core.attribution.recommendation import (
    Evidence,
    PerformanceSettings,
    recommend,
    wilson,
)
from core.attribution.results import AttributionResult, Level, Question
from core.attribution.spend import ChannelSpend, channel_spend
from core.engine import Engine, collect
from core.errors import InvalidParameterError, UnknownNameError
from core.schema import UNATTRIBUTED

OWNERS_WARNING: Final = (
    "Spend is not told apart by owner: ROI and CAC are not defined for some owners' deals."
)


@dataclass(frozen=True)
class ChannelFacts:
    """What of a channel's performance is the same under every model.

    Parameters
    ----------
    spend
        What the channels cost.
    touched
        One row a channel that touched a closed deal: ``channel, influenced_deals, closed_deals``.
    """

    spend: ChannelSpend
    touched: pl.DataFrame


@dataclass(frozen=True)
class ChannelPerformance:
    """What each channel cost and earned under one model.

    Parameters
    ----------
    frame
        One row a channel, the most revenue first: ``channel, revenue_minor, deals, share`` by the
        model; ``spend_minor, spend_source``; ``roi, roi_low, roi_high`` by the model and over the
        models compared; ``cac_minor``; ``influenced_deals`` (won deals it touched, which do not
        sum), ``closed_deals``, ``win_rate, win_low, win_high``; ``verdict, reason``. Null is not
        defined or not known.
    question
        What was asked.
    model
        The model whose revenue, deals and share stand in the frame.
    settings
        The thresholds behind the verdicts.
    fingerprint
        The data it was asked of.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    frame: pl.DataFrame
    question: Question
    model: str
    settings: PerformanceSettings
    fingerprint: str
    warnings: tuple[str, ...]


def channel_facts(engine: Engine, question: Question) -> ChannelFacts:
    """Return spend and touched deals by channel: read once, then every model is a quick look."""
    return ChannelFacts(channel_spend(engine, question.scope), _touched(engine, question))


def channel_performance(
    facts: ChannelFacts,
    credit: AttributionResult,
    model: str,
    settings: PerformanceSettings = PerformanceSettings(),  # noqa: B008 - frozen
) -> ChannelPerformance:
    """Return cost, return, win rate and a recommendation for each channel.

    The facts and the credit have to answer the same question.

    Formulas: ROI = (revenue - spend) / spend; CAC = spend / deals, half up to the minor unit;
    win rate = won / (won + lost) of the closed deals the channel touched.

    Do not use it as proof that a channel causes what it returns: attribution divides revenue, and
    revenue of a period answers spend of earlier ones as well.

    Raises
    ------
    InvalidParameterError
        If the credit is not by channel.
    UnknownNameError
        If the credit holds no such model.
    """
    question = credit.question
    if question.level is not Level.CHANNEL:
        raise InvalidParameterError(
            "Performance is told by channel, not by campaign.", "Ask for credit by channel."
        )
    if model not in question.models:
        raise UnknownNameError.among("model", model, question.models)
    spend = facts.spend
    rows = _credited(credit, model).join(spend.frame, on="channel", how="full", coalesce=True)
    rows = rows.join(facts.touched, on="channel", how="left")
    rows = rows.filter(~pl.col("channel").is_in(question.journeys.excluded_channels))
    returns = _returns(_asked(rows, question), question, model)
    closed_won_minor = credit.reconciliation[model].closed_won_minor
    share = pl.col("revenue_minor") / closed_won_minor if closed_won_minor else pl.lit(None)
    judged = _judged(returns.with_columns(share=share), question, settings)
    partial = (OWNERS_WARNING,) if question.scope.owner_ids else ()
    return ChannelPerformance(
        frame=judged.sort("revenue_minor", "channel", descending=[True, False]),
        question=question,
        model=model,
        settings=settings,
        fingerprint=credit.fingerprint,
        warnings=(*partial, *spend.warnings, *credit.warnings),
    )


def _credited(credit: AttributionResult, model: str) -> pl.DataFrame:
    """Return the model's credit by channel beside the revenue under every model."""
    models = list(dict.fromkeys(credit.question.models))
    every = compare(credit).frame.select(
        pl.col("name").alias("channel"), *(pl.col(name).alias(_by(name)) for name in models)
    )
    one = credit_of(credit, model).select("deals", channel="name")
    return every.join(one, on="channel", how="left").filter(pl.col("channel") != UNATTRIBUTED)


def _by(model: str) -> str:
    return f"revenue_{model}"


def _touched(engine: Engine, question: Question) -> pl.DataFrame:
    """Return how many closed deals each channel touched, and how many of them were won."""
    deals = closed_deals(engine, question.scope, question.journeys.anchor, names=False)
    touches = eligible_touches(engine, deals, question.journeys, also=["outcome"])
    once = touches.select("channel", DEAL, "outcome").unique()
    won = (nw.col("outcome") == "won").cast(nw.Int64)
    return collect(
        once.group_by("channel").agg(
            won.sum().cast(nw.Int64).alias("influenced_deals"),
            nw.len().cast(nw.Int64).alias("closed_deals"),
        )
    )


def _asked(rows: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Put noughts where a channel met no deal: the models were asked, and give it nothing."""
    revenues = [_by(model) for model in dict.fromkeys(question.models)]
    return rows.with_columns(
        pl.col(*revenues, "influenced_deals", "closed_deals").fill_null(0),
        pl.col("deals").fill_null(0.0),
    )


def _returns(rows: pl.DataFrame, question: Question, model: str) -> pl.DataFrame:
    """Add ROI under every model, and CAC; both null where spend is 0 or not known."""
    spend = pl.col("spend_minor")
    usable = (spend > 0) & pl.lit(not question.scope.owner_ids)
    rois = {
        f"roi_{name}": pl.when(usable).then((pl.col(_by(name)) - spend) / spend)
        for name in question.models
    }
    per_deal = (spend / pl.col("deals") + 0.5).floor().cast(pl.Int64, strict=False)
    cac = pl.when(usable & (pl.col("deals") > 0)).then(per_deal)
    return rows.with_columns(**rois, cac_minor=cac).with_columns(
        roi=pl.col(f"roi_{model}"),
        roi_low=pl.min_horizontal(list(rois)),
        roi_high=pl.max_horizontal(list(rois)),
        revenue_minor=pl.col(_by(model)),
    )


def _judged(rows: pl.DataFrame, question: Question, settings: PerformanceSettings) -> pl.DataFrame:
    """Add win rates with their intervals, and what the rule says of each channel."""
    models = list(dict.fromkeys(question.models))
    verdicts, reasons = [], []
    for row in rows.iter_rows(named=True):
        rois = tuple(row[f"roi_{name}"] for name in models if row[f"roi_{name}"] is not None)
        found = recommend(Evidence(row["closed_deals"], rois), settings)
        verdicts.append(found.verdict.value)
        reasons.append(found.reason)
    closed = pl.col("closed_deals")
    low, high = wilson(pl.col("influenced_deals"), closed, settings.level)
    return rows.select(
        "channel", "revenue_minor", "deals", "share", "spend_minor", "spend_source",
        "roi", "roi_low", "roi_high", "cac_minor", "influenced_deals", "closed_deals",
        win_rate=pl.when(closed > 0).then(pl.col("influenced_deals") / closed),
        win_low=pl.when(closed > 0).then(low),
        win_high=pl.when(closed > 0).then(high),
        verdict=pl.Series(verdicts, dtype=pl.String),
        reason=pl.Series(reasons, dtype=pl.String),
    )  # fmt: skip
