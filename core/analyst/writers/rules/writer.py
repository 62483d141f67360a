"""The rule writer: for each topic its phrases, for each phrase the facts it needs."""

from typing import Final

from core.analyst.facts import FactSheet
from core.analyst.writers.base import Health, Request, Watch
from core.analyst.writers.rules.answer import ANSWER
from core.analyst.writers.rules.future import CHANGES, DEAL, FORECAST
from core.analyst.writers.rules.overview import OVERVIEW
from core.analyst.writers.rules.phrases import Paragraph, said
from core.analyst.writers.rules.revenue import ATTRIBUTION, CHANNEL, PERFORMANCE

PARAGRAPHS: Final[dict[str, Paragraph]] = {
    "overview": OVERVIEW,
    "attribution": ATTRIBUTION,
    "performance": PERFORMANCE,
    "channel": CHANNEL,
    "deal": DEAL,
    "forecast": FORECAST,
    "changes": CHANGES,
    "answer": ANSWER,
}
"""By topic of a sheet, what is said of it."""


class Rules:
    """Writes the same words for the same facts, without a model and without a network."""

    name = "rules"

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return "rules"

    @property
    def is_ours(self) -> bool:
        """Whether its words are the product's own."""
        return True

    def sent(self, sheet: FactSheet) -> str:  # noqa: ARG002 - every writer is told the facts
        """Say that nothing goes anywhere."""
        return "Nothing was sent anywhere."

    def describe_sending(self) -> str:
        """Say that nothing goes anywhere."""
        return "Nothing is sent anywhere."

    def write(self, request: Request, watch: Watch | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Return what rules say of the topic; they have no second answer."""
        return () if request.again else tuple(said(PARAGRAPHS[request.sheet.topic], request.sheet))

    def test(self) -> Health:
        """Rules always work."""
        return Health(works=True, message="Rules are part of the product and always there.")
