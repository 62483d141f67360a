"""With a model: it picks metric, period and breakdown from fixed lists, and can do nothing else."""

import json
from dataclasses import replace
from typing import Any, Final, Protocol

from core.analyst.ask.ahead import told_in_time
from core.analyst.ask.inquiry import BREAKDOWNS, Breakdown, Inquiry, Known, Order, Refusal, When
from core.analyst.ask.periods import find_period
from core.analyst.ask.search import LONGEST_QUESTION, name_in_question, understand
from core.analyst.writers.base import Watch
from core.errors import WriterError
from core.metrics import metric
from core.periods import Preset

NONE: Final = "none"
NEXT_QUARTER: Final = "next_quarter"
NEXT_MONTH: Final = "next_month"
_AHEAD: Final = {NEXT_QUARTER: "next quarter", NEXT_MONTH: "next month"}
_PRESETS: Final = [preset.value for preset in Preset if preset is not Preset.CUSTOM]


class Answers(Protocol):
    """A model that answers a conversation in the shape of a schema."""

    def answer(self, messages: list[dict[str, str]], schema: dict[str, Any], watch: Watch) -> str:
        """Return the whole answer."""


def choose(question: str, known: Known, model: Answers) -> Inquiry | Refusal:
    """Return what a question comes down to; the model is asked only where words do not suffice.

    The model sees the question as it was typed and the names of the metrics, nothing of the data.
    Its answer counts only where every part of it is on the lists and they go together.
    """
    found = understand(question, known)
    if isinstance(found, Inquiry):
        return found
    try:
        said = json.loads(model.answer(_asked(question), SCHEMA, Watch()))
    except (WriterError, ValueError, RecursionError):
        return found
    return _inquiry(said, question, known) or found


SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "metric": {"type": "string", "enum": [*BREAKDOWNS, NONE]},
        "period": {"type": "string", "enum": [*_PRESETS, *_AHEAD]},
        "by": {"type": "string", "enum": [by.value for by in Breakdown]},
        "order": {"type": "string", "enum": [*(order.value for order in Order), NONE]},
    },
    "required": ["metric", "period", "by", "order"],
}


def _asked(question: str) -> list[dict[str, str]]:
    known = "\n".join(f"{name}: {metric(name).meaning}" for name in BREAKDOWNS)
    return [
        {
            "role": "system",
            "content": "Choose which figure answers the question, for which period and by what. "
            f"If none does, choose {NONE}. Figures:\n{known}",
        },
        {"role": "user", "content": question[:LONGEST_QUESTION]},
    ]


def _inquiry(said: Any, question: str, known: Known) -> Inquiry | None:  # noqa: ANN401 - JSON
    """Return the inquiry an answer says, or None where any part of it is not on the lists."""
    if not isinstance(said, dict):
        return None
    try:
        by = Breakdown(str(said.get("by")))
        when = _when(str(said.get("period")), known)
        order = None if said.get("order") == NONE else Order(str(said.get("order")))
    except ValueError:
        return None
    name = said.get("metric")
    if name not in BREAKDOWNS or (when.preset is Preset.CUSTOM and not when.days):
        return None
    by = by if by in BREAKDOWNS[name] else BREAKDOWNS[name][0]
    whose, of = name_in_question(question, known)
    inquiry = Inquiry(name, when, by, order=order)
    if of in BREAKDOWNS[name] and whose:
        inquiry = replace(inquiry, by=of, name=whose)
    told = told_in_time(inquiry, known.as_of)
    return told if isinstance(told, Inquiry) else None


def _when(period: str, known: Known) -> When:
    """Return the period a model chose; one to come as a question would have said it."""
    if period in _AHEAD:
        return find_period(_AHEAD[period], known.as_of)[0] or When()
    return When(Preset(period))
