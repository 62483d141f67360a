"""Money as integer minor units: exact sums, and parts rounded so that they keep them."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from math import floor

# ISO 4217 exponents that differ from 2.
_EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip


def exponent(currency: str) -> int:
    """Return how many decimal places the minor unit of a currency has.

    >>> exponent("EUR"), exponent("JPY"), exponent("KWD")
    (2, 0, 3)
    """
    return _EXPONENTS.get(currency, 2)


def currencies_with_exponent(places: int) -> list[str]:
    """Return the currencies whose minor unit has that many places, which is not the usual two.

    >>> currencies_with_exponent(3)[:2]
    ['BHD', 'IQD']
    """
    return [code for code, exponent_of in _EXPONENTS.items() if exponent_of == places]


def to_minor(amount: Decimal, currency: str) -> int:
    """Turn an amount into integer minor units, rounding half to even.

    >>> to_minor(Decimal("1204.505"), "EUR")
    120450
    """
    scaled = amount.scaleb(exponent(currency))
    return int(scaled.to_integral_value(rounding=ROUND_HALF_EVEN))


def to_major(minor: int, currency: str) -> Decimal:
    """Turn integer minor units back into an amount.

    >>> to_major(120450, "EUR"), to_major(120450, "JPY")
    (Decimal('1204.50'), Decimal('120450'))
    """
    return Decimal(minor).scaleb(-exponent(currency))


def rounded_to(total: int, amounts: Sequence[float]) -> list[int]:
    """Round parts to minor units that add up to their rounded total.

    Largest remainder: every part gets its whole units, the units left over go to the largest
    remainders, the earlier part first where remainders are equal. A part may be negative, as a
    refund is; every part is within one minor unit of its exact amount.

    Parameters
    ----------
    total
        The sum of the amounts, rounded.
    amounts
        Parts in minor units, with fractions.

    >>> rounded_to(10, [5.5, 2.5, 2.0])
    [6, 2, 2]
    """
    parts = [floor(amount) for amount in amounts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - amounts[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
