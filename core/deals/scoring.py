"""Every open deal with its chance to be won, its chances in the period, and its risk signals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl

from core import formats
from core.deals.additive import probability
from core.deals.columns import TABLE_FACTORS, Features
from core.deals.features import build_features
from core.deals.learning import DealModel
from core.deals.model import Verdict, WinModel
from core.deals.moments import open_now
from core.deals.movement import Movement, NotCompared, moves, not_moved
from core.deals.period import Forecast, in_period
from core.deals.risk import Recorded, measure, signals_on
from core.deals.settings import ScoreSettings
from core.deals.source import DealData
from core.forecasting.expectation import Expectation
from core.forecasting.histories import end_of
from core.forecasting.landmarks import Floats, Landmarks


class Band(StrEnum):
    """How much a deal is at risk of not being won."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NONE = "none"


BANDS: Final = {
    Band.LOW: "Low risk",
    Band.MEDIUM: "Medium risk",
    Band.HIGH: "High risk",
    Band.NONE: "Not scored",
}


@dataclass(frozen=True)
class DealScores:
    """Every open deal, scored.

    Parameters
    ----------
    frame
        One row an open deal: ``deal_id, name, account, owner_id, owner, stage, stage_days,
        age_days, due_on, amount_minor, win_amount_minor, chance, before, change, p_win, p_lose,
        p_slip, expected_minor, band, signals`` and the figures of `core.deals.risk.Figures`.
        ``chance`` is to be won in the end; ``before`` the same model on what was known some days
        earlier, null for a deal that was not open then; the three ``p_`` are for the period and
        sum to 1; ``signals`` lists codes of `core.deals.risk.SIGNALS`. Since the import before:
        ``then, moved, mover`` of `core.deals.movement.moves`.
    contributions
        What each feature adds to the log-odds of ``chance``, deal x feature, in the order of
        ``features``; with ``win.score.start`` they are the log-odds.
    features
        What was known of each deal.
    model
        What was learned.
    currency
        Currency of every amount.
    fingerprint
        Name of the data.
    since
        The import before, or why there is none to compare with.
    warnings
        Doubts to show wherever the scores are shown.
    """

    frame: pl.DataFrame
    contributions: Floats
    features: Features
    model: DealModel
    currency: str
    fingerprint: str
    since: Movement | NotCompared
    warnings: tuple[str, ...] = ()

    @property
    def log_odds(self) -> Floats:
        """Log-odds of ``chance``: the start and all contributions."""
        total: Floats = self.model.win.score.start + self.contributions.sum(axis=1)
        return total

    @property
    def has_signal(self) -> bool:
        """Whether the scores know more than the base rate."""
        return self.model.win.verdict is Verdict.FOUND


NOT_ASKED: Final = NotCompared("The import before was not asked for.")


def score_deals(
    data: DealData,
    model: DealModel,
    settings: ScoreSettings | None = None,
    since: Movement | NotCompared = NOT_ASKED,
) -> DealScores:
    """Score every deal that was open at the end of the model's as-of day.

    Parameters
    ----------
    data
        The data the model was learned from.
    model
        What was learned.
    settings
        Thresholds of bands and signals.
    since
        The import before, to tell what moved each chance since.
    """
    settings = settings or ScoreSettings()
    now = open_now(data.histories, end_of(model.as_of))
    features = build_features(data, now, model.vocabulary)
    contributions = model.win.score.contributions(features)
    log_odds = model.win.score.start + contributions.sum(axis=1)
    known = model.win.known.log_odds(features.only(TABLE_FACTORS))
    expected = model.expectation
    named = _named(data, now)
    outcomes = in_period(log_odds, known, _forecast(model, named["deal_id"]))
    frame = named.with_columns(
        win_amount_minor=pl.Series(_worth(expected)),
        chance=pl.Series(probability(log_odds)),
        before=pl.Series(_before(data, model, now, settings.change_days)).fill_nan(None),
        p_win=pl.Series(outcomes.won),
        p_lose=pl.Series(outcomes.lost),
        p_slip=pl.Series(outcomes.slipped),
    )
    moved = (
        not_moved(frame.height)
        if isinstance(since, NotCompared)
        else moves(frame["deal_id"], contributions, features.factors, since)
    )
    return DealScores(
        frame=_with_risks(frame.hstack(moved), data, model, now, settings),
        contributions=contributions,
        features=features,
        model=model,
        currency=data.histories.currency,
        fingerprint=data.fingerprint,
        since=since,
        warnings=(*data.histories.warnings, *_warnings(model.win, data.left_out)),
    )


def _forecast(model: DealModel, deal_ids: pl.Series) -> Forecast:
    """Return what the forecast says of the deals, in their order."""
    expected = model.expectation
    if model.told is None:
        return Forecast(expected.won[:, -1], expected.lost[:, -1], expected.amounts)
    told = deal_ids.to_frame().join(model.told, on="deal_id", how="left", maintain_order="left")
    if told["p_win"].null_count():
        return Forecast(expected.won[:, -1], expected.lost[:, -1], expected.amounts)
    return Forecast(told["p_win"].to_numpy(), told["p_lose"].to_numpy(), expected.amounts)


def _worth(expected: Expectation) -> Floats:
    """Return what each deal would be won with; nan where nothing says so."""
    unknown = expected.assumed if not len(expected.new.amounts) else np.zeros(
        len(expected.assumed), dtype=np.bool_
    )  # fmt: skip
    return np.where(unknown, np.nan, expected.amounts)


def _named(data: DealData, now: Landmarks) -> pl.DataFrame:
    histories = data.histories
    created = histories.deals["created_epoch"].to_numpy()[now.deal]
    stages = np.array(now.stages, dtype=np.str_)
    rows = pl.DataFrame(
        {
            "deal": now.deal,
            "stage": stages[now.stage],
            "stage_days": now.age_days,
            "age_days": (now.at - created) / 86_400,
            "due_days": now.due_days,
            "at": now.at,
            "amount_minor": now.amount,
        }
    ).with_columns(pl.col("amount_minor", "due_days").fill_nan(None))
    due = pl.from_epoch(pl.col("at") + pl.col("due_days") * 86_400 - 1, "s").dt.date()
    named = histories.deals.select("deal", "deal_id", "name", "account", "owner_id", "owner")
    return (
        rows.with_columns(due_on=due, amount_minor=pl.col("amount_minor").cast(pl.Int64))
        .drop("at", "due_days")
        .join(named, on="deal", how="left", maintain_order="left")
    )


def _before(data: DealData, model: DealModel, now: Landmarks, days: int) -> Floats:
    """Return what the same model says of what was known some days earlier; nan if not open."""
    then = open_now(data.histories, end_of(model.as_of - timedelta(days=days)))
    said = probability(model.win.score.log_odds(build_features(data, then, model.vocabulary)))
    by_deal = np.full(data.histories.deals.height, np.nan)
    by_deal[then.deal] = said
    return by_deal[now.deal]


def _with_risks(
    frame: pl.DataFrame,
    data: DealData,
    model: DealModel,
    now: Landmarks,
    settings: ScoreSettings,
) -> pl.DataFrame:
    figures = measure(data, now, settings.signals)
    there = Recorded.by(data, is_now=model.as_of >= data.reaches)
    on = signals_on(figures, settings.signals, there)
    told = {name: column for name, column in figures.columns().items() if name not in frame.columns}
    return frame.with_columns(
        pl.col("win_amount_minor").fill_nan(None),
        change=pl.col("chance") - pl.col("before"),
        band=_band(model.win, settings),
        signals=pl.Series(on, dtype=pl.List(pl.String)),
        **told,
    ).with_columns(expected_minor=pl.col("win_amount_minor") * pl.col("p_win"))


def _band(win: WinModel, settings: ScoreSettings) -> pl.Expr:
    if win.verdict is not Verdict.FOUND:
        return pl.lit(str(Band.NONE))
    return (
        pl.when(pl.col("chance") >= settings.low_risk)
        .then(pl.lit(str(Band.LOW)))
        .when(pl.col("chance") >= settings.medium_risk)
        .then(pl.lit(str(Band.MEDIUM)))
        .otherwise(pl.lit(str(Band.HIGH)))
    )


def _warnings(win: WinModel, left_out: tuple[str, ...]) -> Iterator[str]:
    if left_out:
        yield f"Columns that know the outcome are not learned from: {', '.join(left_out)}."
    if win.verdict is Verdict.TOO_FEW:
        yield (
            f"{formats.counted(win.won, 'deal')} won and {win.lost:,} lost are too few to learn "
            "from: every deal gets the base rate."
        )
    if win.verdict is Verdict.NONE:
        yield (
            "No signal: on later deals nothing in the data told won from lost better than the "
            "base rate does, so every deal gets the base rate."
        )
