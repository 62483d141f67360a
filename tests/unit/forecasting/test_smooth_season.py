"""A smooth season is found where it was seen often, and hardly believed where it was not."""

from datetime import date

import numpy as np
import pytest

from core.errors import ForecastError
from core.forecasting.frequency import Frequency, Grid
from core.forecasting.series import Series
from core.forecasting.smooth_season import SmoothSeason, SmoothSeasonLine, smooth_season

TIMES = np.arange(132)
WAVE = 0.3 * np.sin(TIMES * np.pi / 6)
HALF_WAVE = 0.3 * np.sin(TIMES * np.pi / 3)


def history(logarithms, frequency=Frequency.MONTH):
    values = tuple(np.exp(logarithms).tolist())
    return Series("won", Grid(frequency), date(2015, 1, 1), values)


def kept(wave, periods):
    """Return what share of a wave is said to come."""
    said = smooth_season(wave[:periods], 12, 12)[periods:]
    return np.ptp(said) / np.ptp(wave)


def test_a_season_seen_ten_times_is_continued():
    made = SmoothSeason().forecast(history(5 + WAVE[:120]), 12)
    assert np.log(made) == pytest.approx(5 + WAVE[120:], abs=0.03)


def test_the_fewer_seasons_were_seen_the_less_is_believed():
    shares = [kept(WAVE, 12 * seasons) for seasons in (2, 3, 5, 10)]
    assert shares == sorted(shares)
    assert 0.7 < shares[0] < 0.8
    assert shares[-1] > 0.93


def test_the_faster_wave_is_believed_less():
    assert kept(HALF_WAVE, 36) < 0.8 * kept(WAVE, 36)


def test_a_trend_is_not_taken_for_a_season():
    assert smooth_season(5 + 0.02 * TIMES, 6, 12) == pytest.approx(np.zeros(138), abs=1e-9)


def test_steady_growth_goes_on_along_the_line():
    # 2 % a month: the mean of the last 12 of 36 is at 29.5, and 29.5 + 5.5 + h = 35 + h.
    made = SmoothSeasonLine().forecast(history(5 + 0.02 * TIMES[:36]), 3)
    assert np.log(made) == pytest.approx(5 + 0.02 * np.array([36, 37, 38]))


def test_years_have_no_season_and_go_on():
    steady = history(np.full(6, 5.0), Frequency.YEAR)
    assert SmoothSeason().forecast(steady, 2) == pytest.approx(np.exp([5.0, 5.0]))


@pytest.mark.parametrize("forecaster", [SmoothSeason(), SmoothSeasonLine()])
def test_a_zero_has_no_logarithm(forecaster):
    zero = Series("won", Grid(Frequency.MONTH), date(2015, 1, 1), (0.0, *[5.0] * 29))
    with pytest.raises(ForecastError, match="needs values above zero"):
        forecaster.forecast(zero, 3)
