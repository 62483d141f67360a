"""Velocity is the product of four factors that are shown, or not defined for a stated reason."""

from datetime import date

import pytest

from core.errors import UnknownNameError
from core.forecasting.velocity import velocity, velocity_by
from tests.pipelines import Pipeline

AS_OF, SINCE = date(2024, 3, 31), date(2024, 1, 1)
PIPELINE = (
    Pipeline()
    .deal("W1", "2024-01-01", 100, won="2024-01-11", region="North")
    .deal("W2", "2024-01-01", 300, won="2024-01-31", region="North")
    .deal("L1", "2024-01-01", 500, lost="2024-02-01", region="North")
    .deal("L2", "2024-01-01", 500, lost="2024-02-01", region="South")
    .deal("O1", "2024-03-01", 900, region="North")
    .deal("O2", "2024-03-01", 900, region="North")
    .deal("O3", "2024-03-01", 900, region="North")
)


def test_the_four_factors_and_their_product():
    result = velocity(PIPELINE.histories(), AS_OF, SINCE)

    # 3 open x 2/4 x 200 mean / 20 mean days = 15 a day; the medians of two equal their means.
    assert (result.open_deals.value, result.win_rate.value) == (3, 0.5)
    assert (result.won_amount.value, result.cycle_days.value) == (200, 20)
    assert (result.win_rate.n, result.won_amount.n, result.cycle_days.median) == (4, 2, 20)
    assert result.per_day == pytest.approx(15)
    assert "rest on 2 deals won" in result.warnings[0]


def test_segments_use_their_own_factors():
    north, south = velocity_by(PIPELINE.histories(), AS_OF, SINCE, "region")

    # North: 3 x 2/3 x 200 / 20
    assert (north.segment, north.per_day) == ("North", pytest.approx(20))
    assert (south.segment, south.per_day, south.reason) == ("South", None, "No deal is open.")


@pytest.mark.parametrize(
    ("pipeline", "reason"),
    [
        (Pipeline().deal("O", "2024-01-01"), "No deal was closed in the window."),
        (
            Pipeline().deal("O", "2024-01-01").deal("L", "2024-01-01", lost="2024-02-01"),
            "No deal was won in the window.",
        ),
        (
            Pipeline().deal("O", "2024-01-01").deal("W", "2024-01-01", None, won="2024-02-01"),
            "No deal won in the window has an amount.",
        ),
        (
            Pipeline().deal("O", "2024-01-01").deal("W", "2024-01-01", won="2024-01-01"),
            "Every deal won in the window was won the moment it was created.",
        ),
    ],
)
def test_not_defined_is_said_and_is_no_number(pipeline, reason):
    result = velocity(pipeline.histories(), AS_OF, SINCE)

    assert (result.per_day, result.reason) == (None, reason)


def test_a_segment_that_does_not_exist_is_named():
    with pytest.raises(UnknownNameError, match="no segment called 'regoin'"):
        velocity_by(PIPELINE.histories(), AS_OF, SINCE, "regoin")
