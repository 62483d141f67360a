"""Revenue by month or quarter from the pipeline: booked, open deals, business not yet created."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from core.errors import InvalidParameterError
from core.forecasting.attainment import booked
from core.forecasting.histories import Histories
from core.forecasting.pipeline import (
    BAND_LEVELS,
    PipelineForecast,
    PipelineSettings,
    forecast_pipeline,
)
from core.forecasting.simulate import Simulation


@dataclass(frozen=True)
class PeriodForecast:
    """What each of some periods in a row is expected to bring.

    Parameters
    ----------
    frame
        One row a period: ``starts_on, ends_on, booked_minor, pipeline_minor, new_business_minor,
        expected_minor, lo50, hi50, lo80, hi80, lo95, hi95``. Expected is the sum of the three
        before it; the bands include what is booked.
    whole
        The forecast up to the end of the last period, with its deals.
    """

    frame: pl.DataFrame
    whole: PipelineForecast


def forecast_periods(
    histories: Histories,
    as_of: date,
    periods: Sequence[tuple[date, date]],
    settings: PipelineSettings | None = None,
) -> PeriodForecast:
    """Forecast periods that follow one another, the first of which may have begun.

    Each deal's chance to be won in a period is its chance by the end less that by the end of the
    period before, so the periods add up to the forecast of the whole span.

    Parameters
    ----------
    histories
        The company's deals.
    as_of
        Last day of which everything is known.
    periods
        First and last days, in order, without gaps; the first holds the as-of date or begins the
        day after it.
    settings
        As for `forecast_pipeline`.

    Raises
    ------
    InvalidParameterError
        If the periods have gaps or do not start around the as-of date.
    """
    _check(as_of, periods)
    ends = tuple(last for _, last in periods)
    whole = forecast_pipeline(histories, as_of, ends[-1], settings, ends[:-1])
    rows = [_row(histories, whole, number, periods) for number in range(len(periods))]
    return PeriodForecast(pl.DataFrame(rows), whole)


def _check(as_of: date, periods: Sequence[tuple[date, date]]) -> None:
    following = [last + timedelta(days=1) for _, last in periods]
    firsts = [first for first, _ in periods]
    around = periods and firsts[0] <= as_of + timedelta(days=1) and as_of < periods[0][1]
    if not around or firsts[1:] != following[:-1]:
        raise InvalidParameterError(
            f"The periods do not follow one another from {as_of} on.",
            "The first must hold the as-of date, or begin the day after it.",
        )


def _row(
    histories: Histories,
    whole: PipelineForecast,
    number: int,
    periods: Sequence[tuple[date, date]],
) -> dict[str, object]:
    starts_on, ends_on = periods[number]
    before = None if number == 0 else _step(whole, periods[number - 1][1])
    simulation = _simulation(whole, before, _step(whole, ends_on))
    settings = whole.basis.settings
    sure = booked(histories, starts_on, whole.as_of) if starts_on <= whole.as_of else 0
    drawn = simulation.draw(settings.draws, settings.seed).plus(sure)
    bands = {
        f"{side}{level}": drawn.quantile(0.5 + sign * level / 200)
        for level in BAND_LEVELS
        for side, sign in (("lo", -1), ("hi", 1))
    }
    return {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "booked_minor": sure,
        "pipeline_minor": simulation.expected - simulation.new_expected,
        "new_business_minor": simulation.new_expected,
        "expected_minor": sure + simulation.expected,
        **bands,
    }


def _step(whole: PipelineForecast, day: date) -> int:
    days = float((day - whole.as_of).days)
    return int(np.flatnonzero(whole.basis.outcomes.ends_days == days)[0])


def _simulation(whole: PipelineForecast, before: int | None, step: int) -> Simulation:
    """Return what is drawn for the time between the ends of two steps."""
    basis = whole.basis
    won, new = basis.outcomes.won, basis.new
    earlier = (0.0, 0.0, 0.0) if before is None else (
        won[:, before], new.wins[before], new.expected[before],
    )  # fmt: skip
    return Simulation(
        amounts=basis.amounts,
        chances=won[:, step] - earlier[0],
        new_wins=float(new.wins[step] - earlier[1]),
        new_amounts=new.amounts,
        new_expected=float(new.expected[step] - earlier[2]),
        spread_factor=float(whole.steps["spread_factor"][step]),
    )
