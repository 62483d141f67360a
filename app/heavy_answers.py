"""The two answers that take seconds, for a report or a list of figures that shows them often.

They are begun before anything else is asked, so that a companion works on them meanwhile, and are
worked out once, however many parts show them. See `core.companion`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.deal_services import DealQuestion, Learned
from core.deals.scoring import DealScores
from core.errors import EmptyWorkspaceError
from core.forecasting.forecast_question import ForecastQuestion
from core.forecasting.outlook_parts import Parts
from core.forecasting.outlook_results import Outlook

if TYPE_CHECKING:
    from app.services import Services


def _not_begun(_forecast: ForecastQuestion, _deals: DealQuestion | None) -> None:
    """Begin nothing: the answers are at hand."""


@dataclass(frozen=True)
class HeavyAnswers:
    """Where the answers that take seconds come from; a page hands in its cached ones.

    Parameters
    ----------
    outlook, scores
        Who is asked for them.
    begin
        Told beforehand what will be asked; no deals where their scores are not shown.
    """

    outlook: Callable[[ForecastQuestion], Outlook]
    scores: Callable[[DealQuestion], DealScores]
    begin: Callable[[ForecastQuestion, DealQuestion | None], None] = _not_begun


def worked_out(services: "Services") -> HeavyAnswers:
    """Return answers that nobody has at hand yet."""
    working = _Working(services)
    return HeavyAnswers(working.outlook, working.scores, working.begin)


class _Working:
    def __init__(self, services: "Services") -> None:
        self._services = services
        self._replays: dict[ForecastQuestion, Callable[[], Parts]] = {}
        self._learning: dict[DealQuestion, Callable[[], Learned]] = {}
        self._outlooks: dict[ForecastQuestion, Outlook] = {}
        self._scores: dict[DealQuestion, DealScores] = {}

    def begin(self, forecast: ForecastQuestion, deals: DealQuestion | None) -> None:
        # Whoever asks in the end is told why there is no answer.
        with suppress(EmptyWorkspaceError):
            self._replays[forecast] = self._services.forecasting.replaying(forecast)
        if deals:
            with suppress(EmptyWorkspaceError):
                self._learning[deals] = self._services.deals.agreeing(deals, self.outlook)

    def outlook(self, question: ForecastQuestion) -> Outlook:
        if question not in self._outlooks:
            replay = self._replays.pop(question, None)
            said = replay() if replay else None
            self._outlooks[question] = self._services.forecasting.outlook(question, said)
        return self._outlooks[question]

    def scores(self, question: DealQuestion) -> DealScores:
        if question not in self._scores:
            agreed = self._learning.pop(question, None)
            deals = self._services.deals
            learned = agreed() if agreed else deals.agreed(question, self.outlook)
            self._scores[question] = deals.scores(learned)
        return self._scores[question]
