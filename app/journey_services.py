"""What pages may ask about journeys: what they look like, their deals, one account's timeline."""

from dataclasses import dataclass

import polars as pl

from core.attribution.journey_deals import Chosen, journey_deals
from core.attribution.patterns import (
    JourneyOutcomes,
    JourneyPatterns,
    journey_outcomes,
    journey_patterns,
)
from core.attribution.steps import JourneyQuestion
from core.attribution.timeline import AccountTimeline, account_timeline, find_accounts
from core.engine import Engine, open_engine
from core.scope import Scope
from core.workspace import Workspace


@dataclass(frozen=True)
class JourneyServices:
    """Questions about the journeys of one workspace.

    Parameters
    ----------
    workspace
        The data.
    engine_url
        The engine that reduces them.
    """

    workspace: Workspace
    engine_url: str

    def outcomes(self, question: JourneyQuestion) -> JourneyOutcomes:
        """Return what won and lost journeys come to, however many steps are looked at."""
        return journey_outcomes(self._engine(), question)

    def patterns(
        self, question: JourneyQuestion, known: JourneyOutcomes | None = None
    ) -> JourneyPatterns:
        """Return how the deals closed in scope came about, won and lost."""
        return journey_patterns(self._engine(), question, self.workspace.fingerprint(), known)

    def deals(self, question: JourneyQuestion, chosen: Chosen) -> pl.DataFrame:
        """Return the deals a number about journeys counts."""
        return journey_deals(self._engine(), question, chosen)

    def accounts(self, scope: Scope, text: str) -> pl.DataFrame:
        """Return accounts with deals whose name, or a deal's, holds a text."""
        return find_accounts(self._engine(), scope, text)

    def timeline(self, account_id: str, currency: str) -> AccountTimeline:
        """Return what happened with one account."""
        return account_timeline(self._engine(), account_id, currency)

    def _engine(self) -> Engine:
        return open_engine(self.workspace, self.engine_url)
