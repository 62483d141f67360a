"""What a figure of the product is: name, title, unit, formula, meaning, source."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure is counted in; decides how it is written."""

    MONEY = "money"
    DEALS = "deals"
    TOUCHES = "touches"
    PEOPLE = "people"
    POINTS = "points"
    SHARE = "share"
    DAYS = "days"
    TIMES = "times"


@dataclass(frozen=True)
class Metric:
    """One figure: how it is called, computed and read.

    Parameters
    ----------
    name
        Stable name in APIs and file formats.
    title
        Name on screen and in print.
    unit
        What it is counted in.
    formula
        How it is computed, in words and symbols.
    meaning
        What it tells the reader, in one sentence.
    tables
        Canonical tables it is computed from.
    """

    name: str
    title: str
    unit: Unit
    formula: str
    meaning: str
    tables: tuple[str, ...]

    @property
    def help(self) -> str:
        """The text behind the question mark: meaning, formula, source."""
        return f"{self.meaning} Formula: {self.formula}. Source: {', '.join(self.tables)}."
