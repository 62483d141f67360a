"""Business not yet created is what past dates went on to win from deals created after them."""

from datetime import date

import pytest

from core.forecasting.competing_risks import step_ends
from core.forecasting.histories import end_of
from core.forecasting.new_business import expect_new_business
from tests.pipelines import Pipeline


def weekly(won_after_days, amount=100, weeks=10):
    """Return a company that creates a deal each Wednesday and wins it some days later."""
    pipeline = Pipeline()
    for week in range(weeks):
        created = date(2024, 1, 3).toordinal() + 7 * week
        pipeline = pipeline.deal(
            f"D{week}",
            date.fromordinal(created).isoformat(),
            amount,
            won=date.fromordinal(created + won_after_days).isoformat(),
        )
    return pipeline.histories()


def expected(histories, days, half_lives=(None,)):
    return expect_new_business(histories, end_of(date(2024, 3, 3)), step_ends(days), half_lives)


def test_every_past_sunday_went_on_to_win_one_new_deal_a_week():
    new = expected(weekly(2), 14)

    assert new.expected.tolist() == pytest.approx([100, 200])
    assert new.wins.tolist() == pytest.approx([1, 2])


def test_deals_already_created_are_not_new():
    # Won 12 days after a Wednesday: seen from a Sunday, the deal of the next Wednesday is won on
    # the Monday 15 days later, in the third week and not before.
    assert expected(weekly(12), 21).expected.tolist() == pytest.approx([0, 0, 100])


def test_windows_are_those_that_were_over():
    # Sundays' ends from 7 January to 25 February have a week over by 3 March, one fewer has two.
    assert expected(weekly(2), 14).windows.tolist() == [8, 7]


def test_the_spread_is_that_of_independent_arrivals():
    # 1 win of 100: variance 1 x 100^2
    assert expected(weekly(2), 7).variance.tolist() == pytest.approx([10_000])


def test_without_a_past_nothing_is_expected():
    new = expected(Pipeline().deal("D", "2024-03-01").histories(), 7)

    assert new.expected.tolist() == [0]
    assert new.variance.tolist() == [0]


def test_a_short_memory_follows_a_rise():
    pipeline = Pipeline()
    for week in range(20):
        created = date(2024, 1, 3).toordinal() + 7 * week
        day = date.fromordinal(created)
        pipeline = pipeline.deal(f"D{week}", day.isoformat(), 100 + 10 * week, won=day.isoformat())
    at = end_of(date(2024, 5, 19))
    long, short = (
        expect_new_business(pipeline.histories(), at, step_ends(7), lives).expected[0]
        for lives in ((None,), (7.0,))
    )

    assert long < short < 300
