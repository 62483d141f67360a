import numpy as np
import pytest

from core.attribution.chains import ORDERS
from core.attribution.order import suggest_order
from core.attribution.paths import PathCounts


def simulated(memory: int, journeys: int = 4_000, seed: int = 5) -> PathCounts:
    """Journeys over three channels in which the next one depends on ``memory`` before it."""
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet([0.4, 0.4, 0.4], size=3**memory)
    rows = []
    for _ in range(journeys):
        path = list(rng.integers(3, size=memory))
        while rng.random() > 0.15:
            state = sum(code * 3**place for place, code in enumerate(path[-memory:]))
            path.append(rng.choice(3, p=chances[state]))
        won = float(rng.random() < 0.3)
        rows.append((tuple("ABC"[code] for code in path), won, None, 1 - won))
    return PathCounts.from_rows(rows)


@pytest.mark.parametrize("memory", [1, 2, 3])
def test_the_order_the_journeys_were_made_with_is_found(memory):
    assert suggest_order(simulated(memory)).order == memory


def test_without_memory_the_lowest_order_is_enough():
    rng = np.random.default_rng(1)
    paths = [tuple(rng.choice(list("ABCD"), size=rng.geometric(0.3))) for _ in range(500)]
    rows = [(path, place % 2, None, 1 - place % 2) for place, path in enumerate(paths)]
    found = suggest_order(PathCounts.from_rows(rows))
    assert found.order == 1
    assert list(found.log_likelihood) == list(ORDERS)


def test_a_single_journey_leans_on_knowing_nothing():
    # Nothing else was seen: each event has the chance 1/3 (A, conversion, null), for each order.
    found = suggest_order(PathCounts.from_rows([(("A",), 1, None, 0)]))
    assert found.log_likelihood[1] == pytest.approx(2 * np.log(1 / 3))
    assert found.order == 1


def test_the_likelihood_leaves_the_journey_itself_out():
    # Two equal journeys A, converted: the other one was seen once in every context.
    # P_0 of A = (1 + 1/3) / (2 + 1) = 4/9 and of the end the same; P_1 = (1 + 4/9) / 2 = 13/18.
    found = suggest_order(PathCounts.from_rows([(("A",), 2, None, 0)]))
    assert found.log_likelihood[1] == pytest.approx(2 * np.log(13 / 18))


def test_the_order_of_rows_does_not_matter():
    counts = simulated(2, journeys=300)
    rows = [
        (tuple(counts.channels[code] for code in counts.steps[start:end]), won, None, lost)
        for start, end, won, lost in zip(
            counts.starts[:-1], counts.starts[1:], counts.conversions, counts.nulls, strict=True
        )
    ]
    reversed_rows = PathCounts.from_rows(rows[::-1])
    expected = suggest_order(counts).log_likelihood
    assert suggest_order(reversed_rows).log_likelihood == pytest.approx(expected)
