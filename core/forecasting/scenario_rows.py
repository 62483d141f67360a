"""Scenarios side by side: what each makes of one period, against the base."""

from collections.abc import Iterable

import polars as pl

from core.forecasting.outlook_scenarios import PlayedOutlook

_SCHEMA = {
    "scenario": pl.String,
    "forecast_minor": pl.Int64,
    "delta_minor": pl.Int64,
    "lo80": pl.Int64,
    "hi80": pl.Int64,
    "chance": pl.Float64,
    "all_periods_delta_minor": pl.Int64,
}


def scenario_rows(
    played: Iterable[PlayedOutlook], target_minor: int | None, number: int = 0
) -> pl.DataFrame:
    """Return one row a scenario, in the order given.

    Parameters
    ----------
    played
        The scenarios, played on one outlook.
    target_minor
        The quota of the period; None leaves the chance unknown.
    number
        Which period, the first being 0.

    Returns
    -------
    polars.DataFrame
        ``scenario, forecast_minor, delta_minor, lo80, hi80, chance, all_periods_delta_minor``;
        deltas are to the base forecast, the last one over all periods asked about.
    """
    return pl.DataFrame([_row(one, target_minor, number) for one in played], schema=_SCHEMA)


def _row(played: PlayedOutlook, target_minor: int | None, number: int) -> dict[str, object]:
    period = played.frame.row(number, named=True)
    chance = None if target_minor is None else played.draws[number].chance_of(target_minor)
    return {
        "scenario": played.scenario.name,
        **{name: period[name] for name in ("forecast_minor", "delta_minor", "lo80", "hi80")},
        "chance": chance,
        "all_periods_delta_minor": played.delta,
    }
