"""Every forecaster by name: what options, the leaderboard and the contract tests go through."""

from typing import Final

from core.errors import UnknownNameError
from core.forecasting.arima import Arima
from core.forecasting.base import Forecaster
from core.forecasting.ces import ComplexSmoothing
from core.forecasting.ensemble import MedianEnsemble
from core.forecasting.ets import DampedSmoothing, ExponentialSmoothing, SimpleSmoothing
from core.forecasting.prophet_model import ProphetModel
from core.forecasting.recent_mean import RecentMean
from core.forecasting.seasonal_naive import Naive, SeasonalNaive
from core.forecasting.theta import Theta

MEDIAN_MEMBERS: Final[tuple[Forecaster, ...]] = (
    DampedSmoothing(),
    Theta(),
    ComplexSmoothing(),
    ProphetModel(),
)
FORECASTERS: Final[dict[str, Forecaster]] = {
    each.name: each
    for each in (
        MedianEnsemble(MEDIAN_MEMBERS),
        *MEDIAN_MEMBERS,
        ExponentialSmoothing(),
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
