"""Money as integer minor units: exact sums, exact splits, one place that rounds."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from core.errors import InvalidParameterError

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


def split(total: int, weights: Sequence[Fraction | float | int]) -> list[int]:
    """Split integer minor units by weight so that the parts sum to the total.

    Largest remainder: each part gets the whole units of its exact share, the units left over go
    to the largest remainders, the earlier part first where remainders are equal. Every part is
    within one minor unit of its exact share.

    Raises
    ------
    InvalidParameterError
        If there is no weight, a weight is negative, or all are zero.

    >>> split(100, [1, 1, 1])
    [34, 33, 33]
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact, Fraction(0))
    if not exact or whole <= 0 or min(exact) < 0:
        raise InvalidParameterError(
            "An amount can only be split by weights that are not negative and not all zero.",
            "Leave out parts that have no share.",
        )
    shares = [total * weight / whole for weight in exact]
    parts = [share.__floor__() for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
