"""Money never loses or makes a minor unit."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidParameterError
from core.money import split, to_major, to_minor

amounts = st.integers(min_value=0, max_value=10**15)
weights = st.lists(st.fractions(min_value=0, max_value=1), min_size=1, max_size=30).filter(any)


@given(amounts, weights)
def test_parts_sum_to_the_total_and_stay_within_one_unit_of_their_exact_share(total, weights):
    parts = split(total, weights)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


@given(amounts, weights)
def test_a_part_without_weight_gets_nothing(total, weights):
    parts = split(total, [*weights, Fraction(0)])

    assert parts[-1] == 0


def test_left_over_units_go_to_the_largest_remainders_first():
    # 10 units by 55 : 25 : 20 are 5.5, 2.5 and 2.0; the unit left goes to the first of the equal
    # remainders. By 52 : 27 : 21 they are 5.2, 2.7 and 2.1: it goes to the second.
    assert split(10, [55, 25, 20]) == [6, 2, 2]
    assert split(10, [52, 27, 21]) == [5, 3, 2]


def test_a_negative_total_splits_exactly_too():
    assert sum(split(-101, [1, 1, 1])) == -101


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]], ids=["none", "all zero", "negative"])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(InvalidParameterError, match="can only be split"):
        split(100, weights)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.34", "EUR", 1234), ("12", "JPY", 12), ("1.234", "KWD", 1234), ("-0.01", "USD", -1)],
)
def test_minor_units_follow_the_currency_and_come_back_unchanged(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor
    assert to_major(minor, currency) == Decimal(amount)
