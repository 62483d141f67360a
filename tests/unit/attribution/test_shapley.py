from itertools import permutations

import pytest

from core.attribution.paths import PathCounts
from core.attribution.shapley import rate_values, totals_credits
from core.errors import InvalidParameterError

COUNTS = PathCounts.from_rows(
    [
        (("A", "B", "A"), 3, 30.0, 1),
        (("B",), 1, 5.0, 4),
        (("C", "B"), 1, 7.0, 1),
        (("A",), 0, 0.0, 2),
    ]
)


def by_definition(worth, channels):
    """Average marginal worth over all orders in which channels can join."""
    orders = list(permutations(channels))
    value = dict.fromkeys(channels, 0.0)
    for order in orders:
        joined = frozenset()
        for channel in order:
            value[channel] += worth(joined | {channel}) - worth(joined)
            joined |= {channel}
    return [value[channel] / len(orders) for channel in channels]


SETS = {"AB": (3, 4), "B": (1, 5), "BC": (1, 2), "A": (0, 2)}  # conversions, journeys


def total(coalition):
    return sum(won for names, (won, _) in SETS.items() if set(names) <= coalition)


def rate(coalition):
    journeys = sum(seen for names, (_, seen) in SETS.items() if set(names) <= coalition)
    return total(coalition) / journeys if journeys else 0.0


def test_the_totals_game_is_the_average_over_all_orders_of_joining():
    found = totals_credits(COUNTS, COUNTS.conversions)
    assert found.tolist() == pytest.approx(by_definition(total, "ABC"))


def test_the_totals_game_splits_each_journey_over_its_distinct_channels():
    # A gets 3/2, B gets 3/2 + 1 + 1/2, C gets 1/2.
    assert totals_credits(COUNTS, COUNTS.conversions).tolist() == [1.5, 3.0, 0.5]


def test_the_rate_game_is_the_average_over_all_orders_of_joining():
    found = rate_values(COUNTS, COUNTS.conversions)
    assert found.tolist() == pytest.approx(by_definition(rate, "ABC"))


def test_the_rate_game_sums_to_the_conversion_rate():
    assert rate_values(COUNTS, COUNTS.conversions).sum() == pytest.approx(5 / 13)


def test_twenty_channels_are_exact_and_more_are_refused():
    rows = [((f"c{number:02}",), 1, None, number) for number in range(20)]
    counts = PathCounts.from_rows(rows)
    assert rate_values(counts, counts.conversions).sum() == pytest.approx(20 / 210)
    counts = PathCounts.from_rows([*rows, (("one more",), 1, None, 0)])
    with pytest.raises(InvalidParameterError, match="up to 20 channels"):
        rate_values(counts, counts.conversions)


def test_channels_that_nobody_met_do_not_count_towards_the_limit():
    rows = [((f"c{number:02}",), 1, None, 0) for number in range(20)]
    counts = PathCounts.from_rows([*rows, (("unseen",), 0, None, 0)])
    assert rate_values(counts, counts.conversions)[-1] == 0.0
