"""The split of a won deal, worked out by hand."""

import numpy as np
import pytest

from core.attribution.incremental.credit import Wins, averaged, deal_shares
from core.attribution.incremental.likelihood import Coefficients
from core.attribution.incremental.links import LINKS, Additive

AT = Coefficients(np.log([0.01]), np.array([1.0, 2.0]))


def one_win(stock, days_left=0.0, ends_a_day=0.02):
    return Wins(
        np.array([0]), np.ones((1, 1)), np.array([stock]), np.ones((1, 1)),
        np.array([ends_a_day]), np.array([days_left]),
    )  # fmt: skip


def test_on_the_last_day_the_split_is_each_channels_part_of_the_hazard():
    # hazard .01 x (1 + 1 x 1 + 2 x 1) = .04: a quarter each is nobody's and the first channel's
    split = deal_shares(one_win([1.0, 1.0]), Additive(), AT)
    assert split.credit[0] == pytest.approx([0.25, 0.5])
    assert split.unattributed[0] == pytest.approx(0.25)
    assert split.without[0] == pytest.approx([0.25, 0.5])


def test_a_deal_that_would_have_closed_later_is_less_incremental():
    # without touches h = .01 against .02 other ends, 50 days left:
    # later = .01 / .03 x (1 - e^-1.5), incremental = 3/4 x (1 - later)
    later = (1 - np.exp(-1.5)) / 3
    split = deal_shares(one_win([1.0, 1.0], days_left=50.0), Additive(), AT)
    assert split.unattributed[0] == pytest.approx(1 - 0.75 * (1 - later))


def test_an_untouched_deal_is_nobodys():
    split = deal_shares(one_win([0.0, 0.0]), Additive(), AT)
    assert split.unattributed.tolist() == [1.0]
    assert split.credit.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("name", LINKS)
def test_shares_of_a_deal_sum_to_one_and_none_is_negative(name):
    split = deal_shares(one_win([0.7, 1.9], days_left=30.0), LINKS[name], AT)
    assert split.credit.sum() + split.unattributed.sum() == pytest.approx(1.0)
    assert min(split.credit.min(), split.unattributed.min(), split.without.min()) >= 0.0


def test_links_that_are_left_standing_count_by_their_weight_and_a_deal_still_sums_to_one():
    wins = one_win([1.0, 1.0], days_left=50.0)
    adds, multiplies = (
        deal_shares(wins, LINKS[name], AT) for name in ("additive", "multiplicative")
    )
    mean = averaged([0.75, 0.25], [adds, multiplies])
    expected = 0.75 * adds.credit + 0.25 * multiplies.credit
    assert mean.credit[0] == pytest.approx(expected[0])
    assert mean.credit.sum(axis=1) + mean.unattributed == pytest.approx(np.ones(1))
