import polars as pl
import pytest

from core.attribution.chains import chain_of
from core.attribution.paths import PathCounts
from core.errors import InvalidParameterError

# Two journeys A > B, one of which converts, and one journey B that does not.
COUNTS = PathCounts.from_rows([(("A", "B"), 1, 10.0, 1), (("B",), 0, 0.0, 1)])


def test_the_transition_matrix_is_counts_over_visits():
    rows = chain_of(COUNTS, 1).transition_matrix().rows()
    assert rows == [
        ("(start)", "A", pytest.approx(2 / 3)),
        ("(start)", "B", pytest.approx(1 / 3)),
        ("A", "B", 1.0),
        ("B", "(null)", pytest.approx(2 / 3)),
        ("B", "(conversion)", pytest.approx(1 / 3)),
    ]


def test_a_state_of_order_two_remembers_two_channels_once_there_are_two():
    chain = chain_of(COUNTS, 2)
    assert chain.states.tolist() == [[-1, 0], [-1, 1], [0, 1]]
    assert chain.conversions.tolist() == [0.0, 0.0, 1.0]
    assert chain.contains.tolist() == [[True, False], [False, True], [True, True]]


def test_repeats_are_kept_as_transitions_of_a_channel_to_itself():
    chain = chain_of(PathCounts.from_rows([(("A", "A"), 1, None, 0)]), 1)
    assert (chain.visits.tolist(), chain.moves.tolist()) == ([2.0], [1.0])


def test_the_rows_of_the_transition_matrix_sum_to_one():
    for order in (1, 2, 3, 4):
        matrix = chain_of(COUNTS, order).transition_matrix()
        sums = matrix.group_by("state").agg(pl.col("probability").sum())["probability"]
        assert sums.to_list() == pytest.approx([1.0] * len(sums))


@pytest.mark.parametrize("order", [0, 5])
def test_an_order_that_is_not_offered_is_refused(order):
    with pytest.raises(InvalidParameterError, match="order"):
        chain_of(COUNTS, order)


def test_more_channels_than_an_order_can_tell_apart_are_refused():
    rows = [((f"channel {number}",), 1, None, 0) for number in range(60_000)]
    with pytest.raises(InvalidParameterError, match="too many"):
        chain_of(PathCounts.from_rows(rows), 4)
