"""The win rate three ways, each with its counts, from what was known on the day."""

from datetime import date

import pytest

from core.forecasting.win_rate import Share, win_rates
from tests.pipelines import Pipeline

PIPELINE = (
    Pipeline()
    .deal("W1", "2024-01-01", won="2024-01-11", owner="Ada")
    .deal("W2", "2024-02-01", won="2024-02-21", owner="Ada")
    .deal("L1", "2024-01-01", lost="2024-01-31", owner="Bo")
    .deal("O1", "2024-02-10", owner="Bo")
    .deal("F1", "2024-03-02", won="2024-03-20", owner="Bo")
)
AS_OF = date(2024, 2, 29)


def test_each_way_counts_its_own_deals():
    rates = win_rates(PIPELINE.histories(), AS_OF, date(2024, 2, 1))

    assert (rates.closed_basis.count, rates.closed_basis.out_of) == (1, 1)  # W2
    assert (rates.created_cohort.count, rates.created_cohort.out_of) == (1, 2)  # W2 of W2, O1
    assert (rates.curve.deals, rates.curve.wins, rates.curve.losses) == (4, 2, 1)


def test_the_future_is_not_known():
    then = win_rates(PIPELINE.histories(), date(2024, 1, 20))

    assert (then.curve.deals, then.curve.wins, then.curve.losses) == (2, 1, 0)


def test_open_deals_older_than_any_win_are_counted_and_named():
    rates = win_rates(PIPELINE.deal("Z", "2023-01-01").histories(), AS_OF)

    assert (rates.overdue_open.count, rates.overdue_open.out_of) == (1, 2)
    assert any("1 of 2 open deals are older" in warning for warning in rates.warnings)


def test_a_rate_of_nothing_is_no_number():
    assert Share(0, 0).rate is None
    assert Share(0, 0).band is None


def test_the_interval_is_wilsons():
    # n = 10, k = 5, z = 1.96: 0.5 +- 1.96/(1+0.384) x sqrt(0.025 + 0.0096) -> 0.2366, 0.7634
    assert Share(5, 10).band == pytest.approx((0.2366, 0.7634), abs=1e-4)
