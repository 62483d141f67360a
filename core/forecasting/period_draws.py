"""Chances and simulated total of one period out of several."""

from typing import Final

import numpy as np
import numpy.typing as npt

from core.forecasting.forecast_question import ForecastQuestion
from core.forecasting.landmarks import Floats
from core.forecasting.outlook_parts import month_groups
from core.forecasting.pipeline import Basis
from core.forecasting.series_results import LEVELS
from core.forecasting.simulate import Distribution, Simulation

DRAWS: Final = 4_000
"""Simulated totals of each period."""


def chances_by_period(
    by_end: Floats, ends_days: Floats, question: ForecastQuestion, share: tuple[float, ...] = ()
) -> list[Floats]:
    """Return each deal's chance to be decided in each period.

    Parameters
    ----------
    by_end
        Its chance to be decided by the end of each step, deal x step.
    ends_days
        Ends of the steps; the ends of months are among them.
    question
        The periods.
    share
        What of the chances stands, by month; all of it where not given.
    """
    months = [days for _, days in question.by_month.days_ahead]
    reached = by_end[:, np.searchsorted(ends_days, months)]
    within = np.diff(reached, axis=1, prepend=0.0) * (np.asarray(share) if share else 1.0)
    grouped = np.add.reduceat(within, month_groups(question), axis=1)
    return list(grouped.T)


def period_simulation(
    basis: Basis, chances: Floats, fresh: float, spread_factor: float
) -> Simulation:
    """Return what is drawn: open deals by their chances, new business in sizes of past wins."""
    sizes = basis.new.amounts
    mean = float(sizes.mean()) if len(sizes) else 0.0
    return Simulation(
        amounts=basis.amounts,
        chances=chances,
        new_wins=fresh / mean if mean else 0.0,
        new_amounts=sizes,
        new_expected=fresh,
        spread_factor=spread_factor,
    )


def intervals(
    draws: tuple[Distribution, ...], forecast: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.int64]]:
    """Return ``lo50, hi50, lo80, …`` of each period, in whole minor units.

    One unlikely whale can put the mean above most draws: an interval always holds the forecast.
    """
    ends: dict[str, npt.NDArray[np.int64]] = {}
    for level in LEVELS:
        low, high = (
            np.rint([one.quantile(0.5 + sign * level / 200) for one in draws]).astype(np.int64)
            for sign in (-1, 1)
        )
        ends[f"lo{level}"] = np.minimum(low, forecast)
        ends[f"hi{level}"] = np.maximum(high, forecast)
    return ends
