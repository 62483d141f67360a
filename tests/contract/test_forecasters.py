"""What every registered forecaster promises, whatever it is made of."""

from datetime import date

import numpy as np
import pytest

from core.errors import InvalidParameterError
from core.forecasting.base import attempt
from core.forecasting.frequency import Frequency, Grid
from core.forecasting.registry import FORECASTERS
from core.forecasting.series import Gaps, Series, regular_series
from core.forecasting.series_forecast import forecast_series
from core.forecasting.series_results import ForecastOptions

MONTHS = Grid(Frequency.MONTH)
START = date(2021, 1, 1)
SEASON = 100 + 30 * np.sin(np.arange(48) * np.pi / 6)


def monthly(*values):
    return Series("won", MONTHS, START, tuple(float(value) for value in values))


def seasonal(periods=30):
    noise = np.random.default_rng(1).normal(0, 5, 48)
    return monthly(*(SEASON + noise)[:periods])


HISTORIES = {
    "constant": monthly(*[250] * 26),
    "all zero": monthly(*[0] * 26),
    "one sale": monthly(*[0] * 25, 900),
    "sparse": monthly(*[0, 0, 3] * 9),
    "negative": monthly(*(-SEASON[:26])),
    "tiny numbers": monthly(*(SEASON[:26] * 1e-9)),
    "huge numbers": monthly(*(SEASON[:26] * 1e12)),
    "steep": monthly(*(2.0 ** np.arange(26))),
    **{f"{n} periods": seasonal(n) for n in (1, 2, 3, 5, 8, 9, 11, 13, 23, 24)},
}


@pytest.fixture(params=FORECASTERS.values(), ids=FORECASTERS.keys())
def any_forecaster(request):
    return request.param


def test_names_are_the_registry_keys(any_forecaster):
    assert FORECASTERS[any_forecaster.name] is any_forecaster
    assert any_forecaster.title


@pytest.mark.parametrize("horizon", [1, 14])
def test_gives_one_finite_value_a_period(any_forecaster, horizon):
    made = attempt(any_forecaster, seasonal(), horizon)
    assert made.values is not None
    assert made.values.shape == (horizon,)
    assert np.isfinite(made.values).all()


def test_the_same_history_gives_the_same_forecast(any_forecaster):
    first, second = (attempt(any_forecaster, seasonal(), 3).values for _ in range(2))
    assert first.tolist() == second.tolist()


def test_a_constant_history_continues(any_forecaster):
    made = attempt(any_forecaster, HISTORIES["constant"], 4)
    assert made.values == pytest.approx([250] * 4, rel=1e-3)


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_answers_or_says_why_not(any_forecaster, history):
    made = attempt(any_forecaster, history, 3)
    if made.values is None:
        assert made.problem.endswith(".")
    else:
        assert np.isfinite(made.values).all()
        assert np.abs(made.values).max() <= 1_000 * max(np.abs(history.array).max(), 1e-12)


def test_refuses_a_history_below_its_own_minimum(any_forecaster):
    needed = any_forecaster.minimum_periods(12)
    if needed > 1:
        made = attempt(any_forecaster, seasonal(needed - 1), 3)
        assert str(needed) in made.problem


def test_does_not_change_the_history(any_forecaster):
    history = seasonal()
    before = history.array.tolist()
    attempt(any_forecaster, history, 3)
    assert history.array.tolist() == before


def test_a_horizon_of_nothing_is_refused(any_forecaster):
    with pytest.raises(InvalidParameterError, match="at least 1"):
        attempt(any_forecaster, seasonal(), 0)


@pytest.mark.parametrize("history", [seasonal(26), HISTORIES["sparse"]], ids=["seasonal", "sparse"])
def test_intervals_are_nested_and_not_below_the_floor(any_forecaster, history):
    options = ForecastOptions(model=any_forecaster.name, origins=2)
    frame = forecast_series(history, 3, options).frame
    for row in frame.iter_rows(named=True):
        ordered = [row[name] for name in ORDER]
        assert ordered == sorted(ordered)
        assert ordered[0] >= 0


def test_a_gap_is_filled_before_a_forecaster_sees_it(any_forecaster):
    whole = seasonal(28)
    pairs = [pair for i, pair in enumerate(zip(whole.dates, whole.values, strict=True)) if i != 9]
    gappy = regular_series("won", MONTHS, pairs, Gaps.INTERPOLATE)
    assert attempt(any_forecaster, gappy, 2).values is not None


ORDER = ("lo95", "lo80", "lo50", "forecast", "hi50", "hi80", "hi95")
