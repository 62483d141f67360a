"""What decides a simulated company."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.crm.demo.scenarios import Scenario, scenario
from core.errors import InvalidParameterError

VERSION: Final = "1"
"""Version of the simulator: changed whenever equal options would give another company."""


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """Everything that decides a simulated company.

    Parameters
    ----------
    ends_on
        Last day of the 36 months of history; never today's date by itself.
    seed
        Another seed, another company.
    deals
        Number of deals.
    scenario
        Name of a world, see `core.crm.demo.scenarios`.

    >>> DemoOptions(ends_on=date(2026, 11, 20)).deals
    2000
    """

    seed: int = 7
    deals: int = 2_000
    scenario: str = "company"
    ends_on: date

    def __post_init__(self) -> None:
        if self.deals < 1:
            raise InvalidParameterError(
                f"A company with {self.deals} deals cannot be simulated.", "Ask for at least 1."
            )
        if not date(2003, 1, 1) <= self.ends_on <= date(2200, 1, 1):
            raise InvalidParameterError(
                f"A history that ends on {self.ends_on} is out of range.",
                "Choose a day from 2003 on: exchange rates start in 1999.",
            )
        scenario(self.scenario)

    @property
    def world(self) -> Scenario:
        """The scenario itself."""
        return scenario(self.scenario)

    @property
    def identity(self) -> str:
        """Id of the import: equal options and simulator, equal id."""
        told = f"demo|{self.ends_on}|{self.seed}|{self.deals}|{self.scenario}|{VERSION}"
        return hashlib.sha256(told.encode()).hexdigest()
