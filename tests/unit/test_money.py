"""Money never loses or makes a minor unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import rounded_to, to_major, to_minor

amounts = st.lists(
    st.floats(min_value=-(10**9), max_value=10**9, allow_nan=False), min_size=1, max_size=30
)


@given(amounts)
def test_rounded_parts_sum_to_the_total_and_stay_within_one_unit_of_their_amount(amounts):
    total = round(sum(amounts))

    parts = rounded_to(total, amounts)

    assert sum(parts) == total
    for part, amount in zip(parts, amounts, strict=True):
        assert abs(part - amount) <= 1


def test_left_over_units_go_to_the_largest_remainders_first():
    # Of 5.5, 2.5 and 2.0 the unit left goes to the first of the equal remainders; of 5.2, 2.7 and
    # 2.1 to the second.
    assert rounded_to(10, [5.5, 2.5, 2.0]) == [6, 2, 2]
    assert rounded_to(10, [5.2, 2.7, 2.1]) == [5, 3, 2]


def test_refunds_among_the_parts_are_rounded_exactly_too():
    # Whole units are -6, 1 and 2, of -5.5, 1.25 and 2.25: the unit left goes to the refund.
    assert rounded_to(-2, [-5.5, 1.25, 2.25]) == [-5, 1, 2]


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.34", "EUR", 1234), ("12", "JPY", 12), ("1.234", "KWD", 1234), ("-0.01", "USD", -1)],
)
def test_minor_units_follow_the_currency_and_come_back_unchanged(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor
    assert to_major(minor, currency) == Decimal(amount)
