"""The outlook: open pipeline and time series blended, with the record of exactly this forecast.

rest of a month = w x (open deals + deals not yet created) + (1 - w) x series. Quarters are the sum
of their months. Intervals come from what the blend itself missed by at past dates. See
docs/methods/outlook.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from core.errors import EmptyWorkspaceError
from core.forecasting.blend import Blended, blend, known_by
from core.forecasting.forecast_question import ForecastQuestion
from core.forecasting.frequency import Grid
from core.forecasting.histories import Histories, end_of
from core.forecasting.landmarks import Floats
from core.forecasting.outlook_bands import spread_factors
from core.forecasting.outlook_parts import Parts, Sources, parts
from core.forecasting.outlook_record import Past, Said, by_period, drift, members, record, standings
from core.forecasting.outlook_results import Outlook, Weight
from core.forecasting.period_draws import DRAWS, chances_by_period, intervals, period_simulation
from core.forecasting.pipeline import PipelineForecast, PipelineSettings, forecast_pipeline
from core.forecasting.scoring import naive_scale
from core.forecasting.series_part import monthly_series
from core.forecasting.series_results import Choice
from core.forecasting.simulate import Distribution
from core.forecasting.won_amounts import Won

SETTINGS: Final = PipelineSettings(origins=0, draws=DRAWS, draws_a_step=100, follows_growth=True)
"""The pipeline's own track record is not needed: the outlook replays itself."""

_FEW_ORIGINS: Final = 6


def outlook(
    histories: Histories,
    question: ForecastQuestion,
    fingerprint: str = "",
    said: Parts | None = None,
) -> Outlook:
    """Forecast the won amount of each period asked about.

    Parameters
    ----------
    histories
        The deals of the segment asked about; nothing after the as-of date is looked at.
    question
        As of when, which periods.
    fingerprint
        Name of the data, for the reader.
    said
        What `replayed_parts` returned for ``question.prepared``; made here where not given. It
        is the slow half, and the same for months and quarters.

    Raises
    ------
    EmptyWorkspaceError
        If no deal has been won by the as-of date: there is nothing to learn from.
    """
    months = question.by_month
    settings = replace(SETTINGS, calendar=question.calendar)
    won = Won(histories, end_of(question.as_of))
    said = said or replayed_parts(histories, question.prepared)
    mixed = blend(said, known_by(said.ends_epoch, said.as_of)).head(months.horizon)
    said = said.head(months.horizon)
    past = by_period(question, said, mixed, won)
    factors = np.array(
        [spread_factors(past.z, over) for over in known_by(past.ends_epoch, past.as_of)]
    )
    marks = tuple(month.ends_on for month in months.periods[:-1])
    last = months.periods[-1].ends_on
    whole = forecast_pipeline(histories, question.as_of, last, settings, marks)
    share = tuple(mixed.deal_share[-1].tolist())
    draws = _draws(question, whole, past, factors[-1], share)
    rows, history = record(question, past, factors), _history(question, won)
    measured = Past(past, rows, _scale(question, history))
    return Outlook(
        question=question,
        fingerprint=fingerprint,
        frame=_frame(question, past, draws),
        draws=draws,
        weights=_weights(mixed),
        deal_share=share,
        pipeline=whole,
        booked=_booked_deals(histories, question),
        spread_factors=tuple(float(factor) for factor in factors[-1]),
        series=said.now.choice,
        standings=standings(measured),
        members=members(measured),
        record=rows,
        history=history,
        drift=drift(rows),
        warnings=tuple(_warnings(whole, past, said.now.choice)),
    )


def replayed_parts(histories: Histories, question: ForecastQuestion) -> Parts:
    """Return what pipeline and series say of the months asked about, now and at past dates.

    Raises
    ------
    EmptyWorkspaceError
        If no deal has been won by the as-of date: there is nothing to learn from.
    """
    return replaying_parts(histories, question)()


def replaying_parts(histories: Histories, question: ForecastQuestion) -> Callable[[], Parts]:
    """Begin what `replayed_parts` does and return how to get at its end.

    Where a companion runs, it fits meanwhile, see `core.companion`.

    Raises
    ------
    EmptyWorkspaceError
        If nothing was won by the as-of date.
    """
    won = Won(histories, end_of(question.as_of))
    if not won.days:
        raise EmptyWorkspaceError(
            f"No deal with an amount was won by {question.as_of}, so nothing tells how deals end.",
            "Import closed deals, choose a later as-of date or fewer filters.",
        )
    settings = replace(SETTINGS, calendar=question.calendar)
    series = monthly_series(won, question.as_of)
    return parts(Sources(histories, question.by_month, won, series, settings))


def _draws(
    question: ForecastQuestion,
    whole: PipelineForecast,
    past: Said,
    factors: Floats,
    share: tuple[float, ...],
) -> tuple[Distribution, ...]:
    basis = whole.basis
    drawn = []
    chances = chances_by_period(basis.outcomes.won, basis.outcomes.ends_days, question, share)
    for number, within in enumerate(chances):
        fresh = float(_new_business(past)[number])
        simulation = period_simulation(basis, within, fresh, float(factors[number]))
        booked = float(past.booked[-1, number])
        drawn.append(simulation.draw(DRAWS, basis.settings.seed).plus(booked))
    return tuple(drawn)


def _new_business(past: Said) -> npt.NDArray[np.int64]:
    """Return what today's open deals do not bring, in whole minor units."""
    rest, open_deals = np.rint(past.rest[-1]), np.rint(past.open_deals[-1])
    whole: npt.NDArray[np.int64] = np.maximum(rest - open_deals, 0.0).astype(np.int64)
    return whole


def _frame(question: ForecastQuestion, past: Said, draws: tuple[Distribution, ...]) -> pl.DataFrame:
    booked = np.rint(past.booked[-1]).astype(np.int64)
    pipeline = np.rint(past.open_deals[-1]).astype(np.int64)
    fresh = _new_business(past)
    periods = question.periods
    forecast = booked + pipeline + fresh
    return pl.DataFrame(
        {
            "period": [period.label for period in periods],
            "starts_on": [period.starts_on for period in periods],
            "ends_on": [period.ends_on for period in periods],
            "forecast_minor": forecast,
            **intervals(draws, forecast),
            "booked_minor": booked,
            "pipeline_minor": pipeline,
            "new_business_minor": fresh,
            "pipeline_only_minor": past.pipeline[-1] + past.booked[-1],
            "series_only_minor": past.series[-1] + past.booked[-1],
            "pipeline_weight": past.weights[-1],
        }
    ).with_columns(pl.col("series_only_minor").fill_nan(None))


def _weights(mixed: Blended) -> tuple[Weight, ...]:
    return tuple(
        Weight(horizon, float(weight), int(errors))
        for horizon, (weight, errors) in enumerate(
            zip(mixed.weights[-1], mixed.errors[-1], strict=True)
        )
    )


def _booked_deals(histories: Histories, question: ForecastQuestion) -> pl.DataFrame:
    """Return the deals won in a period in progress, up to the as-of date."""
    first = question.periods[0]
    since = end_of(first.starts_on - timedelta(days=1))
    return (
        histories.deals.filter(
            pl.col("outcome") == "won",
            pl.col("closed_epoch").is_between(since, end_of(question.as_of), closed="left"),
        )
        .with_columns(
            period=pl.lit(first.label), closed_on=pl.from_epoch("closed_epoch").dt.date()
        )
        .sort("closed_epoch", "deal_id", descending=[True, False])
        .select(
            "period", "deal_id", "name", "account", "owner_id", "owner", "team", "region",
            "industry", "kind", "closed_on", "amount_minor",
        )
    )  # fmt: skip


def _history(question: ForecastQuestion, won: Won) -> pl.DataFrame:
    """Return what the periods that are over brought, from the first in which a deal was won."""
    grid = Grid(question.kind.frequency)
    current = question.periods[0].starts_on
    first = question.calendar.period_start(won.days[0], question.kind.frequency)
    count = grid.between(first, current)
    periods = question.periods_after(first - timedelta(days=1), max(count, 1))[:count]
    return pl.DataFrame(
        {
            "period": [period.label for period in periods],
            "starts_on": [period.starts_on for period in periods],
            "ends_on": [period.ends_on for period in periods],
            "won_minor": [
                round(won.after(period.starts_on - timedelta(days=1), period.ends_on))
                for period in periods
            ],
        },
        schema={
            "period": pl.String, "starts_on": pl.Date, "ends_on": pl.Date, "won_minor": pl.Int64
        },
    )  # fmt: skip


def _scale(question: ForecastQuestion, history: pl.DataFrame) -> float | None:
    values = history["won_minor"].cast(pl.Float64).to_numpy()
    return naive_scale(values, question.kind.frequency.season_length)


def _warnings(whole: PipelineForecast, past: Said, series: Choice | None) -> Iterator[str]:
    yield from whole.warnings
    if series is None:
        yield "No month with a win is over yet: the outlook is the pipeline forecast alone."
    elif series.name != "median":
        yield f"Series: {series.reason}"
    over = int(np.isfinite(past.z[:, 0]).sum())
    if not over:
        yield (
            "No past outlook is over yet: weights and interval rest on what is usual, not on this "
            "company."
        )
    elif over < _FEW_ORIGINS:
        yield f"Weights and interval rest on {over} past outlooks: read them as a rough guide."
