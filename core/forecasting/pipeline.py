"""The open-pipeline forecast: deal by deal, plus business not yet created, and its past errors.

Sum over open deals of expected amount at the win x probability to be won by the end, plus new
business; the band is as wide as past errors of this very method at this company say. Every
number at a past origin uses only what was known then, so the track record is what would have been
said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from core.errors import InvalidParameterError
from core.forecasting.competing_risks import typical_cycle_days
from core.forecasting.expectation import Expectation, PipelineSettings, expect
from core.forecasting.histories import Histories, end_of
from core.forecasting.landmarks import Floats
from core.forecasting.new_business import NewBusiness
from core.forecasting.outcomes import Outcomes, step_ends
from core.forecasting.simulate import Distribution
from core.forecasting.spread import PastForecasts, spread_factors
from core.forecasting.track_record import MIN_EVENTS, replay_forecasts, snapshots, track_record

__all__ = [
    "Basis",
    "PipelineForecast",
    "PipelineSettings",
    "forecast_pipeline",
    "track_record",
]


@dataclass(frozen=True)
class Basis:
    """What a forecast is made of: amounts and outcomes by open deal and step, and new business."""

    amounts: Floats
    outcomes: Outcomes
    new: NewBusiness
    settings: PipelineSettings


@dataclass(frozen=True)
class PipelineForecast:
    """Won amount expected after one day up to another, from the open pipeline and new business.

    Parameters
    ----------
    as_of, ends_on
        Known is everything up to the end of the first day; counted are wins up to the end of
        the second.
    deals
        One row an open deal: ``deal_id, name, account, owner_id, owner, team, region, industry,
        kind, stage, age_days, due_on, amount_minor, win_amount_minor, amount_assumed, p_win,
        p_lose, p_slip, expected_minor``.
        The three probabilities sum to 1; ``expected_minor`` is the amount it would be won with
        times ``p_win``, and sums to `from_pipeline`.
    steps
        One row a step: ``ends_days, pipeline_minor, new_business_minor, expected_minor,
        independent_sd_minor, spread_factor, lo50, hi50, lo80, hi80, lo95, hi95``; the bands are
        simulated, the spread factor is how much wider than independent deals they are.
    from_pipeline, from_new_business
        The two parts of the expectation, in minor units.
    distribution
        Simulated totals at the end.
    basis
        What the numbers were made of, for scenarios.
    currency
        Currency of every amount.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    as_of: date
    ends_on: date
    deals: pl.DataFrame
    steps: pl.DataFrame
    from_pipeline: float
    from_new_business: float
    distribution: Distribution
    basis: "Basis"
    currency: str
    warnings: tuple[str, ...] = ()

    @property
    def expected(self) -> float:
        """Expected won amount, in minor units."""
        return self.from_pipeline + self.from_new_business


def forecast_pipeline(
    histories: Histories,
    as_of: date,
    ends_on: date,
    settings: PipelineSettings | None = None,
    marks: tuple[date, ...] = (),
) -> PipelineForecast:
    """Forecast the amount won after one day up to the end of another.

    Parameters
    ----------
    histories
        The company's deals; what happened after ``as_of`` is not looked at.
    as_of
        Last day of which everything is known.
    ends_on
        Last day whose wins count.
    settings
        Memory, smoothing, track record and simulation.
    marks
        Days before the end on which a step is to end too, such as the ends of months.

    Raises
    ------
    InvalidParameterError
        If the end is not after the as-of date.
    """
    settings = settings or PipelineSettings()
    if ends_on <= as_of:
        raise InvalidParameterError(
            f"The forecast would end on {ends_on}, not after {as_of}.",
            "Choose an end after the as-of date.",
        )
    at = end_of(as_of)
    horizon_days = (ends_on - as_of).days
    marks_days = tuple(float((day - as_of).days) for day in marks)
    ends_days = step_ends(horizon_days, settings.risks.step_days, marks_days)
    seen = snapshots(histories, at, ends_days, settings)
    now = expect(histories, seen, at, ends_days, settings)
    track = replay_forecasts(histories, seen, at, ends_days, settings)
    cycle_days = typical_cycle_days(seen.known_before(at))
    factors = spread_factors(track, at, cycle_days)[: len(ends_days)]
    deals = _deal_rows(histories, now, at)
    return PipelineForecast(
        as_of=as_of,
        ends_on=ends_on,
        deals=deals,
        steps=now.steps(factors, settings),
        from_pipeline=float(deals["expected_minor"].sum()),
        from_new_business=float(now.new.expected[-1]),
        distribution=now.simulation(-1, float(factors[-1])).draw(settings.draws, settings.seed),
        basis=Basis(now.amounts, Outcomes(ends_days, now.won, now.lost), now.new, settings),
        currency=histories.currency,
        warnings=(*histories.warnings, *_warnings(now, track, settings)),
    )


def _deal_rows(histories: Histories, now: Expectation, at: int) -> pl.DataFrame:
    stages = np.array(now.seen.stages, dtype=np.str_)
    won, lost = now.won[:, -1], now.lost[:, -1]
    worthless = now.assumed if not len(now.new.amounts) else np.zeros(len(won), dtype=np.bool_)
    rows = pl.DataFrame(
        {
            "deal": now.seen.deal[now.rows],
            "stage": stages[now.seen.stage[now.rows]],
            "age_days": now.seen.age_days[now.rows],
            "amount_minor": np.where(now.assumed, np.nan, now.seen.amount[now.rows]),
            "win_amount_minor": now.amounts,
            "amount_assumed": now.assumed,
            "p_win": won,
            "p_lose": lost,
            "p_slip": 1.0 - won - lost,
            "expected_minor": now.expected_by_deal,
            "is_unknown": worthless,
        }
    ).with_columns(
        pl.col("amount_minor").fill_nan(None),
        pl.when(~pl.col("is_unknown"))
        .then(pl.col("win_amount_minor", "expected_minor"))
        .name.keep(),
    )
    due = histories.states.filter(pl.col("from_epoch") < at, pl.col("until_epoch") >= at)
    named = histories.deals.select(
        "deal", "deal_id", "name", "account", "owner_id", "owner", "team", "region", "industry",
        "kind",
    )  # fmt: skip
    return (
        rows.join(named, on="deal", how="left", maintain_order="left")
        .join(due.select("deal", "due_on"), on="deal", how="left", maintain_order="left")
        .select(
            "deal_id", "name", "account", "owner_id", "owner", "team", "region", "industry",
            "kind", "stage", "age_days", "due_on", "amount_minor", "win_amount_minor",
            "amount_assumed", "p_win", "p_lose", "p_slip", "expected_minor",
        )
    )  # fmt: skip


def _warnings(now: Expectation, track: PastForecasts, settings: PipelineSettings) -> Iterator[str]:
    wins, losses = now.table.wins_seen, now.table.losses_seen
    if wins < MIN_EVENTS or losses < MIN_EVENTS:
        yield (
            f"Probabilities rest on {wins} deals won and {losses} lost; below {MIN_EVENTS} of each "
            "they are a guess."
        )
    if now.assumed.any():
        how = "taken as a typical win" if len(now.new.amounts) else "left out, as no win has one"
        yield f"Open deals without an amount, {how}: {int(now.assumed.sum())}."
    if not settings.origins:
        return
    horizon = len(now.table.ends_days) - 1
    over = int(np.isfinite(track.actual[:, horizon]).sum()) if len(track.origins) else 0
    if not over:
        yield "No past forecast at this horizon is over: the band assumes independent deals."
    elif over < 8:  # noqa: PLR2004 - fewer errors than an 80 % band needs to be checked
        yield f"The width of the band rests on {over} past forecasts at this horizon."
