"""What every section of a report knows: period, currency, data, models."""

from collections.abc import Mapping
from dataclasses import dataclass

from core import formats
from core.coverage import Coverage
from core.periods import Period
from core.scope import Scope


@dataclass(frozen=True)
class Context:
    """The question a whole report is about.

    Parameters
    ----------
    coverage
        What the data cover.
    scope
        Currency, days and owners.
    period
        The days of the scope with their name.
    before
        The period it is compared with, or None.
    model
        The model whose credit is shown first.
    titles
        Titles of the models compared, by name.
    """

    coverage: Coverage
    scope: Scope
    period: Period
    before: Period | None
    model: str
    titles: Mapping[str, str]

    @property
    def currency(self) -> str:
        """Reporting currency."""
        return self.scope.currency

    @property
    def model_title(self) -> str:
        """Title of the model shown first."""
        return self.titles[self.model]

    @property
    def model_name(self) -> str:
        """The same within a sentence."""
        return formats.in_a_sentence(self.model_title)

    def money(self, minor: float | None) -> str:
        """Write an amount for a sentence."""
        return formats.money_compact(None if minor is None else round(minor), self.currency)
