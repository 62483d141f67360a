import narwhals as nw
import numpy as np
import polars as pl
import pytest

from core.attribution.data_driven import Markov, ShapleyRate, ShapleyTotals
from core.attribution.reductions import GROUP
from core.attribution.uncertainty import (
    GroupedSets,
    GroupedTransitions,
    additive_intervals,
    game_intervals,
    markov_intervals,
)
from core.errors import EmptyWorkspaceError, InvalidParameterError

CHANNELS = ("A", "B", "C")


def touches(accounts: int, seed: int = 1, rate: float = 0.4):
    """Deals of accounts; C is seldom met."""
    rng = np.random.default_rng(seed)
    rows = []
    for account in range(accounts):
        for deal in range(rng.integers(1, 4)):
            won = int(rng.random() < rate)
            path = rng.choice(CHANNELS, p=[0.5, 0.4, 0.1], size=rng.geometric(0.5))
            rows += [
                (account, account * 10 + deal, place, channel, won, 100 if won else None)
                for place, channel in enumerate(path)
            ]
    names = [GROUP, "deal_key", "sequence", "channel", "won", "worth_minor"]
    return nw.from_native(pl.DataFrame(rows, schema=names, orient="row").lazy())


@pytest.fixture(scope="module")
def frame():
    return touches(200)


def all_intervals(frame, groups=200, seed=3):
    sets = GroupedSets.of(frame, CHANNELS, groups)
    return [
        markov_intervals(Markov(1), GroupedTransitions.of(frame, CHANNELS, 2, groups), seed),
        markov_intervals(Markov(2), GroupedTransitions.of(frame, CHANNELS, 2, groups), seed),
        game_intervals(ShapleyTotals(), sets, seed),
        game_intervals(ShapleyRate(), sets, seed),
    ]


def test_intervals_hold_the_share_and_lie_between_nothing_and_all(frame):
    for answer in all_intervals(frame):
        rows = answer.frame
        assert rows["channel"].to_list() == list(CHANNELS)
        assert rows["share"].sum() == pytest.approx(1)
        assert (rows["low"] >= 0).all()
        assert (rows["low"] < rows["high"]).all()
        assert (rows["high"] <= 1).all()
        assert rows["p_first"].sum() == pytest.approx(1)
        assert (rows["p_top3"] == 1).all()


def test_a_channel_far_ahead_is_first_in_nearly_all_resamples(frame):
    answer = game_intervals(ShapleyTotals(), GroupedSets.of(frame, CHANNELS, 200), seed=3)
    assert answer.frame["p_first"][0] >= 0.9
    assert answer.frame["p_first"][2] == 0


def test_four_times_the_accounts_halve_the_interval():
    few, many = touches(150), touches(600)
    widths = [
        (found.frame["high"] - found.frame["low"]).sum()
        for found in (
            markov_intervals(Markov(1), GroupedTransitions.of(few, CHANNELS, 2, 150), seed=1),
            markov_intervals(Markov(1), GroupedTransitions.of(many, CHANNELS, 2, 600), seed=1),
        )
    ]
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.25)


def test_the_interval_of_a_share_of_equal_accounts_is_that_of_a_proportion():
    # 100 accounts give 1 to A with chance 0.3: standard error sqrt(0.3 x 0.7 / 100) = 0.0458, and
    # 80 % of a normal distribution lie within 1.28 standard errors.
    credit = np.zeros((100, 2))
    credit[:30, 0] = 1
    credit[30:, 1] = 1
    rows = additive_intervals("linear", ("A", "B"), credit, seed=5).frame
    assert rows["high"][0] - rows["low"][0] == pytest.approx(2 * 1.28 * 0.0458, rel=0.15)


def test_deals_of_one_account_are_drawn_together():
    # The same credit twice an account says nothing new: the interval stays as wide.
    credit = np.zeros((100, 2))
    credit[:30, 0] = 1
    credit[30:, 1] = 1
    one = additive_intervals("linear", ("A", "B"), credit, seed=5).frame
    two = additive_intervals("linear", ("A", "B"), 2 * credit, seed=5).frame
    assert one.equals(two)


def test_the_same_seed_gives_the_same_interval(frame):
    first, again = (all_intervals(frame, seed=9) for _ in range(2))
    assert all(a.frame.equals(b.frame) for a, b in zip(first, again, strict=True))


def test_too_few_accounts_or_conversions_are_refused():
    with pytest.raises(EmptyWorkspaceError, match="too few"):
        all_intervals(touches(10), groups=10)
    with pytest.raises(EmptyWorkspaceError, match="converted"):
        all_intervals(touches(40, rate=0.0), groups=40)


def test_a_level_that_is_no_part_is_refused():
    with pytest.raises(InvalidParameterError, match="between 0 and 1"):
        additive_intervals("linear", ("A",), np.ones((30, 1)), seed=1, level=80)
