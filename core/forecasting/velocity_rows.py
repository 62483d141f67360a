"""Velocities as rows: each with its four factors and the number of deals each rests on."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from core.forecasting.velocity import Velocity

_SCHEMA: Final = {
    "segment": pl.String,
    "per_day_minor": pl.Float64,
    "open_deals": pl.Int64,
    "win_rate": pl.Float64,
    "closed_deals": pl.Int64,
    "mean_minor": pl.Float64,
    "median_minor": pl.Float64,
    "priced_deals": pl.Int64,
    "mean_days": pl.Float64,
    "median_days": pl.Float64,
    "won_deals": pl.Int64,
    "reason": pl.String,
}


def velocity_rows(found: Sequence[Velocity]) -> pl.DataFrame:
    """Return one row a velocity, the fastest first; amounts in minor units.

    Returns
    -------
    polars.DataFrame
        ``segment, per_day_minor, open_deals, win_rate, closed_deals, mean_minor, median_minor,
        priced_deals, mean_days, median_days, won_deals, reason``. ``priced_deals`` are the won
        deals behind the amounts, ``won_deals`` those behind the days; ``reason`` says why a
        velocity is not defined.
    """
    rows = pl.DataFrame([_row(each) for each in found], schema=_SCHEMA)
    return rows.sort("per_day_minor", "segment", descending=[True, False], nulls_last=True)


def _row(found: Velocity) -> dict[str, object]:
    return {
        "segment": found.segment,
        "per_day_minor": found.per_day,
        "open_deals": found.open_deals.n,
        "win_rate": found.win_rate.value,
        "closed_deals": found.win_rate.n,
        "mean_minor": found.won_amount.value,
        "median_minor": found.won_amount.median,
        "priced_deals": found.won_amount.n,
        "mean_days": found.cycle_days.value,
        "median_days": found.cycle_days.median,
        "won_deals": found.cycle_days.n,
        "reason": found.reason,
    }
