"""Pushes are moves to a later month; what slips was due and is neither won nor lost."""

from datetime import date

import pytest

from core.errors import InvalidParameterError
from core.forecasting.pushes import push_counts, slippage
from tests.pipelines import Pipeline

PIPELINE = (
    Pipeline()
    .deal("often", "2024-01-01", 100)
    .change("often", "2024-01-01", "Lead", 100, "2024-02-10")
    .change("often", "2024-02-01", "Lead", 100, "2024-02-25")  # within the month: not a push
    .change("often", "2024-02-20", "Lead", 100, "2024-04-30")
    .change("often", "2024-03-20", "Demo", 100, "2024-03-31")  # earlier: not a push
    .change("often", "2024-03-30", "Demo", 100, "2024-05-31")
    .deal("never", "2024-01-01", 50, won="2024-02-20")
    .change("never", "2024-01-01", "Lead", 50, "2024-02-15")
    .deal("lost", "2024-01-01", 30, lost="2024-02-20")
    .change("lost", "2024-01-01", "Lead", 30, "2024-02-15")
)


def test_only_moves_to_a_later_month_count():
    counts = push_counts(PIPELINE.histories(), date(2024, 3, 31))

    # From 10 February to 31 May 2024: 19 + 31 + 30 + 31 = 111 days.
    assert counts.rows() == [("often", 2, 111, date(2024, 5, 31))]


def test_pushes_of_the_future_are_not_known():
    assert push_counts(PIPELINE.histories(), date(2024, 2, 10))["pushes"].to_list() == [0, 0, 0]


def test_what_was_due_is_won_lost_or_slipped():
    slipped = slippage(PIPELINE.histories(), date(2024, 2, 1), date(2024, 2, 29))

    assert (slipped.due_minor, slipped.won_minor, slipped.lost_minor) == (180, 50, 30)
    assert (slipped.slipped_minor, slipped.slipped_deals, slipped.deals) == (100, 1, 3)
    assert slipped.rate == pytest.approx(100 / 180)


def test_a_period_in_which_nothing_was_due_has_no_rate():
    assert slippage(PIPELINE.histories(), date(2023, 2, 1), date(2023, 2, 28)).rate is None


def test_a_period_does_not_run_backwards():
    with pytest.raises(InvalidParameterError, match="Swap the two days"):
        slippage(PIPELINE.histories(), date(2024, 2, 1), date(2024, 1, 1))


def test_deals_that_are_merely_still_open_are_not_all_that_was_due():
    # An export without history: whoever closed lost the expected close of then, so that a rate of
    # those left would always be 100 %.
    pipeline = (
        Pipeline()
        .deal("left", "2024-01-01", 100, due="2024-02-15")
        .deal("won", "2024-01-01", 900, won="2024-02-10", due="2024-02-10")
        .deal("new", "2024-03-20", 10)
    )
    slipped = slippage(pipeline.histories(), date(2024, 2, 1), date(2024, 2, 29))

    assert (slipped.deals, slipped.rate) == (0, None)
