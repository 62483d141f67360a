"""Fading touches, against powers of two worked out by hand."""

import numpy as np

from core.attribution.incremental.decay import Lags, pair_lags

# Journey 0 has rows on days 5 and 15, journey 1 a row on day 8.
ROWS = (np.array([0, 0, 1]), np.array([5.0, 15.0, 8.0]))
# Touches: journey 0 on days 0 and 10 (channel 0), journey 1 on day 8 and on day 9 (channel 1).
TOUCHES = (np.array([0, 0, 1, 1]), np.array([0.0, 10.0, 8.0, 9.0]), np.array([0, 0, 1, 1]))


def test_a_row_sees_the_touches_of_its_own_journey_up_to_its_moment():
    lags = pair_lags(ROWS, TOUCHES, channels=2)
    seen = sorted(zip(lags.row, lags.channel, lags.days, strict=True))
    assert seen == [(0, 0, 5.0), (1, 0, 5.0), (1, 0, 15.0), (2, 1, 0.0)]


def test_half_of_a_touch_is_gone_after_its_channels_half_life():
    stock = pair_lags(ROWS, TOUCHES, channels=2).stock(np.array([5.0, 7.0]))
    # row 1: 2^(-15/5) + 2^(-5/5) = 1/8 + 1/2
    np.testing.assert_allclose(stock, [[0.5, 0.0], [0.625, 0.0], [0.0, 1.0]])


def test_a_touch_that_takes_days_to_act_fades_from_the_beginning():
    late = pair_lags(ROWS, TOUCHES, channels=2, acts_after_days=5.0)
    seen = sorted(zip(late.row, late.channel, late.days, strict=True))
    assert seen == [(0, 0, 5.0), (1, 0, 5.0), (1, 0, 15.0)]


def test_order_of_touches_does_not_matter():
    turned = tuple(part[::-1] for part in TOUCHES)
    half_lives = np.array([5.0, 7.0])
    np.testing.assert_allclose(
        pair_lags(ROWS, turned, 2).stock(half_lives), pair_lags(ROWS, TOUCHES, 2).stock(half_lives)
    )


def test_chosen_rows_keep_their_touches():
    lags = pair_lags(ROWS, TOUCHES, channels=2).of_rows(np.array([2, 0]))
    np.testing.assert_allclose(lags.stock(np.array([5.0, 7.0])), [[0.0, 1.0], [0.5, 0.0]])


def test_a_company_without_touches_has_no_stock():
    empty = np.zeros(0, dtype=np.int64)
    assert Lags(empty, empty, np.zeros(0), (3, 0)).stock(np.zeros(0)).shape == (3, 0)
