import numpy as np
import pytest

from core.attribution import absorption
from core.attribution.chains import chain_of
from core.attribution.markov import conversion_effects, value_effects
from core.attribution.paths import PathCounts
from core.errors import DataError, EmptyWorkspaceError


def random_counts(seed: int = 3, channels: int = 6, journeys: int = 3_000) -> PathCounts:
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(journeys):
        path = tuple(f"c{code}" for code in rng.integers(channels, size=rng.geometric(0.15)))
        converted = float(rng.random() < 0.2)
        rows.append((path, converted, converted * rng.lognormal(), 1 - converted))
    return PathCounts.from_rows(rows)


def test_a_channel_on_every_converting_journey_takes_all_with_it():
    # A > B converts, A alone does not: without B nothing converts, nor without A.
    counts = PathCounts.from_rows([(("A", "B"), 3, None, 0), (("A",), 0, None, 1)])
    found = conversion_effects(chain_of(counts, 1))
    assert found.base == pytest.approx(3 / 4)
    assert found.effects.tolist() == pytest.approx([1.0, 1.0])
    assert found.shares.tolist() == pytest.approx([0.5, 0.5])


def test_a_channel_that_never_converts_costs_nothing_when_removed():
    counts = PathCounts.from_rows([(("A",), 1, None, 0), (("B",), 0, None, 5)])
    assert conversion_effects(chain_of(counts, 1)).effects.tolist() == pytest.approx([1.0, 0.0])


def test_values_weigh_the_removal_effect():
    # A alone earns 30 of 40: without A 3/4 of the value is lost, but half of the conversions.
    counts = PathCounts.from_rows([(("A",), 1, 30.0, 0), (("B",), 1, 10.0, 0)])
    chain = chain_of(counts, 1)
    assert conversion_effects(chain).effects.tolist() == pytest.approx([0.5, 0.5])
    assert value_effects(chain).effects.tolist() == pytest.approx([0.75, 0.25])


def test_no_value_known_or_none_above_zero_gives_no_value_effect():
    assert value_effects(chain_of(PathCounts.from_rows([(("A",), 1, None, 0)]), 1)) is None
    assert value_effects(chain_of(PathCounts.from_rows([(("A",), 1, 0.0, 0)]), 1)) is None


def test_without_a_conversion_there_is_no_effect():
    with pytest.raises(EmptyWorkspaceError):
        conversion_effects(chain_of(PathCounts.from_rows([(("A",), 0, None, 1)]), 1))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_sparse_solution_equals_the_inverse(order):
    chain = chain_of(random_counts(), order)
    dense, sparse = absorption._dense(chain), absorption._sparse(chain)
    base, without = dense.yields(chain.conversions)
    sparse_base, sparse_without = sparse.yields(chain.conversions)
    assert sparse_base == pytest.approx(base, rel=1e-11)
    assert sparse_without.tolist() == pytest.approx(without.tolist(), rel=1e-9, abs=1e-12)


def test_a_journey_passes_states_as_often_as_was_counted():
    chain = chain_of(random_counts(), 2)
    assert np.allclose(absorption.passages(chain).whole, chain.visits / chain.journeys, rtol=1e-9)


def test_following_the_journeys_step_by_step_gives_the_same_solution():
    chain = chain_of(random_counts(), 2)
    system = absorption._System.of(chain)
    assert system._by_steps().tolist() == pytest.approx(system.solution().tolist(), rel=1e-9)


def test_a_system_that_does_not_settle_is_an_error_and_not_a_number(monkeypatch):
    monkeypatch.setattr(absorption, "_MAX_STEPS", 1)
    with pytest.raises(DataError, match="full precision"):
        absorption._System.of(chain_of(random_counts(), 1))._by_steps()


def test_a_journey_of_thousands_of_repeats_is_solved():
    counts = PathCounts.from_rows([(("A",) * 5_000 + ("B",), 1, None, 0), (("A",), 0, None, 1)])
    found = conversion_effects(chain_of(counts, 1))
    assert found.base == pytest.approx(0.5)
    assert found.effects.tolist() == pytest.approx([1.0, 1.0])
