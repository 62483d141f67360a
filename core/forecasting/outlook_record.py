"""The outlook's own past: what it would have said by period, what came, and who did better."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from core.forecasting.backtest import Backtest
from core.forecasting.blend import Blended
from core.forecasting.drift import drift_warning
from core.forecasting.forecast_question import ForecastQuestion
from core.forecasting.frequency import Grid
from core.forecasting.landmarks import Floats
from core.forecasting.outlook_parts import Parts, month_groups
from core.forecasting.outlook_results import OutlookStanding
from core.forecasting.registry import BASELINE, forecaster
from core.forecasting.scoring import skill, wilson_band
from core.forecasting.series_results import LEVELS, Coverage, Skill
from core.forecasting.won_amounts import Won

OUTLOOK: Final = "outlook"
_TITLES: Final = {
    OUTLOOK: "Outlook",
    "pipeline": "Pipeline alone",
    "series": "Series alone",
    BASELINE: "Same month last year",
    "run_rate": "Mean of six months",
}
_RECENT: Final = 8
_OF_THE_MOST: Final = 0.99
_LIKE_NOW: Final = 3


@dataclass(frozen=True)
class Said:
    """The parts and their blend by period; one row an as-of date, the last one now.

    Parameters
    ----------
    as_of, ends_epoch
        Dates, and when each period is over.
    booked, open_deals
        Won in the period up to the date; expected of the deals open then, as far as it stands.
    rest, sd
        The blend's rest of the period, and its spread if deals were independent.
    none
        The chance that nothing is won in the rest.
    pipeline, series, naive, run_rate, actual
        The rest of the period by each part and baseline, and as it came.
    weights
        Weight of the pipeline, of a quarter the mean of its months.
    members
        The rest of the period by each member of the series.
    """

    as_of: tuple[date, ...]
    ends_epoch: Floats
    booked: Floats
    open_deals: Floats
    rest: Floats
    sd: Floats
    none: Floats
    pipeline: Floats
    series: Floats
    naive: Floats
    run_rate: Floats
    actual: Floats
    weights: Floats
    members: Mapping[str, Floats]

    @property
    def z(self) -> Floats:
        """Errors in spreads of independent deals; nan where not over or without spread."""
        with np.errstate(divide="ignore", invalid="ignore"):
            errors = np.abs(self.actual - self.rest) / self.sd
        return np.where(np.isfinite(errors), errors, np.nan)

    def quantiles(self, row: int, factors: Floats) -> Callable[[float], Floats]:
        """Return the quantiles of the rest as of a date: nought by chance, else a gamma.

        Mean and spread, widened by factors, are those of the whole. In a month of one win or two
        nothing is often won: a gamma alone, which is never nought, would call that a miss.
        """
        from scipy.special import gammaincinv  # type: ignore[import-untyped]

        mean, sd = self.rest[row], self.sd[row] * factors
        with np.errstate(divide="ignore", invalid="ignore"):
            # The moments allow no more: sd^2 >= mean^2 x none / (1 - none).
            none = np.minimum(self.none[row], _OF_THE_MOST * sd**2 / (sd**2 + mean**2))
            if_any = mean / (1 - none)
            variance = (sd**2 + mean**2) / (1 - none) - if_any**2
            shape, scale = if_any**2 / variance, variance / if_any

        def quantile(share: float) -> Floats:
            with np.errstate(invalid="ignore"):
                above = np.maximum(share - none, 0.0) / (1 - none)
                found: Floats = scale * gammaincinv(shape, above)
            return found

        return quantile


def by_period(question: ForecastQuestion, said: Parts, mixed: Blended, won: Won) -> Said:
    """Sum months to the periods asked about; what a quarter has booked includes its past months."""
    starts = month_groups(question)

    def summed(months: Floats) -> Floats:
        total: Floats = np.add.reduceat(months, starts, axis=1)
        return total

    rest, open_deals = summed(mixed.rest), summed(said.open_deals * mixed.deal_share)
    fresh = np.maximum(np.nan_to_num(rest) - open_deals, 0.0)
    months = np.diff([*starts, said.booked.shape[1]])
    booked = summed(said.booked)
    booked[:, 0] = [_booked(question, won, day) for day in said.as_of]
    return Said(
        as_of=said.as_of,
        ends_epoch=np.maximum.reduceat(said.ends_epoch, starts, axis=1),
        booked=booked,
        open_deals=open_deals,
        rest=rest,
        sd=np.sqrt(said.deals_variance(starts, mixed.deal_share) + fresh * said.new_size[:, :1]),
        none=said.chance_of_none(starts, mixed.deal_share, fresh),
        pipeline=summed(said.pipeline),
        series=summed(said.series),
        naive=summed(said.naive),
        run_rate=summed(said.run_rate),
        actual=summed(said.actual),
        weights=summed(mixed.weights) / months,
        members={name: summed(said.by_member(name)) for name in said.now.members},
    )


def _booked(question: ForecastQuestion, won: Won, day: date) -> float:
    first = question.periods_after(day, 1)[0].starts_on
    return won.after(first - timedelta(days=1), day)


def record(question: ForecastQuestion, past: Said, factors: Floats) -> pl.DataFrame:
    """Return what was said at past dates of whole periods, beside what came.

    A date within a quarter says less about the quarter than one at its start: only dates that stand
    where today stands in its period are listed.
    """
    chosen = [row for row, day in enumerate(past.as_of[:-1]) if _stands_alike(question, day)]
    frames = [_said_on(question, past, factors, row) for row in chosen]
    empty = _said_on(question, past, factors, len(past.as_of) - 1).head(0)
    rows = pl.concat([empty, *frames])
    floats = [name for name, kind in rows.schema.items() if kind == pl.Float64]
    return rows.with_columns(pl.col(floats).fill_nan(None)).filter(
        pl.col("forecast_minor").is_not_null()
    )


def _stands_alike(question: ForecastQuestion, day: date) -> bool:
    calendar, frequency = question.calendar, question.kind.frequency
    months = Grid(question.by_month.kind.frequency)

    def month_in_period(as_of: date) -> int:
        following = as_of + timedelta(days=1)
        return months.between(calendar.period_start(following, frequency), following)

    return month_in_period(day) == month_in_period(question.as_of)


def _said_on(question: ForecastQuestion, past: Said, factors: Floats, row: int) -> pl.DataFrame:
    day = past.as_of[row]
    periods = question.periods_after(day, past.rest.shape[1])
    booked = past.booked[row]
    return pl.DataFrame(
        {
            "origin": [day] * len(periods),
            "horizon": list(range(len(periods))),
            "period": [period.label for period in periods],
            "starts_on": [period.starts_on for period in periods],
            "ends_on": [period.ends_on for period in periods],
            "booked_minor": booked,
            "forecast_minor": booked + past.rest[row],
            **said_then(past, factors, row),
            "pipeline_only_minor": booked + past.pipeline[row],
            "series_only_minor": booked + past.series[row],
            "naive_minor": booked + past.naive[row],
            "run_rate_minor": booked + past.run_rate[row],
            "actual_minor": booked + past.actual[row],
        }
    )


def said_then(past: Said, factors: Floats, row: int) -> dict[str, Floats]:
    """Return the intervals said on a date, widened by factors, by ``lo80`` and the like."""
    rest, sd = past.rest[row], past.sd[row] * factors[row]
    quantile = past.quantiles(row, factors[row])
    return {
        f"{side}{level}": past.booked[row]
        + np.where(sd > 0, outer(rest, quantile(0.5 + way * level / 200)), rest)
        for level in LEVELS
        for side, way, outer in (("lo", -1, np.minimum), ("hi", 1, np.maximum))
    }


@dataclass(frozen=True)
class Past:
    """What standings are measured on.

    Parameters
    ----------
    said
        What was said at past dates.
    record
        The outlook's own record, with its intervals.
    scale
        Error of repeating last season within the history, which makes an error a ratio; None where
        the history is too short to tell.
    """

    said: Said
    record: pl.DataFrame
    scale: float | None


def standings(past: Past) -> tuple[OutlookStanding, ...]:
    """Return the outlook, its parts and baselines, the smallest error first."""
    return _ranked(tuple(_TITLES), past)


def members(past: Past) -> tuple[OutlookStanding, ...]:
    """Return the members of the series alone, on the dates from which they could answer."""
    return _ranked(tuple(past.said.members), past)


def _ranked(names: tuple[str, ...], past: Past) -> tuple[OutlookStanding, ...]:
    replay = _replay(names, past.said)
    lines = [_standing(name, replay, past) for name in names]
    return tuple(sorted(lines, key=lambda line: (line.wape is None, line.wape or 0.0)))


def _replay(names: tuple[str, ...], past: Said) -> Backtest:
    """Return every past date as a row, blank where any of the lines said nothing."""
    said = {
        OUTLOOK: past.rest,
        "pipeline": past.pipeline,
        "series": past.series,
        BASELINE: past.naive,
        "run_rate": past.run_rate,
        **past.members,
    }
    dates = len(past.as_of) - 1
    compared = {name: said[name][:dates] for name in (*names, BASELINE)}
    silent = np.isnan(np.stack(list(compared.values()))).any(axis=0)
    actual = np.where(silent, np.nan, past.actual[:dates])
    return Backtest(tuple(range(dates)), actual, compared)


def _standing(name: str, replay: Backtest, past: Past) -> OutlookStanding:
    errors = replay.errors(name)
    known = np.isfinite(errors)
    missed = np.abs(errors[known])
    whole = float((past.said.actual + past.said.booked)[:-1][known].sum())
    mae = float(missed.mean()) if len(missed) else None
    return OutlookStanding(
        name=name,
        title=_TITLES.get(name) or forecaster(name).title,
        wape=float(missed.sum()) / whole if whole > 0 else None,
        mae=mae,
        mase=mae / past.scale if mae is not None and past.scale else None,
        bias=float(-errors[known].mean()) if len(missed) else None,
        skill=skill(replay, name) if len(missed) else Skill(None),
        coverage=tuple(_coverage(past.record, level) for level in LEVELS)
        if name == OUTLOOK
        else (),
        origins=int(known.any(axis=1).sum()),
        n=len(missed),
    )


def _coverage(rows: pl.DataFrame, level: int) -> Coverage:
    over = rows.filter(pl.col("actual_minor").is_not_null()).filter(
        pl.col("origin").rank("dense") > _LIKE_NOW
    )
    inside = over.filter(pl.col("actual_minor").is_between(f"lo{level}", f"hi{level}")).height
    distinct = over["period"].n_unique()
    low, high = wilson_band(inside / over.height * distinct, distinct) if distinct else (0.0, 1.0)
    return Coverage(level, inside, over.height, distinct, low, high)


def drift(rows: pl.DataFrame) -> str:
    """Return a sentence when recent periods left their 80 % interval too often."""
    nearest = rows.filter(pl.col("horizon") == 0, pl.col("actual_minor").is_not_null())
    inside = (
        nearest.sort("origin")
        .tail(_RECENT)
        .select(hit=pl.col("actual_minor").is_between("lo80", "hi80").cast(pl.Float64))
    )
    return drift_warning(inside["hit"].to_numpy())
