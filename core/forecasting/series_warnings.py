"""The doubts a forecast is shown with: short or filled history, drift, no gain on the baseline."""

from typing import Final

import numpy as np

from core.forecasting.backtest import Answers, Backtest
from core.forecasting.drift import drift_warning
from core.forecasting.scoring import interval_hits
from core.forecasting.series import Series
from core.forecasting.series_results import Choice, Standing
from core.formats import counted

_FEW_ORIGINS: Final = 6
_MANY_ERRORS: Final = 30


def series_warnings(
    now: Answers,
    past: Backtest,
    level: float,
    lines: tuple[Standing, ...],
    series: Series,
) -> tuple[str, ...]:
    """Return every doubt about a forecast, in the order in which they matter."""
    record = next(line for line in lines if line.name == now.choice.name)
    one_step = interval_hits(past, level, 80)[:, 0] if past.origins else np.array([])
    found = (
        _simple_because(now.choice),
        _gaps(series),
        _constant(series),
        _left_out(now),
        _few_errors(record),
        _not_better(record),
        drift_warning(one_step),
    )
    return tuple(each for each in found if each)


def _simple_because(choice: Choice) -> str:
    return choice.reason if choice.name in ("simple_smoothing", "recent_mean") else ""


def _gaps(series: Series) -> str:
    if not series.filled:
        return ""
    noun = "period was" if len(series.filled) == 1 else "periods were"
    return f"{len(series.filled)} missing {noun} filled; no error is measured on them."


def _constant(series: Series) -> str:
    if not series.is_constant or len(series) == 1:
        return ""
    return (
        f"Every one of the {len(series)} periods has the same value, so the history cannot tell "
        "how far the future may stray from it."
    )


def _left_out(now: Answers) -> str:
    problems = [made.problem for made in now.attempts.values() if made.problem]
    return " ".join(f"Left out: {problem}" for problem in problems)


def _few_errors(record: Standing) -> str:
    if record.origins >= _FEW_ORIGINS or record.n >= _MANY_ERRORS:
        return ""
    return (
        f"The interval rests on {counted(record.n, 'past error')} from "
        f"{counted(record.origins, 'origin')} and otherwise on what is usual for business "
        "series: read it as a rough guide."
    )


def _not_better(record: Standing) -> str:
    if record.name == "seasonal_naive" or record.skill.verdict.startswith("better"):
        return ""
    if record.skill.value is None or record.skill.low is None:
        return ""
    return f"Replayed on this history, the forecast is {record.skill.verdict}."
