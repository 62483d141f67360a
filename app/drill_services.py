"""What pages may ask about one credit: its campaigns, touches and deals, and one deal explained."""

from dataclasses import dataclass

import polars as pl

from core.attribution.drill import (
    credited_campaigns,
    credited_deals,
    credited_touches,
    deal_credits,
)
from core.attribution.explanation import (
    Counterfactual,
    Explanation,
    Removal,
    counterfactual,
    explain_deal,
)
from core.attribution.results import Question
from core.engine import KEPT_ROWS, Engine, open_engine
from core.workspace import Workspace


@dataclass(frozen=True)
class Credit:
    """One number that can be opened: what a model gives to a name, or to a campaign of it.

    Parameters
    ----------
    question
        The question it answers.
    model
        Name of the model.
    name
        The channel or campaign, as ``question.level`` says, or ``(unattributed)``.
    campaign
        One campaign of a channel; None for all of them.
    """

    question: Question
    model: str
    name: str
    campaign: str | None = None


@dataclass(frozen=True)
class DrillServices:
    """Questions about one credit, or one deal, of one workspace.

    Parameters
    ----------
    workspace
        The data.
    engine_url
        The engine that reduces them.
    """

    workspace: Workspace
    engine_url: str

    def campaigns(self, credit: Credit) -> pl.DataFrame:
        """Return the campaigns of a channel's credit; theirs sum to it."""
        return credited_campaigns(self._engine(), credit.question, credit.model, credit.name)

    def touches(self, credit: Credit) -> pl.DataFrame:
        """Return the touches of a credit; theirs sum to it."""
        return credited_touches(
            self._engine(), credit.question, credit.model, credit.name, credit.campaign
        )

    def deals(self, credit: Credit) -> pl.DataFrame:
        """Return the won deals of a credit; theirs sum to it."""
        return credited_deals(
            self._engine(), credit.question, credit.model, credit.name, credit.campaign
        )

    def deal_credits(self, question: Question, deal_id: str) -> pl.DataFrame:
        """Return the eligible touches of one deal with their credit by each model."""
        return deal_credits(self._engine(), question, deal_id)

    def explanation(self, question: Question, deal_id: str) -> Explanation:
        """Return why each model splits one deal as it does."""
        return explain_deal(self._engine(), question, deal_id)

    def counterfactual(self, question: Question, deal_id: str, removal: Removal) -> Counterfactual:
        """Return how one deal would be split without a touch, or without a channel."""
        return counterfactual(self._engine(), question, deal_id, removal)

    def _engine(self) -> Engine:
        return open_engine(self.workspace, self.engine_url, keeps=KEPT_ROWS)
