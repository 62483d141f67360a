"""Business not yet created: the pace of creation times what recent deals brought by their age."""

from datetime import date, timedelta

import numpy as np
import pytest

from core.forecasting.histories import end_of
from core.forecasting.new_business import expect_new_business
from core.forecasting.outcomes import step_ends
from tests.pipelines import Pipeline

FIRST = date(2024, 1, 1).toordinal()


def daily(days, won_after_days=10, amount=100, every=1):
    """Return a company that creates a deal every so many days and wins each after some days."""
    pipeline = Pipeline()
    for number in range(0, days, every):
        created, won = (
            date.fromordinal(FIRST + number + later).isoformat() for later in (0, won_after_days)
        )
        pipeline = pipeline.deal(f"D{number}", created, amount, won=won)
    return pipeline.histories()


def expected(histories, days_known, horizon, memories=(None,), cycle_days=20):
    at = end_of(date.fromordinal(FIRST + days_known - 1))
    return expect_new_business(histories, at, step_ends(horizon), cycle_days, memories)


def test_a_deal_a_day_won_after_ten_brings_a_win_a_day_from_the_tenth_on():
    # Pace 1 a day. Of the deals 10 days old or older all are won, those younger are open and do not
    # count against it: 1 x (7 - 10)+ = 0, (14 - 10) = 4, (30 - 10) = 20 wins of 100.
    new = expected(daily(100), 100, 30)

    assert new.deals_a_day == pytest.approx(1)
    assert new.wins[[0, 1, -1]].tolist() == pytest.approx([0, 4, 20], rel=0.02)
    assert new.expected[-1] == pytest.approx(2000, rel=0.02)


def test_deals_already_created_are_not_new():
    # Won only after 40 days: nothing created from now on is won within 30.
    assert expected(daily(100, won_after_days=40), 100, 30).expected[-1] == 0


def test_a_short_memory_follows_a_change_of_pace():
    # A deal every fourth day for 80 days, then one a day for 40.
    pipeline = Pipeline()
    days = [*range(0, 80, 4), *range(80, 120)]
    for number in days:
        created = date.fromordinal(FIRST + number).isoformat()
        pipeline = pipeline.deal(f"D{number}", created, won=created)
    long, short = (
        expected(pipeline.histories(), 120, 7, memories).deals_a_day
        for memories in ((None,), (None, 0.5))
    )

    assert long == pytest.approx(60 / 120)
    assert short == pytest.approx(1, abs=0.1)  # half-life of 10 days; for ever is not asked


def test_what_old_deals_did_is_forgotten_after_twelve_cycles():
    # The first 100 days won at 100 each, the last 48 (12 cycles of 4 days) at 300 each.
    pipeline = Pipeline()
    for number in range(148):
        created = date.fromordinal(FIRST + number).isoformat()
        pipeline = pipeline.deal(f"D{number}", created, 100 if number < 100 else 300, won=created)
    new = expected(pipeline.histories(), 148, 7, cycle_days=4)

    assert set(new.amounts) == {300.0}


def test_the_future_is_not_known():
    known = expected(daily(60), 60, 30)
    more = expected(daily(100), 60, 30)

    assert known.expected.tolist() == more.expected.tolist()


def test_windows_are_those_that_were_over():
    # 30 days known. A week ahead: as-of dates 23, 16, 9 and 2 days in; two weeks ahead: 16, 9, 2.
    assert expected(daily(30), 30, 14).windows.tolist() == [4, 3]


def test_the_spread_is_that_of_independent_arrivals():
    new = expected(daily(100), 100, 30)

    assert new.variance[-1] == pytest.approx(new.wins[-1] * 100**2)


def test_without_a_past_nothing_is_expected():
    new = expected(Pipeline().deal("D", "2024-03-01").histories(), 10, 7)

    assert (new.deals_a_day, new.expected.tolist(), new.variance.tolist()) == (0, [0], [0])


def test_wins_of_unknown_amount_are_counted_and_bring_no_size():
    new = expected(daily(50, amount=None), 50, 30)

    assert new.wins[-1] > 0
    assert (new.expected[-1], len(new.amounts)) == (0, 0)


def test_a_growing_company_is_forecast_at_the_pace_of_now():
    # Created a day: 1 at the start, 3 after 400 days, on a line; the mean of the past is about 2.
    histories = growing(400)
    at = end_of(date(2025, 2, 3))
    asked = (histories, at, np.array([90.0]), 60.0, (4.0, 2.0))

    flat = expect_new_business(*asked).deals_a_day
    line = expect_new_business(*asked, follows_growth=True).deals_a_day

    assert flat < 2.5
    assert line == pytest.approx(3.0, rel=0.1)


def test_a_slope_that_chance_may_have_made_hardly_counts():
    histories = growing(400, last=1.0)
    at = end_of(date(2025, 2, 3))
    asked = (histories, at, np.array([90.0]), 60.0, (4.0, 2.0))

    line = expect_new_business(*asked, follows_growth=True).deals_a_day

    assert line == pytest.approx(expect_new_business(*asked).deals_a_day, rel=0.05)


def growing(days, last=3.0):
    """Return deals created at a pace that rises on a line from one a day."""
    pipeline, owed, number = Pipeline(), 0.0, 0
    for day in range(days):
        owed += 1 + (last - 1) * day / days
        while owed >= 1:
            owed, number = owed - 1, number + 1
            created = date(2024, 1, 1) + timedelta(days=day)
            pipeline._deals.extend(Pipeline().deal(f"D{number}", created.isoformat())._deals)
    return pipeline.histories()
