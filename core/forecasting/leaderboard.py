"""The leaderboard: every forecaster replayed on this history, the smallest error first."""

from collections.abc import Iterable

import numpy as np

from core.forecasting.backtest import CHOSEN, Answers, Backtest
from core.forecasting.registry import forecaster
from core.forecasting.scoring import coverage, naive_scale, skill
from core.forecasting.series import Series
from core.forecasting.series_results import Standing


def leaderboard(series: Series, now: Answers, past: Backtest, level: float) -> tuple[Standing, ...]:
    """Return one line a forecaster: error, skill against the baseline, coverage, bias.

    The headline's line is what its rule would have said at each origin; where a history then was
    too short for the method it has now, that was a simpler one.
    """
    names = dict.fromkeys((now.choice.name, *now.attempts))
    lines = [_standing(series, name, now, past, level) for name in names]
    return tuple(sorted(lines, key=_rank))


def _rank(line: Standing) -> tuple[bool, float]:
    return (line.mae is None, line.mae or 0.0)


def _standing(series: Series, name: str, now: Answers, past: Backtest, level: float) -> Standing:
    replayed = CHOSEN if name == now.choice.name else name
    errors = past.errors(replayed)
    known = errors[~np.isnan(errors)]
    scale = naive_scale(series.array, series.season_length)
    mae = _mean(np.abs(known))
    made = now.attempts.get(name)
    return Standing(
        name=name,
        title=forecaster(name).title,
        mae=mae,
        mase=mae / scale if mae is not None and scale else None,
        bias=_mean(-known),
        skill=skill(past, replayed),
        coverage=coverage(past, level, replayed),
        origins=int((~np.isnan(errors)).any(axis=1).sum()),
        n=len(known),
        problem=made.problem if made else "",
    )


def _mean(values: Iterable[float]) -> float | None:
    array = np.asarray(values, dtype=np.float64)
    return float(array.mean()) if array.size else None
