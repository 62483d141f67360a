"""Amounts and shares as they travel: exact, and never a number where nothing is known."""

import math
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.money import exponent, to_major


class Answer(BaseModel):
    """Base of every answer; what is not declared does not travel."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Amount(Answer):
    """An amount of money: whole minor units to calculate with, major units to read."""

    minor: int = Field(examples=[120450], description="Minor units, such as cents.")
    major: str = Field(examples=["1204.50"])
    currency: str = Field(examples=["EUR"])


def _known(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(_known)]
"""A share, a chance or a count; null where it cannot be computed."""


def amount(minor: int, currency: str) -> Amount:
    """Return minor units as an amount.

    >>> amount(120450, "EUR").major, amount(-5, "JPY").major
    ('1204.50', '-5')
    """
    major = f"{to_major(minor, currency):.{exponent(currency)}f}"
    return Amount(minor=minor, major=major, currency=currency)


def amount_or_null(minor: float | None, currency: str) -> Amount | None:
    """Return minor units, rounded to whole ones, or null where none are known."""
    is_known = minor is not None and math.isfinite(minor)
    return amount(round(minor), currency) if is_known and minor is not None else None
