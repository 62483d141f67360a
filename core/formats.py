"""How figures are written, in one place: on screen, in print, in text.

Exact values travel as integers; these functions are the last step before a reader.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from core.metrics import Unit
from core.money import exponent, to_major

NOT_KNOWN: Final = "n/a"
"""What stands where a figure cannot be computed; never a zero."""

_WHOLE_DAYS_FROM: Final = 10
_NEARLY_SURE: Final = 0.99

_KEPT_LARGE: Final = ("Markov", "Shapley", "U-", "W-", "J-")

_SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
_STEPS: Final = ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def symbol(currency: str) -> str:
    """Return what stands before an amount.

    >>> symbol("EUR"), symbol("CHF")
    ('€', 'CHF ')
    """
    return _SYMBOLS.get(currency, f"{currency} ")


def money(minor: int | None, currency: str) -> str:
    """Write an amount to its last minor unit.

    >>> money(421034512, "EUR"), money(-50, "USD"), money(None, "EUR")
    ('€4,210,345.12', '-$0.50', 'n/a')
    """
    if minor is None:
        return NOT_KNOWN
    amount = to_major(abs(minor), currency)
    return f"{_sign(minor)}{symbol(currency)}{amount:,.{exponent(currency)}f}"


def money_compact(minor: int | None, currency: str) -> str:
    """Write an amount with three digits and a step, for cards, labels and sentences.

    >>> money_compact(421034512, "EUR"), money_compact(99999, "EUR"), money_compact(0, "EUR")
    ('€4.21m', '€1.00k', '€0')
    """
    if minor is None:
        return NOT_KNOWN
    amount = to_major(abs(minor), currency)
    return f"{_sign(minor)}{symbol(currency)}{_three_digits(amount)}"


def percent(share: float | None, places: int = 1) -> str:
    """Write a share of one as a percentage.

    >>> percent(0.2346), percent(None)
    ('23.5%', 'n/a')
    """
    return NOT_KNOWN if share is None else f"{share * 100:,.{places}f}%"


def chance(share: float | None) -> str:
    """Write a chance, which is never certain: neither 0 nor 100 per cent.

    >>> chance(0.734), chance(0.9991), chance(0.0)
    ('73%', 'more than 99%', 'less than 1%')
    """
    if share is None:
        return NOT_KNOWN
    if share > _NEARLY_SURE:
        return "more than 99%"
    return "less than 1%" if share < 1 - _NEARLY_SURE else percent(share, 0)


def days(value: float | None) -> str:
    """Write a duration in days, with a decimal only where it matters.

    >>> days(64.4), days(1), days(2.5)
    ('64 days', '1 day', '2.5 days')
    """
    if value is None:
        return NOT_KNOWN
    number = _days_number(value)
    return f"{number} {'day' if number == '1' else 'days'}"


def count(value: float | None) -> str:
    """Write a number of things; a fraction keeps two places.

    >>> count(12345), count(3.5)
    ('12,345', '3.50')
    """
    if value is None:
        return NOT_KNOWN
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def counted(value: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun in the right form.

    >>> counted(1, "deal"), counted(1200, "deal"), counted(2, "touch", "touches")
    ('1 deal', '1,200 deals', '2 touches')
    """
    return f"{value:,} {noun if value == 1 else plural or f'{noun}s'}"


def listed(names: Sequence[str]) -> str:
    """Write names as a sentence does.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def in_a_sentence(title: str) -> str:
    """Write a title within a sentence: small, but for names of people and single letters.

    >>> in_a_sentence("Last touch"), in_a_sentence("U-shaped"), in_a_sentence("Markov, order 1")
    ('last touch', 'U-shaped', 'Markov, order 1')
    """
    return title if title.startswith(_KEPT_LARGE) else title[:1].lower() + title[1:]


def day(value: date | datetime | None) -> str:
    """Write a day so that nobody can mistake the month for the day.

    >>> day(date(2026, 11, 22))
    '22 Nov 2026'
    """
    return NOT_KNOWN if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """Write a month.

    >>> month(date(2026, 11, 1))
    'Nov 2026'
    """
    return f"{_MONTHS[value.month - 1]} {value.year}"


def times(value: float | None) -> str:
    """Write a ratio.

    >>> times(3.14), times(None)
    ('3.1x', 'n/a')
    """
    return NOT_KNOWN if value is None else f"{value:,.1f}x"


def month_name(number: int) -> str:
    """Write a month of the year.

    >>> month_name(2)
    'Feb'
    """
    return _MONTHS[number - 1]


def period(label: str) -> str:
    """Write the machine name of a period as a person says it.

    >>> period("2026-Q4"), period("2026-11"), period("FY2027-Q1")
    ('Q4 2026', 'Nov 2026', 'FY2027 Q1')
    """
    year, _, part = label.partition("-")
    if not year.isdigit():
        return f"{year} {part}".rstrip()
    return f"{part} {year}" if part.startswith("Q") else f"{_MONTHS[int(part) - 1]} {year}"


def figure(value: float | None, unit: Unit, currency: str) -> str:
    """Write a figure of the catalogue the way its unit asks for.

    >>> figure(0.234, Unit.SHARE, "EUR"), figure(421034512, Unit.MONEY, "EUR")
    ('23.4%', '€4.21m')
    """
    if value is None:
        return NOT_KNOWN
    if unit is Unit.MONEY:
        return money_compact(round(value), currency)
    if unit is Unit.SHARE:
        return percent(value)
    if unit is Unit.TIMES:
        return times(value)
    return days(value) if unit is Unit.DAYS else count(value)


def change(value: float | None, previous: float | None, unit: Unit) -> str | None:
    """Write how a figure moved, or nothing where there is no base to compare with.

    Shares move in points, days in days, everything else in percent of the base.

    >>> change(120, 100, Unit.MONEY), change(0.25, 0.22, Unit.SHARE), change(5, 0, Unit.DEALS)
    ('+20.0%', '+3.0 pt', None)
    """
    if value is None or previous is None:
        return None
    if unit is Unit.SHARE:
        return f"{(value - previous) * 100:+.1f} pt"
    if unit is Unit.DAYS:
        moved = value - previous
        return f"{'+' if moved >= 0 else '-'}{_days_number(abs(moved))} d"
    return f"{(value / previous - 1) * 100:+,.1f}%" if previous else None


def _days_number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _WHOLE_DAYS_FROM else f"{value:,.1f}".removesuffix(".0")


def _sign(minor: int) -> str:
    return "-" if minor < 0 else ""


def _three_digits(amount: Decimal) -> str:
    # 999,999 rounds up to 1.00m and must not read 1,000k.
    for step, suffix in _STEPS:
        scaled = amount / step
        if scaled.quantize(Decimal("0.001"), ROUND_HALF_UP) >= Decimal("0.9995"):
            return f"{scaled:.{_places(scaled)}f}{suffix}"
    return f"{amount:,.0f}"


def _places(scaled: Decimal) -> int:
    return 2 if scaled < Decimal("9.995") else 1 if scaled < Decimal("99.95") else 0
