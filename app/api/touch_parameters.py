"""What requests may say about touches: which count, what models weigh, how journeys are read."""

from typing import Annotated, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from app.api.parameters import (
    MOST_NAMES,
    Flag,
    Fraction,
    ModelName,
    Name,
    OwnersQuery,
    Page,
    ScopeQuery,
    Whole,
    as_fraction,
    as_number,
)
from app.attribution_question import ALL_MODELS, Whose
from app.defaults import JOURNEY_STEPS
from core.attribution.results import (
    Anchor,
    JourneySettings,
    Level,
    MilestoneWeights,
    RuleSettings,
)
from core.attribution.steps import FEWEST_STEPS, MOST_STEPS, Side

MILESTONES: Final = ("first", "lead", "deal", "close", "others")

_LONGEST_LOOKBACK_DAYS: Final = 3_650
_HIGHEST_ORDER: Final = 4

_Weight = Annotated[
    float | None,
    BeforeValidator(as_fraction),
    Field(ge=0, le=1_000_000),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1_000_000}),
]
_Order = Annotated[
    int | None,
    BeforeValidator(as_number),
    Field(ge=1, le=_HIGHEST_ORDER),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _HIGHEST_ORDER}),
]


def _weight(what: str) -> float | None:
    told: float | None = Field(
        default=None, description=f"custom: weight of {what}; what is not named weighs nothing."
    )
    return told


class TouchesQuery(ScopeQuery):
    """Whose deals, and which of their touches count."""

    by: Level = Field(default=Level.CHANNEL, description="What touches are named by.")
    lookback_days: Whole = Field(
        default=JourneySettings.lookback_days,
        ge=1,
        le=_LONGEST_LOOKBACK_DAYS,
        description="Days before the anchor in which a touch counts.",
    )
    anchor: Anchor = Field(default=Anchor.WON, description="What journeys lead up to.")
    journeys: Whose = Field(
        default=Whose.ACCOUNT, description="Touches of the whole company, or of the deal's people."
    )
    after_creation: Flag = Field(
        default=False, description="Only touches after the deal's creation count."
    )
    exclude_channel: list[Name] = Field(
        default=[], max_length=MOST_NAMES, description="A channel that never counts; repeat."
    )
    exclude_kind: list[Name] = Field(
        default=[], max_length=MOST_NAMES, description="A kind of touch that never counts; repeat."
    )

    @property
    def settings(self) -> JourneySettings:
        """Which touches count."""
        return JourneySettings(
            self.lookback_days,
            self.anchor,
            self.journeys is Whose.ACCOUNT,
            tuple(sorted(set(self.exclude_channel))),
            tuple(sorted(set(self.exclude_kind))),
            self.after_creation,
        )


class AttributionQuery(TouchesQuery):
    """Whose revenue is credited to what, under which model; without days all of it."""

    model: ModelName = Field(
        default=ALL_MODELS, description="A model's name, all, or markov for its best order."
    )
    order: _Order = Field(default=None, description="Order of markov; default: what data support.")
    half_life_days: Fraction = Field(
        default=RuleSettings.half_life_days, ge=0.1, le=3_650, description="time_decay: half-life."
    )
    kept_a_step: Fraction = Field(
        default=RuleSettings.kept_a_step,
        ge=0.01,
        le=1,
        description="step_decay: part of the weight kept a step back.",
    )
    first_share: Fraction = Field(
        default=RuleSettings.first_share, ge=0, le=1, description="position_based: first touch."
    )
    last_share: Fraction = Field(
        default=RuleSettings.last_share, ge=0, le=1, description="position_based: last touch."
    )
    weight_first: _Weight = _weight("the first touch")
    weight_lead: _Weight = _weight("the touch that made the lead")
    weight_deal: _Weight = _weight("the touch before the deal's creation")
    weight_close: _Weight = _weight("the touch before the close")
    weight_others: _Weight = _weight("all others together")
    lift_test: list[Name] = Field(
        default=[],
        max_length=MOST_NAMES,
        description="incremental: an experiment as channel,lift,lo,hi in parts of one; repeat.",
        examples=[["Events,0.10,0.05,0.15"]],
    )

    @property
    def rules(self) -> RuleSettings:
        """What the rule models weigh."""
        return RuleSettings(
            half_life_days=self.half_life_days,
            kept_a_step=self.kept_a_step,
            first_share=self.first_share,
            last_share=self.last_share,
            custom=self._custom if self.has_weights else RuleSettings.custom,
        )

    @property
    def has_weights(self) -> bool:
        """Whether the custom model has weights of its own."""
        return any(weight is not None for weight in self._weights.values())

    @property
    def _custom(self) -> MilestoneWeights:
        return MilestoneWeights(**{name: weight or 0.0 for name, weight in self._weights.items()})

    @property
    def _weights(self) -> dict[str, float | None]:
        return {name: getattr(self, f"weight_{name}") for name in MILESTONES}


class FlowsQuery(TouchesQuery):
    """Whose journeys, and how much of each is looked at."""

    steps: Whole = Field(
        default=JOURNEY_STEPS, ge=FEWEST_STEPS, le=MOST_STEPS, description="Steps looked at."
    )
    side: Side = Field(default=Side.FIRST, description="The end steps are counted from.")


class JourneysQuery(FlowsQuery, Page):
    """Whose journeys, and which rows of their paths."""


class AccountsQuery(OwnersQuery):
    """Which accounts, with deals of which owners."""

    search: str = Field(
        default="",
        max_length=200,
        description="Part of the name of an account or a deal, or an id of either.",
    )
