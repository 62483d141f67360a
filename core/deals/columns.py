"""The columns a model of deals learns from: numbers and names, each of a factor.

A factor is the word a reader sees; the contributions of a factor's columns are added up.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.arrays import Floats, Integers

OTHER: Final = -1
"""Code of a name too rare, too late or not known."""


@dataclass(frozen=True)
class Number:
    """A measured feature; nan where it is not known."""

    name: str
    factor: str
    values: Floats


@dataclass(frozen=True)
class Name:
    """A named feature, by code; `OTHER` where it is rare or not known."""

    name: str
    factor: str
    codes: Integers
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Features:
    """Features of snapshot rows.

    Parameters
    ----------
    numbers, names
        The features, each with one value a row.
    """

    numbers: tuple[Number, ...]
    names: tuple[Name, ...]

    def __len__(self) -> int:
        return len(self.numbers[0].values)

    @property
    def titles(self) -> tuple[str, ...]:
        """Names of all features, numbers first."""
        return (*(one.name for one in self.numbers), *(one.name for one in self.names))

    @property
    def factors(self) -> tuple[str, ...]:
        """Factor of each feature."""
        return (*(one.factor for one in self.numbers), *(one.factor for one in self.names))

    def at(self, rows: Integers) -> "Features":
        """Return the features of some rows."""
        return Features(
            tuple(Number(one.name, one.factor, one.values[rows]) for one in self.numbers),
            tuple(Name(one.name, one.factor, one.codes[rows], one.levels) for one in self.names),
        )

    def without(self, names: frozenset[str]) -> "Features":
        """Return the features as if some numbers were known of nobody."""
        return replace(
            self,
            numbers=tuple(
                replace(one, values=np.full_like(one.values, np.nan)) if one.name in names else one
                for one in self.numbers
            ),
        )

    def only(self, factors: frozenset[str]) -> "Features":
        """Return the features of some factors."""
        return Features(
            tuple(one for one in self.numbers if one.factor in factors),
            tuple(one for one in self.names if one.factor in factors),
        )


STAGE: Final = "Stage"
TIME_IN_STAGE: Final = "Time in stage"
AGE: Final = "Age of the deal"
CLOSE_DATE: Final = "Expected close"
PUSHES: Final = "Pushed close dates"
MOVED_BACK: Final = "Moved back"
AMOUNT: Final = "Amount"
AMOUNT_CHANGE: Final = "Change of amount"
OWNER: Final = "Owner's record"
OWNER_RATE: Final = "owner's win rate"
CUSTOMER: Final = "Past deals of the company"
ACTIVITY: Final = "Activity"
PEOPLE: Final = "People engaged"
CHANNELS: Final = "Channel mix"
SEGMENT: Final = "Segment"

TABLE_FACTORS: Final = frozenset({STAGE, TIME_IN_STAGE, CLOSE_DATE})
"""What the pipeline forecast tells deals apart by."""
