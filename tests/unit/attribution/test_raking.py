import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.paths import PathCounts
from core.attribution.raking import LARGEST_RATIO, raked


def sets_of(*rows) -> PathCounts:
    counts = PathCounts.from_rows([(tuple(path), worth, None, 0) for path, worth in rows])
    return counts.channel_sets()


def test_equal_weights_where_the_model_splits_equally():
    sets = sets_of(("AB", 4), ("BC", 2))
    found = raked(sets, sets.conversions, np.array([2.0, 3.0, 1.0]))
    assert found.weights.tolist() == pytest.approx([1, 1, 1])


def test_the_split_of_deals_adds_up_to_what_the_model_says():
    # AB earns 4 and is split m_A : m_B = 3 : 1, B alone earns 1.
    sets = sets_of(("AB", 4), ("B", 1))
    found = raked(sets, sets.conversions, np.array([3.0, 2.0]))
    assert (found.weights / found.weights[1]).tolist() == pytest.approx([3, 1])
    assert found.totals.tolist() == pytest.approx([3, 2])
    assert found.gap == pytest.approx(0, abs=1e-12)


def test_what_deals_cannot_give_is_said():
    # B alone earned 4 of 6, so that B cannot have less, whatever the model says.
    sets = sets_of(("AB", 2), ("B", 4))
    found = raked(sets, sets.conversions, np.array([3.0, 3.0]))
    assert found.totals.tolist() == pytest.approx([2, 4], abs=1e-6)
    assert found.gap == pytest.approx(1 / 6, abs=1e-6)


def test_weights_stay_above_zero_within_a_bounded_ratio():
    sets = sets_of(("AB", 2), ("B", 4))
    found = raked(sets, sets.conversions, np.array([6.0, 0.0]))
    assert found.weights.max() == 1
    assert found.weights.min() >= 1 / LARGEST_RATIO


def test_nothing_earned_needs_no_split():
    sets = sets_of(("AB", 1))
    found = raked(sets, np.zeros(1), np.zeros(2))
    assert (found.weights.tolist(), found.totals.tolist(), found.gap) == ([1, 1], [0, 0], 0)


def test_channels_nobody_touched_get_nothing():
    counts = PathCounts.from_rows([(("A",), 1, None, 0), (("B",), 0, None, 3)])
    sets = counts.channel_sets()
    assert raked(sets, sets.conversions, np.array([1.0, 0.0])).totals.tolist() == [1, 0]


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from("ABCDE"), min_size=1), st.integers(1, 1000)),
        min_size=1,
        max_size=12,
    ),
    st.lists(st.floats(0.01, 1.0), min_size=5, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_any_split_by_weights_is_found_again(rows, weights):
    sets = sets_of(*[(sorted(names), worth) for names, worth in rows])
    mass = np.array([dict(zip("ABCDE", weights, strict=True))[name] for name in sets.channels])
    whole = np.bincount(sets.path_of_step, weights=mass[sets.steps])
    part = mass[sets.steps] / whole[sets.path_of_step] * sets.conversions[sets.path_of_step]
    wanted = np.bincount(sets.steps, weights=part, minlength=len(sets.channels))
    assert raked(sets, sets.conversions, wanted).gap < 1e-9
