"""What a report is asked, and who is told how far it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from shlex import quote

from app.defaults import COMPARED, DEFAULT_MODEL, DEFAULT_PERIOD
from core.attribution.data_driven import MODELS
from core.attribution.incremental.lift import LiftTest
from core.attribution.results import JourneySettings, RuleSettings
from core.attribution.rules.registry import RULES
from core.errors import InvalidParameterError, UnknownNameError
from core.periods import Preset
from core.reports.options import ReportOptions

Progress = Callable[[float, str], None]
"""Told how far the work is, 0 to 1, and what is being done."""


@dataclass(frozen=True)
class ReportQuestion:
    """What a report is about.

    Parameters
    ----------
    options
        For whom, which parts, which paper.
    preset
        The period, counted back from the day the data reach.
    custom
        The days of a custom period.
    currency
        Reporting currency; blank for the one most deals are in.
    owner_ids
        Owners whose deals count; empty means everybody's.
    models
        Attribution models to compare.
    model
        The one shown first.
    journeys
        Which touches count.
    rules
        Parameters of the rule models.
    lift_tests
        Results of experiments, for the incremental model.
    as_of
        A past day to report as it was then, or None for the day the data reach.
    where
        What the deals asked about were chosen by, as ``--where`` says it.
    """

    options: ReportOptions = field(default_factory=ReportOptions)
    preset: Preset = DEFAULT_PERIOD
    custom: tuple[date, date] | None = None
    currency: str = ""
    owner_ids: tuple[str, ...] = ()
    models: tuple[str, ...] = COMPARED
    model: str = DEFAULT_MODEL
    journeys: JourneySettings = field(default_factory=JourneySettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    lift_tests: tuple[LiftTest, ...] = ()
    as_of: date | None = None
    where: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.model not in self.models:
            raise InvalidParameterError(
                f"The model {self.model} is shown first but not compared.",
                f"Choose it among {', '.join(self.models)}.",
            )

    def command(self, currency: str) -> str:
        """Return the command that makes this report; blank where it has no option for a choice.

        Parameters
        ----------
        currency
            The reporting currency, also where none was chosen.
        """
        repeatable = replace(self, journeys=JourneySettings(), rules=RuleSettings(), lift_tests=())
        return " ".join(self._words(currency)) if repeatable == self else ""

    def _words(self, currency: str) -> Iterator[str]:
        options = self.options
        yield "python -m app report --workspace WORKSPACE --out report.pdf"
        yield f"--audience {options.audience}"
        if options.shown != options.audience.parts:
            yield f"--parts {','.join(options.shown)}"
        if self.custom:
            yield f"--from {self.custom[0]} --to {self.custom[1]}"
        else:
            yield f"--period {self.preset}"
        yield f"--currency {currency} --paper {options.paper}"
        if self.models != COMPARED:
            yield f"--models {','.join(self.models)}"
        if self.model != DEFAULT_MODEL:
            yield f"--model {self.model}"
        yield from (f"--owner {quote(owner_id)}" for owner_id in self.owner_ids)
        yield from (f"--where {quote(condition)}" for condition in self.where)
        if self.as_of:
            yield f"--as-of {self.as_of}"


def models_compared(names: Sequence[str], first: str) -> tuple[str, ...]:
    """Return the models a report compares: those named or the usual ones, and the first shown.

    >>> models_compared(("linear", "shapley"), "markov_1")
    ('linear', 'shapley', 'markov_1')

    Raises
    ------
    UnknownNameError
        If there is no such model; it is told before the report is begun.
    """
    compared = tuple(dict.fromkeys((*(names or COMPARED), first)))
    known = (*RULES, *MODELS)
    for name in compared:
        if name not in known:
            raise UnknownNameError.among("model", name, known)
    return compared
