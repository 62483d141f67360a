"""The win-rate curve as rows: for charts, tables and text, cut where too few deals are left."""

from typing import Final

import numpy as np
import polars as pl

from core.forecasting.incidence import Incidence
from core.forecasting.win_rate import WinRates

FEWEST_AT_RISK: Final = 10
"""Deals open and watched below which the curve is not drawn any further."""

_POINTS: Final = 240
_MOST_MARKS: Final = 8
_STEPS_DAYS: Final = (7, 14, 30, 60, 90, 180, 365, 730)
_NEARLY_ALL: Final = 0.9


def curve_rows(curve: Incidence) -> pl.DataFrame:
    """Return the curve from day 0 to the last day at which ten deals were still at risk.

    Returns
    -------
    polars.DataFrame
        ``days, won, low, high, lost``, at most some hundred rows; the band is of 95 %. Empty when
        no deal was decided.
    """
    until = _drawn_until(curve)
    days = np.linspace(0.0, until, _POINTS) if until else np.empty(0)
    bands = [curve.band(float(day)) for day in days]
    return pl.DataFrame(
        {
            "days": days,
            "won": [curve.won_by(float(day)) for day in days],
            "low": [low for low, _ in bands],
            "high": [high for _, high in bands],
            "lost": [curve.lost_by(float(day)) for day in days],
        },
        schema=dict.fromkeys(("days", "won", "low", "high", "lost"), pl.Float64),
    )


def mark_rows(curve: Incidence) -> pl.DataFrame:
    """Return the curve at round days, with how many deals were still open and watched then.

    Returns
    -------
    polars.DataFrame
        ``days, won, low, high, lost, still_open, at_risk``; day 0 first.
    """
    until = _drawn_until(curve)
    step = next((step for step in _STEPS_DAYS if until / step <= _MOST_MARKS), _STEPS_DAYS[-1])
    days = [float(day) for day in range(0, int(until) + 1, step)] if until else []
    bands = [curve.band(day) for day in days]
    return pl.DataFrame(
        {
            "days": days,
            "won": [curve.won_by(day) for day in days],
            "low": [low for low, _ in bands],
            "high": [high for _, high in bands],
            "lost": [curve.lost_by(day) for day in days],
            "still_open": [curve.open_after(day) for day in days],
            "at_risk": [_at_risk(curve, day) for day in days],
        },
        schema={
            **dict.fromkeys(("days", "won", "low", "high", "lost", "still_open"), pl.Float64),
            "at_risk": pl.Int64,
        },
    )


def telling_day(marks: pl.DataFrame) -> float | None:
    """Return the first marked day by which nearly all wins have come; None without a win.

    It is the day at which one number stands for the curve: earlier is too early to tell, later
    adds nothing.
    """
    if marks.is_empty() or not marks["won"][-1]:
        return None
    enough = marks.filter(pl.col("won") >= _NEARLY_ALL * marks["won"][-1])
    return float(enough["days"][0])


def _drawn_until(curve: Incidence) -> float:
    if not len(curve.days):
        return 0.0
    crowded = curve.days[curve.at_risk >= FEWEST_AT_RISK]
    return float(crowded[-1] if len(crowded) else curve.days[-1])


def _at_risk(curve: Incidence, day: float) -> int:
    place = int(np.searchsorted(curve.days, day, side="left"))
    return int(curve.at_risk[place]) if place < len(curve.days) else 0


def rate_rows(rates: WinRates) -> pl.DataFrame:
    """Return the win rate three ways with the band of each and what it is used for.

    Returns
    -------
    polars.DataFrame
        ``basis, rate, low, high, n, feeds``; bands are of 95 %, n counts the deals.
    """
    day = telling_day(mark_rows(rates.curve))
    rows = []
    for basis, share, feeds in (
        (
            "Closed basis",
            rates.closed_basis,
            "won of those closed; reads high, as losses are admitted late. Feeds velocity.",
        ),
        (
            "Created cohort",
            rates.created_cohort,
            "won so far of those created; reads low while they are young. Feeds nothing.",
        ),
    ):
        low, high = share.band or (None, None)
        rows.append((basis, share.rate, low, high, share.out_of, feeds))
    if day is not None:
        quote = "open deals counted as open; the one to quote. Feeds the curve."
        low, high = rates.curve.band(day)
        rows.append(
            (f"Within {day:.0f} days", rates.curve.won_by(day), low, high, rates.curve.deals, quote)
        )
    schema = {"basis": pl.String, "rate": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    return pl.DataFrame(rows, schema={**schema, "n": pl.Int64, "feeds": pl.String}, orient="row")
