"""The open deals and the simulated total of one period out of several."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from core.forecasting.landmarks import Floats
from core.forecasting.pipeline import Basis, PipelineForecast
from core.forecasting.series_results import LEVELS
from core.forecasting.simulate import Distribution, Simulation

DRAWS: Final = 4_000
"""Simulated totals of each period."""


def chances_within(by_end: Floats, ends_days: Floats, days: tuple[float, float]) -> Floats:
    """Return each deal's chance to be decided after one day and up to another."""
    steps = [int(np.searchsorted(ends_days, day)) for day in days]
    before = by_end[:, steps[0]] if days[0] > 0 else np.zeros(len(by_end))
    within: Floats = by_end[:, steps[1]] - before
    return within


def period_simulation(
    basis: Basis, chances: Floats, rest: float, spread_factor: float
) -> Simulation:
    """Return what is drawn so that the mean is the outlook's rest of the period.

    What the open deals do not bring comes from new business, whose sizes are those of past wins.
    """
    open_deals = float(basis.amounts @ chances)
    fresh = max(0.0, rest - open_deals)
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


def deals_within(pipeline: PipelineForecast, days: tuple[float, float]) -> pl.DataFrame:
    """Return the open deals with their chances and expectation in one period.

    ``p_slip`` is what is left: neither won nor lost in the period.
    """
    outcomes = pipeline.basis.outcomes
    won, lost = (
        np.clip(chances_within(by_end, outcomes.ends_days, days), 0.0, 1.0)
        for by_end in (outcomes.won, outcomes.lost)
    )
    return pipeline.deals.with_columns(
        p_win=pl.Series(won),
        p_lose=pl.Series(lost),
        p_slip=pl.Series(np.clip(1.0 - won - lost, 0.0, 1.0)),
    ).with_columns(
        expected_minor=pl.when(pl.col("win_amount_minor").is_not_null()).then(
            pl.col("win_amount_minor") * pl.col("p_win")
        )
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
