"""The quota: what is booked, what is expected on top, and the chance to reach it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import narwhals as nw
import polars as pl

from core import formats
from core.conversion import CONVERSION, NO_RATE, REVENUE, into_currency
from core.engine import Engine, collect
from core.errors import InvalidParameterError
from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.landmarks import replay
from core.forecasting.pipeline import PipelineSettings, forecast_pipeline
from core.forecasting.simulate import Distribution

_MOST_PERIODS = 8
_FEW_PERIODS = 4


@dataclass(frozen=True)
class Quota:
    """The target of a period, from the quotas of its people.

    Parameters
    ----------
    target_minor
        Sum of the targets of quotas that lie within the period; None when there is none.
    owners
        How many people have one.
    warnings
        What could not be counted.
    """

    target_minor: int | None
    owners: int
    warnings: tuple[str, ...] = ()


class Rest(Protocol):
    """What is expected of the rest of a period, and its simulated totals; booked not included."""

    @property
    def expected(self) -> float:
        """Expected amount."""

    @property
    def distribution(self) -> Distribution:
        """Simulated totals."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Doubts to show beside it."""


@dataclass(frozen=True)
class Attainment:
    """Where a period stands against its quota, in minor units.

    Parameters
    ----------
    starts_on, ends_on, as_of
        The period, and the last day of which everything is known.
    booked
        Won in the period up to the as-of date.
    forecast
        What is expected on top; None once the period is over.
    quota
        The target.
    pipeline_due
        Open pipeline at the as-of date expected to close by the end of the period, overdue or not.
    usual_conversion
        Amount won in the rest of past periods over the amount due in them with as many days left;
        None when no past period is known.
    past_periods
        How many past periods that rests on.
    warnings
        Doubts to show beside it.
    """

    starts_on: date
    ends_on: date
    as_of: date
    booked: int
    forecast: Rest | None
    quota: Quota
    pipeline_due: int
    usual_conversion: float | None
    past_periods: int
    warnings: tuple[str, ...] = ()

    @property
    def expected(self) -> float:
        """Booked and expected on top."""
        return self.booked + (self.forecast.expected if self.forecast else 0.0)

    @property
    def chance(self) -> float | None:
        """Share of the simulated periods that reach the quota; None without a quota."""
        if self.quota.target_minor is None:
            return None
        if self.forecast is None:
            return float(self.booked >= self.quota.target_minor)
        return self.forecast.distribution.plus(self.booked).chance_of(self.quota.target_minor)

    @property
    def still_needed(self) -> int | None:
        """Quota not booked yet; None without a quota, 0 once it is reached."""
        if self.quota.target_minor is None:
            return None
        return max(0, self.quota.target_minor - self.booked)

    @property
    def coverage(self) -> float | None:
        """Pipeline due in the period over what is still needed; None when nothing is needed."""
        return self.pipeline_due / self.still_needed if self.still_needed else None

    @property
    def coverage_needed(self) -> float | None:
        """Coverage that was enough in past periods at this day: 1 / the usual conversion."""
        return 1 / self.usual_conversion if self.usual_conversion else None


def read_quota(
    engine: Engine,
    currency: str,
    starts_on: date,
    ends_on: date,
    owner_ids: tuple[str, ...] = (),
) -> Quota:
    """Sum the quotas that lie within a period, each at the rate of its first day.

    A quota without an end counts when it starts in the period.
    """
    first, last = nw.lit(starts_on), nw.lit(ends_on)
    quotas = engine.table("quotas").filter(
        nw.col("starts_on") >= first,
        nw.col("starts_on") <= last,
        nw.col("ends_on").is_null() | (nw.col("ends_on") <= last),
    )
    if owner_ids:
        quotas = quotas.filter(nw.col("owner_id").is_in(owner_ids))
    priced = quotas.select(
        "owner_id",
        amount_minor=nw.col("target_minor"),
        currency=nw.when(nw.col("currency").is_null()).then(nw.lit("")).otherwise("currency"),
        rate_day=nw.col("starts_on"),
    )
    rows = collect(into_currency(engine, priced, currency))
    usable = rows.filter(pl.col(CONVERSION) != NO_RATE, pl.col(REVENUE).is_not_null())
    left_out = rows.height - usable.height
    return Quota(
        target_minor=None if usable.is_empty() else int(usable[REVENUE].sum()),
        owners=usable["owner_id"].n_unique(),
        warnings=(f"Quotas that cannot be counted in {currency}: {left_out}.",) if left_out else (),
    )


def attainment(
    histories: Histories,
    quota: Quota,
    as_of: date,
    period: tuple[date, date],
    settings: PipelineSettings | None = None,
    rest: Rest | None = None,
) -> Attainment:
    """Say where a period stands against its quota, as of a day in it or after it.

    Parameters
    ----------
    histories
        The company's deals.
    quota
        The target.
    as_of
        Last day of which everything is known.
    period
        First and last day.
    settings
        As for `forecast_pipeline`, where no rest is given.
    rest
        What is expected of the rest of the period; the pipeline forecast where not given.

    Raises
    ------
    InvalidParameterError
        If the as-of date is before the period.
    """
    starts_on, ends_on = period
    if as_of < starts_on - timedelta(days=1):
        raise InvalidParameterError(
            f"On {as_of} the period from {starts_on} has not begun.",
            "Choose an as-of date in the period.",
        )
    over = as_of >= ends_on
    forecast = None if over else rest or forecast_pipeline(histories, as_of, ends_on, settings)
    conversion, periods = _usual_conversion(histories, as_of, starts_on, ends_on)
    return Attainment(
        starts_on=starts_on,
        ends_on=ends_on,
        as_of=as_of,
        booked=booked(histories, starts_on, min(as_of, ends_on)),
        forecast=forecast,
        quota=quota,
        pipeline_due=0 if over else _due(histories, as_of, ends_on),
        usual_conversion=conversion,
        past_periods=periods,
        warnings=(*quota.warnings, *(forecast.warnings if forecast else ()), *_warnings(periods)),
    )


def booked(histories: Histories, starts_on: date, ends_on: date) -> int:
    """Return the amount won from the start of one day to the end of another, in minor units."""
    won = histories.deals.filter(
        pl.col("outcome") == "won",
        pl.col("closed_epoch").is_between(end_of(starts_on) - DAY, end_of(ends_on), closed="left"),
    )
    return int(won["amount_minor"].sum())


def _due(histories: Histories, as_of: date, ends_on: date) -> int:
    """Return the open pipeline expected to close by a day; what is overdue counts too."""
    now = replay(histories, end_of(as_of))
    return int(now.filter(pl.col("due_on") <= ends_on)["amount_minor"].sum())


def _usual_conversion(
    histories: Histories, as_of: date, starts_on: date, ends_on: date
) -> tuple[float | None, int]:
    """Return won in the rest of past periods over due then, with as many days left."""
    won, due, periods = 0, 0, 0
    for first, last in _periods_before(starts_on, ends_on):
        then = last - (ends_on - as_of)
        if then < first - timedelta(days=1) or end_of(then) <= histories.starts_at:
            break
        was_due = _due(histories, then, last)
        if was_due and then < last:
            won += booked(histories, then + timedelta(days=1), last)
            due, periods = due + was_due, periods + 1
    return (won / due if due else None), periods


def _periods_before(starts_on: date, ends_on: date) -> Iterator[tuple[date, date]]:
    """Yield periods of the same length backwards, counted in months where these are whole."""
    after = ends_on + timedelta(days=1)
    whole_months = starts_on.day == 1 and after.day == 1
    months = 12 * (after.year - starts_on.year) + after.month - starts_on.month
    first = starts_on
    for _ in range(_MOST_PERIODS):
        last = first - timedelta(days=1)
        if whole_months:
            start = first.year * 12 + first.month - 1 - months
            first = date(start // 12, start % 12 + 1, 1)
        else:
            first = first - (after - starts_on)
        yield first, last


def _warnings(periods: int) -> Iterator[str]:
    """Doubt what few periods say; of none nothing is said, so there is nothing to doubt."""
    if 0 < periods < _FEW_PERIODS:
        past = formats.counted(periods, "past period")
        yield f"How much pipeline has to cover the quota rests on {past}."
