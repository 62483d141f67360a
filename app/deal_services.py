"""What pages, the command line and the API may ask about open deals."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from app.defaults import QUARTERS_AHEAD
from app.forecast_services import ForecastServices
from core import snapshots
from core.coverage import coverage
from core.deals.explanation import DealExplanation, explain
from core.deals.learning import DealModel, learning, require_period
from core.deals.movement import Earlier, Movement, NotCompared, movement
from core.deals.saved_views import SavedViews, change_views, saved_views
from core.deals.scoring import NOT_ASKED, DealScores, score_deals
from core.deals.settings import ScoreSettings
from core.deals.source import DealData, read_deal_data, read_earlier_data
from core.engine import DEFAULT_URL, open_engine
from core.errors import EmptyWorkspaceError
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.outlook_deals import chances_by
from core.forecasting.outlook_results import Outlook
from core.periods import quarter_end_after
from core.workspace import SELECTED, Workspace


@dataclass(frozen=True)
class DealQuestion:
    """Which deals, as of which day, for which period.

    Parameters
    ----------
    currency
        Reporting currency.
    as_of
        Last day of which everything is known; default the day the data reach.
    ends_on
        Last day of the period; default the end of the quarter.
    """

    currency: str
    as_of: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Learned:
    """Data and what was learned from them, to score with any thresholds.

    Parameters
    ----------
    data, model
        What was read, and what was learned.
    since
        The import before, scored by the same model.
    """

    data: DealData
    model: DealModel
    since: Movement | NotCompared = NOT_ASKED


AskOutlook = Callable[[ForecastQuestion], Outlook]


@dataclass(frozen=True)
class DealServices:
    """Questions about open deals of one workspace."""

    workspace: Workspace
    engine_url: str = DEFAULT_URL

    def scored(
        self,
        question: DealQuestion,
        settings: ScoreSettings | None = None,
        outlook: AskOutlook | None = None,
    ) -> DealScores:
        """Return every open deal scored, its chances agreed with the outlook."""
        return self.scores(self.agreed(question, outlook), settings)

    def agreed(self, question: DealQuestion, outlook: AskOutlook | None = None) -> Learned:
        """Return what `learn` does, agreed with the outlook and compared with the import before.

        Parameters
        ----------
        question
            Which deals, as of which day, for which period.
        outlook
            Who is asked for the outlook; a cache, where there is one.
        """
        return self.agreeing(question, outlook)()

    def agreeing(
        self, question: DealQuestion, outlook: AskOutlook | None = None
    ) -> Callable[[], Learned]:
        """Begin `agreed` and return how to get at its end; other questions may come between."""
        require_period(*self._days(question))
        ask = outlook or self._beginning(self.forecast_question(question))
        learning = self._learning(question)

        def agreed() -> Learned:
            try:
                told = ask(self.forecast_question(question))
            except EmptyWorkspaceError:  # nothing was won yet to forecast from
                told = None
            learned = learning(told)
            return replace(learned, since=self.since(learned))

        return agreed

    def _beginning(self, question: ForecastQuestion) -> AskOutlook:
        """Begin the outlook that is going to be asked for."""
        forecasting = ForecastServices(self.workspace, self.engine_url)
        try:
            replay = forecasting.replaying(question)
        except EmptyWorkspaceError:  # who asks is told so
            return forecasting.outlook
        return lambda asked: forecasting.outlook(asked, replay())

    def since(self, learned: Learned) -> Movement | NotCompared:
        """Return the deals as the import before left them, or why there is nothing to compare."""
        data, model = learned.data, learned.model
        if model.as_of != data.reaches:
            return NotCompared("A past day has no import to compare with.")
        if self.workspace.meta(SELECTED):
            return NotCompared("It is told of all deals, not of a part of them.")
        # Learned anew for each period, read once: copying the tables of then is the slow part.
        earlier = self.workspace.remembered(
            ("the import before", data.histories.currency), lambda: self._earlier(data)
        )
        if isinstance(earlier, NotCompared):
            return earlier
        return movement(earlier, model.win.score, model.vocabulary)

    def _earlier(self, data: DealData) -> Earlier | NotCompared:
        kept = [one for one in snapshots.snapshots(self.workspace) if not one.is_undone]
        if len(kept) < 2:  # noqa: PLR2004 - the last one and the one before
            return NotCompared("This is the first import: changes show from the next one on.")
        before = kept[1]
        with snapshots.as_of(self.workspace, before.number) as then:
            if then.is_empty():
                return NotCompared("The import before held no deal to compare with.")
            covered = coverage(then)
            read = read_earlier_data(open_engine(then), data, covered.as_of, covered.fingerprint)
        return Earlier(before.number, before.made_at.date(), read)

    def forecast_question(self, question: DealQuestion) -> ForecastQuestion:
        """Return what the outlook is asked, so that scores and forecast add up to the same."""
        as_of = question.as_of or coverage(self.workspace).as_of
        return ForecastQuestion(question.currency, as_of, PeriodKind.QUARTER, QUARTERS_AHEAD)

    def learn(self, question: DealQuestion, outlook: Outlook | None = None) -> Learned:
        """Read the deals and learn which are won; the slow part, the same for all thresholds.

        Parameters
        ----------
        question
            Which deals, as of which day, for which period.
        outlook
            The answer to `forecast_question`, where there is one: chances of the period agree
            with it.
        """
        return self._learning(question)(outlook)

    def _learning(self, question: DealQuestion) -> Callable[[Outlook | None], Learned]:
        covered = coverage(self.workspace)
        engine = open_engine(self.workspace, self.engine_url)
        data = read_deal_data(engine, question.currency, covered.as_of, covered.fingerprint)
        as_of, ends_on = self._days(question)
        model = learning(data, as_of, ends_on)

        def learned(outlook: Outlook | None) -> Learned:
            told = chances_by(outlook, ends_on) if outlook else None
            return Learned(data, replace(model(), told=told))

        return learned

    def _days(self, question: DealQuestion) -> tuple[date, date]:
        """Return the day as of which is asked, and the last of the period."""
        as_of = question.as_of or coverage(self.workspace).as_of
        return as_of, question.ends_on or quarter_end_after(as_of)

    def saved_views(self) -> SavedViews:
        """Return the views of the open deals kept with the workspace."""
        return saved_views(self.workspace)

    def change_views(self, change: Callable[[SavedViews], SavedViews]) -> SavedViews:
        """Change the kept views and return them; no figure changes with them."""
        return change_views(self.workspace, change)

    def scores(self, learned: Learned, settings: ScoreSettings | None = None) -> DealScores:
        """Return every open deal with its chances, band and signals."""
        return score_deals(learned.data, learned.model, settings, learned.since)

    def explain(
        self, learned: Learned, scores: DealScores, deal_id: str, settings: ScoreSettings
    ) -> DealExplanation:
        """Return why one open deal has its score, and what to do next."""
        return explain(learned.data, scores, deal_id, settings.signals)
