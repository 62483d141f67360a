"""What requests may say: strict parameters, so that a slip is told and never guessed."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from app.attribution_question import ALL_MODELS, SUGGESTED
from app.defaults import DEFAULT_MODEL, FIRST_DAY, LAST_DAY
from core.attribution.data_driven import MODELS
from core.attribution.rules.registry import RULES
from core.errors import UnknownNameError
from core.forecasting.forecast_question import LONGEST_MONTHS, PeriodKind
from core.periods import Preset
from core.reports.options import Audience, Part
from core.reports.paper import Paper

ONE_MODEL: Final = (*RULES, *MODELS)
MODEL_NAMES: Final = (ALL_MODELS, SUGGESTED, *ONE_MODEL)

REPEATABLE: Final = frozenset(
    {"exclude_channel", "exclude_kind", "lift_test", "models", "owner", "parts", "where"}
)
"""Parameters of which there may be several; of any other only one would count."""

LARGEST_PAGE: Final = 500
LONGEST_CONDITION: Final = 500
MOST_CONDITIONS: Final = 20
LONGEST_NAME: Final = 200
LONGEST_ID: Final = 200
MOST_NAMES: Final = 100
_DECIMAL: Final = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_FURTHEST_ROW: Final = 10**9


def _as_day(text: object) -> object:
    # Left alone, a number would be taken as seconds since 1970.
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("write it as YYYY-MM-DD, such as 2026-03-31")
    return text


def _in_range(day: date | None) -> date | None:
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"choose a day from {FIRST_DAY} to {LAST_DAY}")
    return day


def as_number(text: object) -> object:
    """Return a parameter that is a whole number as it was said, or refuse it."""
    if isinstance(text, str) and not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError("write it as a whole number")
    return text


def as_fraction(text: object) -> object:
    """Return a parameter that is a number as it was said, or refuse it."""
    if isinstance(text, str) and not re.fullmatch(_DECIMAL, text):
        raise ValueError("write it as a number, such as 0.4")
    return text


def _as_flag(text: object) -> object:
    if isinstance(text, str) and text not in {"true", "false"}:
        raise ValueError("write true or false")
    return text


def _known_model(name: str) -> str:
    if name not in MODEL_NAMES:
        raise UnknownNameError.among("model", name, MODEL_NAMES)
    return name


Day = Annotated[
    date | None,
    BeforeValidator(_as_day),
    AfterValidator(_in_range),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Flag = Annotated[bool, BeforeValidator(_as_flag)]
Fraction = Annotated[float, BeforeValidator(as_fraction)]
Whole = Annotated[int, BeforeValidator(as_number)]
Currency = Annotated[str, Field(pattern=r"^([A-Z]{3})?$", description="Default: the data's.")]
Conditions = Annotated[
    Sequence[Annotated[str, Field(min_length=1, max_length=LONGEST_CONDITION)]],
    Field(
        max_length=MOST_CONDITIONS,
        description="Only deals that fulfil it: a column, one of = != >= <=, and a value, or "
        "several with | between them: 'Segment=A|B', 'Seats>=50'. Repeat for more. Costs, spend "
        "and quotas are then left out.",
    ),
]
"""What deals have to fulfil, as ``--where`` says it."""
ModelName = Annotated[
    str,
    AfterValidator(_known_model),
    WithJsonSchema({"type": "string", "enum": list(MODEL_NAMES)}),
]


OneModel = Annotated[str, WithJsonSchema({"type": "string", "enum": list(ONE_MODEL)})]
"""A model that is named; the services say what there is when the name is unknown."""


def _without_days(preset: Preset) -> Preset:
    if preset is Preset.CUSTOM:
        raise ValueError("give from and to instead")
    return preset


NamedPeriod = Annotated[
    Preset,
    AfterValidator(_without_days),
    WithJsonSchema({"type": "string", "enum": [p.value for p in Preset if p is not Preset.CUSTOM]}),
]


class Strict(BaseModel):
    """Base of what may be said: what is not declared is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class NoParameters(Strict):
    """Nothing can be said here."""


class Page(Strict):
    """Which rows of a long list."""

    limit: Whole = Field(default=100, ge=1, le=LARGEST_PAGE, description="Rows a page.")
    offset: Whole = Field(default=0, ge=0, le=_FURTHEST_ROW, description="Rows to leave out.")


class ImportQuery(Strict):
    """Whether the files are stored."""

    dry_run: Flag = Field(
        default=False, description="Tell what an import would do, to the last record; store none."
    )


class UndoQuery(Strict):
    """Which import is taken back."""

    number: Annotated[
        int | None,
        BeforeValidator(as_number),
        Field(ge=1, le=_FURTHEST_ROW),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _FURTHEST_ROW}),
    ] = Field(
        default=None,
        description="Take back this import and all after it; by default the latest only.",
    )


class MoneyQuery(Strict):
    """About which deals, in which currency."""

    currency: Currency = ""
    where: Conditions = ()


class DealQuery(MoneyQuery):
    """As known on which day, up to which one, in which currency."""

    as_of: Day = Field(default=None, description="As known that day; default: the data's.")
    until: Day = Field(default=None, description="Last day of the period; default: quarter end.")


class DealsQuery(Page, DealQuery):
    """Which open deals, as known on which day."""


class AccountQuery(Page, MoneyQuery):
    """With which deals, in which currency, and which rows of what happened."""


class OwnersQuery(MoneyQuery):
    """Whose deals, in which currency."""

    owner: list[Name] = Field(
        default=[], max_length=MOST_NAMES, description="Id of an owner whose deals count; repeat."
    )


class ScopeQuery(OwnersQuery):
    """Whose deals, between which days, in which currency."""

    starts_on: Day = Field(default=None, alias="from", description="First day, YYYY-MM-DD.")
    ends_on: Day = Field(default=None, alias="to", description="Last day, included.")


class PeriodQuery(ScopeQuery):
    """Which period: a name, or two days, which go before the name."""

    period: NamedPeriod = Field(
        default=Preset.LAST_12_MONTHS, description="Counted back from the day the data reach."
    )

    @model_validator(mode="after")
    def _has_two_ends(self) -> Self:
        if (self.starts_on is None) != (self.ends_on is None):
            raise ValueError("a period has two ends: give both from and to")
        return self


class OverviewQuery(PeriodQuery):
    """Which period is shown."""


class ExplanationQuery(MoneyQuery):
    """Which channel or deal, which period, under which model."""

    name: str = Field(
        default="", max_length=200, description="Of the channel, or the id of the deal."
    )
    period: NamedPeriod = Field(
        default=Preset.LAST_12_MONTHS, description="Counted back from the day the data reach."
    )
    model: OneModel = Field(default=DEFAULT_MODEL, description="The model that is meant.")


class ForecastQuery(MoneyQuery):
    """Which periods are forecast, as known on which day."""

    as_of: Day = Field(default=None, description="Last day known; default: the data's.")
    period: PeriodKind = Field(default=PeriodKind.MONTH, description="Months or quarters.")
    horizon: Whole = Field(
        default=6, ge=1, le=LONGEST_MONTHS, description="How many; at most two years."
    )
    year_starts_in: Whole = Field(
        default=1, ge=1, le=12, description="Month in which the fiscal year starts."
    )


class ReportQuery(PeriodQuery):
    """For whom, about what, on which paper; as the command line's report is asked."""

    audience: Audience = Field(default=Audience.BOARD, description="Who reads it.")
    parts: list[Part] = Field(
        default=[],
        max_length=len(Part),
        description="Its parts; repeat. Default: those of the audience.",
        json_schema_extra={"uniqueItems": True},
    )
    models: list[OneModel] = Field(
        default=[],
        max_length=len(ONE_MODEL),
        description="Models to compare; repeat. Default: the classic six.",
        json_schema_extra={"uniqueItems": True},
    )
    model: OneModel = Field(default=DEFAULT_MODEL, description="The model shown first.")
    paper: Paper = Field(default=Paper.A4, description="Format of the pages.")
    as_of: Day = Field(default=None, description="A past day, YYYY-MM-DD: as it was known then.")
