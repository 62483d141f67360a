"""What requests may say: strict parameters, so that a slip is told and never guessed."""

import re
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

from app.defaults import DEFAULT_MODEL
from core.attribution.data_driven import MODELS
from core.attribution.results import Anchor, JourneySettings, Level
from core.attribution.rules.registry import RULES
from core.errors import UnknownNameError
from core.forecasting.forecast_question import LONGEST_MONTHS, PeriodKind
from core.periods import Preset

ALL_MODELS: Final = "all"
MODEL_NAMES: Final = (ALL_MODELS, *RULES, *MODELS)

LARGEST_PAGE: Final = 500
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_LONGEST_LOOKBACK_DAYS: Final = 3_650
_FURTHEST_ROW: Final = 10**9


def _as_day(text: object) -> object:
    # Left alone, a number would be taken as seconds since 1970.
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("write it as YYYY-MM-DD, such as 2026-03-31")
    return text


def _in_range(day: date | None) -> date | None:
    if day and not _FIRST_DAY <= day <= _LAST_DAY:
        raise ValueError(f"choose a day from {_FIRST_DAY} to {_LAST_DAY}")
    return day


def _as_number(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError("write it as a whole number")
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
Flag = Annotated[bool, BeforeValidator(_as_flag)]
Whole = Annotated[int, BeforeValidator(_as_number)]
Currency = Annotated[str, Field(pattern=r"^([A-Z]{3})?$", description="Default: the data's.")]
ModelName = Annotated[
    str,
    AfterValidator(_known_model),
    WithJsonSchema({"type": "string", "enum": list(MODEL_NAMES)}),
]


OneModel = Annotated[
    str, WithJsonSchema({"type": "string", "enum": [n for n in MODEL_NAMES if n != ALL_MODELS]})
]
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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class NoParameters(_Strict):
    """Nothing can be said here."""


class Page(_Strict):
    """Which rows of a long list."""

    limit: Whole = Field(default=100, ge=1, le=LARGEST_PAGE, description="Rows a page.")
    offset: Whole = Field(default=0, ge=0, le=_FURTHEST_ROW, description="Rows to leave out.")


class ImportQuery(_Strict):
    """Whether the files are stored."""

    dry_run: Flag = Field(
        default=False, description="Tell what an import would do, to the last record; store none."
    )


class UndoQuery(_Strict):
    """Which import is taken back."""

    number: Whole | None = Field(
        default=None,
        ge=1,
        le=_FURTHEST_ROW,
        description="Take back this import and all after it; by default the latest only.",
        json_schema_extra={"anyOf": None, "type": "integer", "minimum": 1, "maximum": 10**9},
    )


class MoneyQuery(_Strict):
    """In which currency."""

    currency: Currency = ""


class DealsQuery(Page):
    """Which open deals, in which currency."""

    currency: Currency = ""


class _Days(MoneyQuery):
    starts_on: Day = Field(default=None, alias="from", description="First day, YYYY-MM-DD.")
    ends_on: Day = Field(default=None, alias="to", description="Last day, included.")


class OverviewQuery(_Days):
    """Which period: a name, or two days, which go before the name."""

    period: NamedPeriod = Field(
        default=Preset.LAST_12_MONTHS, description="Counted back from the day the data reach."
    )

    @model_validator(mode="after")
    def _has_two_ends(self) -> Self:
        if (self.starts_on is None) != (self.ends_on is None):
            raise ValueError("a period has two ends: give both from and to")
        return self


class AttributionQuery(_Days):
    """Whose revenue is credited to what, under which model; without days all of it."""

    model: ModelName = Field(default=ALL_MODELS, description="A model's name, or all.")
    by: Level = Field(default=Level.CHANNEL, description="What credit is summed by.")
    lookback_days: Whole = Field(
        default=JourneySettings.lookback_days,
        ge=1,
        le=_LONGEST_LOOKBACK_DAYS,
        description="Days before the anchor in which a touch counts.",
    )
    anchor: Anchor = Field(default=Anchor.WON, description="What journeys lead up to.")


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
    """Which periods are forecast."""

    period: PeriodKind = Field(default=PeriodKind.MONTH, description="Months or quarters.")
    horizon: Whole = Field(
        default=6, ge=1, le=LONGEST_MONTHS, description="How many; at most two years."
    )
    year_starts_in: Whole = Field(
        default=1, ge=1, le=12, description="Month in which the fiscal year starts."
    )
