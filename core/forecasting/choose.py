"""Which method a history can support, with the reason in words."""

from typing import Final

from core.forecasting.registry import MEDIAN_MEMBERS, forecaster
from core.forecasting.series import Series
from core.forecasting.series_results import Choice
from core.forecasting.statsforecast_models import LONGEST_SEASON

AUTO: Final = "auto"
_SMOOTHING_NEEDS: Final = 4
_MEDIAN_NEEDS: Final = 12
_LONG_SEASON_NEEDS: Final = 26
_CYCLES: Final = 2


def choose(history: Series, model: str = AUTO) -> Choice:
    """Return the method for a history: the simpler the shorter, or the one asked for.

    Raises
    ------
    UnknownNameError
        If a model is asked for that does not exist.
    """
    if model != AUTO:
        return _choice(model, "It was asked for by name.")
    periods, needed = len(history), median_needs(history.season_length)
    noun = history.grid.frequency
    if periods >= needed:
        return _choice(
            "median",
            f"{periods} {noun}s of history are enough for the median of several methods, "
            "which no single one of them can pull away.",
        )
    if periods >= _SMOOTHING_NEEDS:
        return _choice(
            "simple_smoothing",
            f"{periods} {noun}s of history are fewer than the {needed} that trend and season "
            "need to be told from noise, so the recent level is continued.",
        )
    return _choice(
        "recent_mean",
        f"{_counted(periods, noun)} of history can only be averaged; {_SMOOTHING_NEEDS} are needed "
        f"for smoothing and {needed} for trend and season.",
    )


def fallback(refused: Choice) -> Choice:
    """Return what stands in when no member of the chosen method has an answer."""
    return _choice(
        "recent_mean", f"{refused.title} gave no forecast, so the mean of recent periods stands in."
    )


def median_needs(season_length: int) -> int:
    """Return the periods the median needs: two full seasons, never under twelve.

    >>> median_needs(12), median_needs(4), median_needs(52)
    (24, 12, 26)
    """
    if season_length > LONGEST_SEASON:
        return _LONG_SEASON_NEEDS
    return max(_MEDIAN_NEEDS, _CYCLES * season_length)


def _choice(name: str, reason: str) -> Choice:
    chosen = forecaster(name)
    is_median = name == "median"
    members = tuple(member.name for member in MEDIAN_MEMBERS) if is_median else (name,)
    return Choice(name, chosen.title, members, reason)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
