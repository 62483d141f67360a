"""What the outlook answers: revenue by period, what it is made of, and its own track record."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from core.forecasting.forecast_question import ForecastPeriod, ForecastQuestion
from core.forecasting.pipeline import PipelineForecast
from core.forecasting.series_results import Choice, Coverage, Skill
from core.forecasting.simulate import Distribution

BLIND: Final = "no deal has been won yet that had been open before, so nothing can be learned."
"""Why there is no forecast, as the end of a sentence."""

FILE_COLUMNS: Final = (
    "period", "forecast", "lo80", "hi80", "lo95", "hi95", "booked", "pipeline", "new_business",
)  # fmt: skip
"""Columns of the machine format, in order."""


@dataclass(frozen=True)
class OutlookStanding:
    """How one way to forecast did, replayed on this company's past.

    Parameters
    ----------
    name, title
        Which: ``outlook``, ``pipeline``, ``series``, ``seasonal_naive``, ``run_rate``, or a member
        of the series such as ``prophet``.
    wape
        sum |actual - forecast| / sum actual over the replayed periods; None when none is over.
    mae, bias
        Mean absolute error, and mean of forecast - actual, in minor units.
    mase
        ``mae`` over the error of repeating last season within the history; None when that is zero.
    skill
        Against last season repeated, on the same periods.
    coverage
        How often its intervals held what came, by level; only the outlook has intervals here.
    origins, n
        Past dates and values behind the figures.
    """

    name: str
    title: str
    wape: float | None
    mae: float | None
    mase: float | None
    bias: float | None
    skill: Skill
    coverage: tuple[Coverage, ...]
    origins: int
    n: int


@dataclass(frozen=True)
class Weight:
    """How much the open pipeline counts at one horizon; the rest is the series.

    Parameters
    ----------
    horizon
        Months ahead; 0 is the month in progress.
    pipeline
        Share of the pipeline's forecast, 0 to 1.
    n
        Past forecasts at this horizon the share rests on.
    """

    horizon: int
    pipeline: float
    n: int


@dataclass(frozen=True)
class RestOfPeriod:
    """What is expected of the rest of a period, booked amounts not included."""

    expected: float
    distribution: Distribution
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """Revenue by period: booked, expected, how far it may miss, and how it did before.

    Parameters
    ----------
    question
        What was asked.
    fingerprint
        Name of the data it was asked of.
    frame
        One row a period: ``period, starts_on, ends_on, forecast_minor, lo50, hi50, lo80, hi80,
        lo95, hi95, booked_minor, pipeline_minor, new_business_minor, pipeline_only_minor,
        series_only_minor, pipeline_weight``. The forecast is the sum of booked, pipeline and new
        business, to the minor unit; ``pipeline_minor`` is what the open deals are expected to
        bring, ``new_business_minor`` all the rest. The two parts of the blend are given as whole
        forecasts of the period, ``series_only_minor`` null where there is no series.
    draws
        Simulated totals of each period, booked amounts included.
    weights
        How the two parts were blended, by months ahead.
    deal_share
        By month ahead, what of the open deals' chances stands: 1, or less where the blend says
        less than the open deals alone.
    pipeline
        The forecast of the open pipeline up to the end of the last period, with its deals and what
        scenarios bend. Its own track record is left out: `record` is the outlook's.
    booked
        One row a deal won in a period before the as-of date was over: ``period, deal_id, name,
        account, owner, team, region, industry, kind, closed_on, amount_minor``.
    spread_factors
        By period, how much wider the interval is than independent deals.
    series
        The method of the series part, its members and the reason for it; None where no month with
        a win is over yet.
    standings
        The outlook, its parts and baselines on the same dates, the smallest error first.
    members
        The members of the series alone, such as Prophet, on the dates from which they had enough
        history to answer; not to be compared with lines of other dates.
    record
        One row a past forecast and period, what was said then and what came: ``origin, horizon,
        period, starts_on, ends_on, booked_minor, forecast_minor, lo50, hi50, lo80, hi80, lo95,
        hi95, pipeline_only_minor, series_only_minor, naive_minor, actual_minor``. The origin is
        an as-of date of the past; the actual is null while the period is not over.
    history
        One row a month or quarter that is over: ``period, starts_on, ends_on, won_minor``.
    drift
        A sentence when recent periods left the interval too often; empty otherwise.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    question: ForecastQuestion
    fingerprint: str
    frame: pl.DataFrame
    draws: tuple[Distribution, ...]
    weights: tuple[Weight, ...]
    deal_share: tuple[float, ...]
    pipeline: PipelineForecast
    booked: pl.DataFrame
    spread_factors: tuple[float, ...]
    series: Choice | None
    standings: tuple[OutlookStanding, ...]
    members: tuple[OutlookStanding, ...]
    record: pl.DataFrame
    history: pl.DataFrame
    drift: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def as_of(self) -> date:
        """Last day of which everything is known."""
        return self.question.as_of

    @property
    def currency(self) -> str:
        """Currency of every amount."""
        return self.question.currency

    @property
    def periods(self) -> tuple[ForecastPeriod, ...]:
        """The periods forecast."""
        return self.question.periods

    @property
    def track_record(self) -> OutlookStanding:
        """The outlook's own line of the leaderboard."""
        return next(line for line in self.standings if line.name == "outlook")

    @property
    def is_blind(self) -> bool:
        """Whether there is nothing to learn from, so that its figures are no forecast.

        No open deal was ever won, and no earlier forecast from the bookings alone can be checked.
        """
        return not self.pipeline.wins_seen and not self.track_record.n

    def chance_of(self, target_minor: float, number: int = 0) -> float:
        """Return the share of the simulated periods that reach an amount."""
        return self.draws[number].chance_of(target_minor)

    def rest(self, number: int = 0) -> RestOfPeriod:
        """Return what one period is expected to bring beyond what is booked."""
        row = self.frame.row(number, named=True)
        return RestOfPeriod(
            float(row["pipeline_minor"] + row["new_business_minor"]),
            self.draws[number].plus(-row["booked_minor"]),
        )
