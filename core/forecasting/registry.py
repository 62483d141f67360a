"""Every forecaster by name: what options, the leaderboard and the contract tests go through."""

from typing import Final

from core.errors import UnknownNameError
from core.forecasting.arima import Arima
from core.forecasting.average_season import AverageSeason
from core.forecasting.base import Forecaster
from core.forecasting.ces import ComplexSmoothing, LogComplexSmoothing
from core.forecasting.ensemble import MedianEnsemble
from core.forecasting.ets import DampedSmoothing, ExponentialSmoothing, SimpleSmoothing
from core.forecasting.prophet_model import ProphetModel
from core.forecasting.recent_mean import RecentMean
from core.forecasting.seasonal_naive import Naive, SeasonalNaive
from core.forecasting.smooth_season import SmoothSeason, SmoothSeasonLine
from core.forecasting.theta import LogTheta, Theta

# Chosen on rolling origins of training data among combinations of fast forecasters; half of them
# work on logarithms or ratios, so that the middle two seldom share an error.
MEDIAN_MEMBERS: Final[tuple[Forecaster, ...]] = (
    DampedSmoothing(),
    Theta(),
    LogTheta(),
    LogComplexSmoothing(),
    AverageSeason(),
    SmoothSeason(),
    SmoothSeasonLine(),
    ProphetModel(),
)
FORECASTERS: Final[dict[str, Forecaster]] = {
    each.name: each
    for each in (
        MedianEnsemble(MEDIAN_MEMBERS),
        *MEDIAN_MEMBERS,
        ExponentialSmoothing(),
        ComplexSmoothing(),
        Arima(),
        SimpleSmoothing(),
        RecentMean(),
        Naive(),
        SeasonalNaive(),
    )
}
BASELINE: Final = SeasonalNaive().name


def forecaster(name: str) -> Forecaster:
    """Return a forecaster by name.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    if name not in FORECASTERS:
        raise UnknownNameError.among("forecaster", name, FORECASTERS)
    return FORECASTERS[name]
