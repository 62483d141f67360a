"""The win-rate curve as rows stops where too few deals are left to say anything."""

from datetime import date

import pytest

from core.forecasting.incidence import aalen_johansen
from core.forecasting.win_rate import win_rates
from core.forecasting.win_rate_rows import curve_rows, mark_rows, rate_rows, telling_day
from tests.pipelines import Pipeline, random_pipeline

AS_OF = date(2025, 2, 1)


def curve_of(days, fates):
    return aalen_johansen(days, fates)


def test_the_rows_say_what_the_curve_says():
    curve = win_rates(random_pipeline(1).histories(), AS_OF).curve

    rows = curve_rows(curve)

    assert rows["won"].to_list() == [curve.won_by(day) for day in rows["days"]]
    assert rows["days"][0] == 0
    assert curve.at_risk[curve.days.searchsorted(rows["days"][-1])] >= 10


def test_marks_are_round_days_with_the_deals_left():
    # Twelve deals: one lost a week, so that 12 are at risk before day 7, 11 before day 14.
    curve = curve_of([7.0 * week for week in range(1, 13)], [2] * 12)

    marks = mark_rows(curve)

    assert marks["days"].to_list() == [0.0, 7.0, 14.0, 21.0]  # 10 at risk on day 21, 9 after
    assert marks["at_risk"].to_list() == [12, 12, 11, 10]
    assert telling_day(marks) is None


def test_few_deals_are_drawn_to_the_end():
    curve = curve_of([1.0, 3.0], [1, 2])

    assert curve_rows(curve)["days"][-1] == 3.0


def test_nothing_decided_is_no_curve():
    curve = curve_of([4.0, 5.0], [0, 0])

    assert curve_rows(curve).is_empty()
    assert mark_rows(curve).is_empty()


def test_one_number_stands_for_the_curve_once_nearly_all_wins_have_come():
    # Won on days 5 and 20 of forty deals lost on day 60: won 1/40 by day 7, 2/40 from day 20 on.
    curve = curve_of([5.0, 20.0, *[60.0] * 38], [1, 1, *[2] * 38])

    assert telling_day(mark_rows(curve)) == 28.0  # the first week that holds 90 % of both


def test_each_rate_says_what_it_feeds_and_how_many_deals_it_rests_on():
    found = win_rates(random_pipeline(1).histories(), AS_OF, date(2024, 6, 1))

    rows = rate_rows(found)

    assert rows["basis"].to_list()[:2] == ["Closed basis", "Created cohort"]
    assert rows["n"].to_list() == [
        found.closed_basis.out_of,
        found.created_cohort.out_of,
        found.curve.deals,
    ]
    assert rows["rate"][0] == found.closed_basis.rate
    assert all("feeds" in said.casefold() for said in rows["feeds"])


def test_a_rate_of_nothing_is_not_a_number():
    lonely = Pipeline().deal("D1", "2024-01-01").histories()

    rows = rate_rows(win_rates(lonely, AS_OF))

    assert rows["rate"].to_list() == [None, pytest.approx(0.0)]
