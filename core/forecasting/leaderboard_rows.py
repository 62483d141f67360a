"""Leaderboards as rows: the outlook with its parts and baselines, and the methods of the series."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from core import formats
from core.forecasting.outlook_results import OutlookStanding
from core.forecasting.series_results import Coverage, Skill, Standing

_LEVELS: Final = (80, 95)
_SCHEMA: Final = {
    "title": pl.String,
    "chosen": pl.Boolean,
    "error": pl.String,
    "mae_minor": pl.Float64,
    "bias_minor": pl.Float64,
    "skill": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "verdict": pl.String,
    **{f"inside{level}": pl.Float64 for level in _LEVELS},
    **{f"band{level}": pl.String for level in _LEVELS},
    "n": pl.Int64,
    "origins": pl.Int64,
    "problem": pl.String,
}


def outlook_rows(standings: Sequence[OutlookStanding]) -> pl.DataFrame:
    """Return one row a way to forecast, the smallest error first.

    Returns
    -------
    polars.DataFrame
        ``title, chosen, error, mae_minor, bias_minor, skill, low, high, verdict, inside80,
        inside95, band80, band95, n, origins, problem``. ``error`` is the weighted error as text,
        ``inside80`` the share of values inside the 80 % interval, ``band80`` its 95 % band and the
        values it rests on, as text.
    """
    rows = [
        _row(line, formats.percent(line.wape), chosen=line.name == "outlook")
        for line in standings
        if line.n
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


def series_rows(leaderboard: Sequence[Standing], chosen: str) -> pl.DataFrame:
    """Return one row a method of the time series; the columns are those of `outlook_rows`.

    ``error`` is the mean absolute error over that of repeating last season (MASE), as text.
    """
    rows = [
        _row(
            line,
            formats.NOT_KNOWN if line.mase is None else f"{line.mase:.2f} MASE",
            chosen=line.name == chosen,
            problem=line.problem,
        )
        for line in leaderboard
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


def _row(
    line: OutlookStanding | Standing, error: str, *, chosen: bool, problem: str = ""
) -> dict[str, object]:
    covered = {coverage.level: coverage for coverage in line.coverage}
    skill: Skill = line.skill
    return {
        "title": line.title,
        "chosen": chosen,
        "error": error,
        "mae_minor": line.mae,
        "bias_minor": line.bias,
        "skill": skill.value,
        "low": skill.low,
        "high": skill.high,
        "verdict": skill.verdict,
        **{f"inside{level}": _share(covered.get(level)) for level in _LEVELS},
        **{f"band{level}": _band(covered.get(level)) for level in _LEVELS},
        "n": line.n,
        "origins": line.origins,
        "problem": problem,
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
