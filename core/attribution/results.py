"""What attribution is asked and what it answers: frozen, hashable questions, frames of credit."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import polars as pl

from core.attribution.incremental.lift import LiftTest
from core.errors import InvalidParameterError
from core.scope import Scope

READS_LIFT_TESTS: Final = "incremental"
"""Name of the one model that results of lift tests change."""

LIFT_TESTS_UNREAD: Final = (
    "The lift tests change nothing here: only the incremental model reads them, and it is not "
    "among the models asked."
)


class Anchor(StrEnum):
    """The moment a journey leads up to."""

    WON = "won"
    CREATED = "created"


class Level(StrEnum):
    """What credit is summed by."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"


@dataclass(frozen=True)
class JourneySettings:
    """Which touches of a deal are eligible for credit.

    Parameters
    ----------
    lookback_days
        Days before the anchor in which a touch counts. B2B journeys last half a year and more,
        so the default is a year.
    anchor
        ``won``: touches up to the close share the revenue. ``created``: touches up to the
        deal's creation do, which tells what sourced it.
    account_touches
        Whether touches of the deal's company count when they name neither the deal nor one of
        its contacts: account journeys with them, contact-role journeys without.
    excluded_channels
        Channels whose touches never count, as they are named; their credit goes to the others.
    excluded_kinds
        Kinds of touches that never count, likewise.
    since_creation
        Whether only touches after the deal's creation count: what moved it along, not what
        sourced it. With the anchor ``created`` nothing is left.
    """

    lookback_days: int = 365
    anchor: Anchor = Anchor.WON
    account_touches: bool = True
    excluded_channels: tuple[str, ...] = ()
    excluded_kinds: tuple[str, ...] = ()
    since_creation: bool = False

    def __post_init__(self) -> None:
        if self.lookback_days < 1:
            raise InvalidParameterError(
                f"A lookback of {self.lookback_days} days holds no touch.",
                "Choose at least 1 day.",
            )


@dataclass(frozen=True)
class MilestoneWeights:
    """Weights of the touches that carry a milestone, and of all others together.

    They need not sum to 1: each deal's are scaled to do so, over the milestones it has.

    Raises
    ------
    InvalidParameterError
        If a weight is negative or all are zero.
    """

    first: float
    lead: float
    deal: float
    close: float
    others: float

    def __post_init__(self) -> None:
        weights = (self.first, self.lead, self.deal, self.close, self.others)
        if min(weights) < 0 or not 0 < sum(weights) < float("inf"):
            raise InvalidParameterError(
                "The weights of milestones cannot be negative, nor all zero.",
                "Give at least one milestone a weight above 0.",
            )


@dataclass(frozen=True)
class RuleSettings:
    """The parameters of the rule models.

    Parameters
    ----------
    half_life_days
        Time decay: days in which a touch loses half its weight.
    kept_a_step
        Step decay: part of the weight kept by each step back from the last touch.
    first_share, last_share
        Position based: shares of the first and the last touch.
    direct_channels
        Last non-direct touch: names of channels that count as direct, in lower case.
    custom
        Custom weights: what each milestone gets.
    """

    half_life_days: float = 7.0
    kept_a_step: float = 0.7
    first_share: float = 0.4
    last_share: float = 0.4
    direct_channels: tuple[str, ...] = (
        "direct",
        "(direct)",
        "direct traffic",
        "direct_traffic",
        "(none)",
    )
    custom: MilestoneWeights = MilestoneWeights(
        first=0.2, lead=0.2, deal=0.2, close=0.2, others=0.2
    )


@dataclass(frozen=True)
class Question:
    """One attribution question: whose revenue, which touches, which models, summed by what.

    Results of lift tests calibrate the incremental model; no other model reads them.
    """

    scope: Scope
    models: tuple[str, ...]
    journeys: JourneySettings = field(default_factory=JourneySettings)
    level: Level = Level.CHANNEL
    rules: RuleSettings = field(default_factory=RuleSettings)
    lift_tests: tuple[LiftTest, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """What was asked in vain, in words: lift tests of models that read none."""
        if self.lift_tests and READS_LIFT_TESTS not in self.models:
            return (LIFT_TESTS_UNREAD,)
        return ()

    @property
    def of_touches(self) -> "Question":
        """The part of the question that no model changes: whose deals, which touches.

        What depends on nothing else is asked by it, and need not be worked out again for another
        model, weight or level.
        """
        return Question(self.scope, (), self.journeys)


@dataclass(frozen=True)
class Reconciliation:
    """The line that proves a table of credits: both sides in minor units of the currency."""

    closed_won_minor: int
    credited_minor: int
    unattributed_minor: int

    @property
    def holds(self) -> bool:
        """Whether credited and unattributed revenue equal closed-won to the last cent."""
        return self.closed_won_minor == self.credited_minor + self.unattributed_minor

    @property
    def unattributed_share(self) -> float | None:
        """Part of closed won that no touch explains; None where nothing was won."""
        whole = self.closed_won_minor
        return self.unattributed_minor / whole if whole else None


@dataclass(frozen=True)
class AttributionResult:
    """Credit of each model by channel or campaign.

    Parameters
    ----------
    frame
        One row a model and a name: ``model, <level>, deals, revenue_minor, share``; the
        ``(unattributed)`` row is there whenever it is not empty. ``deals`` is in fractions of a
        deal, ``share`` is of closed-won revenue.
    question
        What was asked.
    fingerprint
        The data it was asked of.
    won_deals
        Number of won deals in scope.
    reconciliation
        By model.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    frame: pl.DataFrame
    question: Question
    fingerprint: str
    won_deals: int
    reconciliation: dict[str, Reconciliation]
    warnings: tuple[str, ...] = ()
