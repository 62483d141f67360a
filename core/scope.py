"""What part of the data an answer is about: period, reporting currency, owners."""

from dataclasses import dataclass
from datetime import date

from core.errors import InvalidParameterError


@dataclass(frozen=True)
class Scope:
    """The filter bar, as every page, the command line and the API pass it on.

    Parameters
    ----------
    currency
        Reporting currency: ISO 4217 code that every amount is converted into.
    starts_on
        First day of the period, or None for no limit.
    ends_on
        Last day of the period, included, or None for no limit.
    owner_ids
        Owners whose deals count; empty means everybody's.
    """

    currency: str
    starts_on: date | None = None
    ends_on: date | None = None
    owner_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            raise InvalidParameterError(
                f"The period starts on {self.starts_on} and ends on {self.ends_on}.",
                "Choose a first day that is not after the last.",
            )
