"""Figures are written one way everywhere, and what is not known is never a nought."""

import pytest

from core import formats
from core.metrics import Unit


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (0, "€0"),
        (99_900, "€999"),
        (99_999, "€1.00k"),
        (421_034_512, "€4.21m"),
        (99_999_999, "€1.00m"),
        (1_234_567_890_12, "€1.23bn"),
        (-250_000, "-€2.50k"),
        (None, "n/a"),
    ],
)
def test_a_compact_amount_has_three_digits_and_never_reads_a_thousand_thousands(minor, shown):
    assert formats.money_compact(minor, "EUR") == shown


def test_a_currency_without_cents_shows_none():
    assert formats.money(1_234_567, "JPY") == "¥1,234,567"
    assert formats.money(1_234_567, "KWD") == "KWD 1,234.567"


@pytest.mark.parametrize("unit", Unit)
def test_what_cannot_be_computed_is_said_to_be_so(unit):
    assert formats.figure(None, unit, "EUR") == formats.NOT_KNOWN
    assert formats.change(None, 1, unit) is None
    assert formats.change(1, None, unit) is None


def test_a_duration_moves_in_days_and_a_share_in_points():
    assert formats.change(64, 69, Unit.DAYS) == "-5 d"
    assert formats.change(0.234, 0.222, Unit.SHARE) == "+1.2 pt"
