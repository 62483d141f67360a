"""What an agent may ask: the questions of the HTTP API that read, each with its typed answer.

A tool takes the parameters of the endpoint and gives its answer, so a figure is the same to an
agent, to a program and on the pages. Nothing here can change the data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError

from app.api import journey_routes, routes
from app.api.amounts import Answer
from app.api.data_answers import ImportsAnswer, MetricsAnswer, WorkspacesAnswer
from app.api.deal_answers import DealAnswer, DealsAnswer
from app.api.forecast_answers import ForecastAnswer
from app.api.journey_answers import JourneysAnswer
from app.api.parameters import (
    LONGEST_ID,
    DealQuery,
    DealsQuery,
    ExplanationQuery,
    ForecastQuery,
    NoParameters,
    OverviewQuery,
    Page,
)
from app.api.recent import Recent
from app.api.revenue_answers import AttributionAnswer, OverviewAnswer
from app.api.text_answers import ExplanationAnswer, QualityAnswer
from app.api.touch_parameters import AttributionQuery, JourneysQuery
from app.services import Services
from core.errors import InvalidParameterError, UnknownNameError

Ask = Callable[[Services, Recent, Any], Answer]


class OneDealQuery(DealQuery):
    """Which open deal, and how it is asked for."""

    deal_id: str = Field(
        min_length=1, max_length=LONGEST_ID, description="As the tool deals names it."
    )


class TextQuery(ExplanationQuery):
    """What a text is about, and which channel or deal, period and model are meant."""

    topic: routes.Topic = Field(default=routes.Topic.OVERVIEW, description="What it is about.")


@dataclass(frozen=True)
class AgentTool:
    """One question an agent may ask.

    Parameters
    ----------
    name
        What it is called.
    description
        When to ask it and how to read the answer.
    asked, answered
        What a question and an answer consist of.
    ask
        Who answers.
    """

    name: str
    description: str
    asked: type[BaseModel]
    answered: type[Answer]
    ask: Ask

    def question(self, arguments: Mapping[str, Any]) -> BaseModel:
        """Return what is asked, checked.

        Raises
        ------
        InvalidParameterError
            If an argument is missing, not known or outside its values; all of them are told.
        """
        try:
            return self.asked.model_validate(dict(arguments))
        except ValidationError as error:
            raise InvalidParameterError(
                f"{_slips(error)}.", f"The tool {self.name} lists its arguments."
            ) from error


def tool(name: str) -> AgentTool:
    """Return a tool by name.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    if name not in TOOLS:
        raise UnknownNameError.among("tool", name, TOOLS)
    return TOOLS[name]


def _slips(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'the question'}: "
        f"{one['msg'].removeprefix('Value error, ')}"
        for one in error.errors()
    )


def _deal(services: Services, recent: Recent, asked: OneDealQuery) -> Answer:
    return routes.deal(services, recent, asked.deal_id, asked)


def _text(services: Services, recent: Recent, asked: TextQuery) -> Answer:
    return routes.explanation(services, recent, asked.topic, asked)


_ALL: Final = (
    AgentTool(
        "workspace",
        "What the data cover: the last day known, currencies, how many deals and touches. Ask "
        "this first; every period is counted back from that day.",
        NoParameters,
        WorkspacesAnswer,
        lambda services, _recent, asked: routes.workspaces(services, asked),
    ),
    AgentTool(
        "metrics",
        "The metrics catalogue: name, formula, unit, meaning and source of every figure. Quote a "
        "figure with its definition from here.",
        NoParameters,
        MetricsAnswer,
        lambda services, _recent, asked: routes.metrics(services, asked),
    ),
    AgentTool(
        "overview",
        "Closed-won revenue, deals won, win rate, average deal, sales cycle and open pipeline of "
        "a period beside the period before, and by month.",
        OverviewQuery,
        OverviewAnswer,
        lambda services, _recent, asked: routes.overview(services, asked),
    ),
    AgentTool(
        "attribution",
        "Revenue and deals credited to each channel or campaign under a model, with the line that "
        "proves that credits and the row (unattributed) sum to closed won. Models divide revenue; "
        "they do not prove that a channel caused it.",
        AttributionQuery,
        AttributionAnswer,
        routes.attribution,
    ),
    AgentTool(
        "journeys",
        "How closed deals came about: touches, steps and days of won and of lost ones, which part "
        "of each met a channel, and the paths, the most frequent first, in pages. A path is "
        "followed, not chosen: its win rate proves no effect.",
        JourneysQuery,
        JourneysAnswer,
        lambda services, _recent, asked: journey_routes.journeys(services, asked),
    ),
    AgentTool(
        "forecast",
        "Revenue to come by month or quarter with 80 and 95 % intervals: booked, open deals and "
        "new business, and how such forecasts did on this company's past. Takes seconds.",
        ForecastQuery,
        ForecastAnswer,
        routes.forecast,
    ),
    AgentTool(
        "deals",
        "Open deals with the chance to be won in the end and by the end of the quarter, risk band "
        "and risk signals, those that matter most first, in pages. Takes seconds.",
        DealsQuery,
        DealsAnswer,
        routes.deals,
    ),
    AgentTool(
        "deal",
        "Why one open deal has its chance: what adds to it and takes from it, risk signals, "
        "similar past deals, what would change it, what to do next.",
        OneDealQuery,
        DealAnswer,
        _deal,
    ),
    AgentTool(
        "explain",
        "A text about a topic, written by rules, no sentence of which holds a number that is not "
        "among the facts it comes with. Topics channel and deal need a name.",
        TextQuery,
        ExplanationAnswer,
        _text,
    ),
    AgentTool(
        "data_quality",
        "How far each table can be trusted, 0 to 100, what weakens it, and which fix helps most. "
        "Read it before trusting a surprising figure.",
        NoParameters,
        QualityAnswer,
        lambda services, _recent, asked: routes.quality(services, asked),
    ),
    AgentTool(
        "imports",
        "The imports, the latest first: files, rows in, loaded and rejected.",
        Page,
        ImportsAnswer,
        lambda services, _recent, asked: routes.imports(services, asked),
    ),
)

TOOLS: Final[Mapping[str, AgentTool]] = {one.name: one for one in _ALL}
