"""What pages, the command line and the API may ask about open deals."""

from dataclasses import dataclass
from datetime import date

from core.coverage import coverage
from core.deals.explanation import DealExplanation, explain
from core.deals.scoring import DealModel, DealScores, learn, quarter_end, score_deals
from core.deals.settings import ScoreSettings
from core.deals.source import DealData, read_deal_data
from core.engine import DEFAULT_URL, open_engine
from core.workspace import Workspace


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
    """Data and what was learned from them, to score with any thresholds."""

    data: DealData
    model: DealModel


@dataclass(frozen=True)
class DealServices:
    """Questions about open deals of one workspace."""

    workspace: Workspace
    engine_url: str = DEFAULT_URL

    def learn(self, question: DealQuestion) -> Learned:
        """Read the deals and learn which are won; the slow part, the same for all thresholds."""
        covered = coverage(self.workspace)
        engine = open_engine(self.workspace, self.engine_url)
        data = read_deal_data(engine, question.currency, covered.as_of, covered.fingerprint)
        as_of = question.as_of or covered.as_of
        return Learned(data, learn(data, as_of, question.ends_on or quarter_end(as_of)))

    def scores(self, learned: Learned, settings: ScoreSettings | None = None) -> DealScores:
        """Return every open deal with its chances, band and signals."""
        return score_deals(learned.data, learned.model, settings)

    def explain(
        self, learned: Learned, scores: DealScores, deal_id: str, settings: ScoreSettings
    ) -> DealExplanation:
        """Return why one open deal has its score, and what to do next."""
        return explain(learned.data, scores, deal_id, settings.signals)
