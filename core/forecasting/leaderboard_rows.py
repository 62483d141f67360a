"""A leaderboard as rows: error, skill and coverage, each with how sure it is."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from core import formats
from core.forecasting.outlook_record import OUTLOOK
from core.forecasting.outlook_results import OutlookStanding
from core.forecasting.series_results import Coverage

_LEVELS: Final = (80, 95)
_SCHEMA: Final = {
    "title": pl.String,
    "chosen": pl.Boolean,
    "error": pl.String,
    "mae_minor": pl.Float64,
    "mase": pl.Float64,
    "bias_minor": pl.Float64,
    "skill": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "verdict": pl.String,
    **{f"inside{level}": pl.Float64 for level in _LEVELS},
    **{f"band{level}": pl.String for level in _LEVELS},
    "n": pl.Int64,
    "origins": pl.Int64,
}


def outlook_rows(standings: Sequence[OutlookStanding]) -> pl.DataFrame:
    """Return one row a way to forecast, the smallest error first.

    Returns
    -------
    polars.DataFrame
        ``title, chosen, error, mae_minor, mase, bias_minor, skill, low, high, verdict, inside80,
        inside95, band80, band95, n, origins``. ``error`` is the weighted error as text,
        ``inside80`` the share of values inside the 80 % interval, ``band80`` its 95 % band and the
        values it rests on, as text.
    """
    return pl.DataFrame([_row(line) for line in standings if line.n], schema=_SCHEMA)


def _row(line: OutlookStanding) -> dict[str, object]:
    covered = {coverage.level: coverage for coverage in line.coverage}
    return {
        "title": line.title,
        "chosen": line.name == OUTLOOK,
        "error": formats.percent(line.wape),
        "mae_minor": line.mae,
        "mase": line.mase,
        "bias_minor": line.bias,
        "skill": line.skill.value,
        "low": line.skill.low,
        "high": line.skill.high,
        "verdict": line.skill.verdict,
        **{f"inside{level}": _share(covered.get(level)) for level in _LEVELS},
        **{f"band{level}": _band(covered.get(level)) for level in _LEVELS},
        "n": line.n,
        "origins": line.origins,
    }


def _share(found: Coverage | None) -> float | None:
    return found.share if found else None


def _band(found: Coverage | None) -> str | None:
    if found is None or not found.n:
        return None
    return (
        f"{found.hits} of {found.n}, {formats.percent(found.low, 0)} to "
        f"{formats.percent(found.high, 0)}"
    )
