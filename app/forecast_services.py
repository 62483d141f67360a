"""What pages, the command line and the API may ask about revenue to come.

A question names currency, as-of date, periods and segment. `outlook` is the one heavy answer; what
is asked of an outlook (deals, roll-up, categories, scenarios) is quick and reads nothing again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from app.defaults import DECIDING_DEALS
from core.coverage import coverage
from core.engine import Engine, open_engine
from core.forecasting.attainment import Attainment, Quota, attainment, read_quota
from core.forecasting.categories import Thresholds, categorise, category_totals
from core.forecasting.forecast_question import ForecastQuestion
from core.forecasting.histories import Histories, read_histories
from core.forecasting.outlook import outlook, replayed_parts, replaying_parts
from core.forecasting.outlook_deals import open_deals, roll_up_outlook
from core.forecasting.outlook_parts import Parts
from core.forecasting.outlook_results import Outlook
from core.forecasting.outlook_scenarios import PlayedOutlook, play_outlook
from core.forecasting.scenarios import Scenario
from core.forecasting.segments import DIMENSIONS, choices, of_segment, people
from core.forecasting.simulate import deciding_deals
from core.workspace import Workspace


@dataclass(frozen=True)
class ForecastServices:
    """Every question about revenue to come, of one workspace.

    Parameters
    ----------
    workspace
        The data.
    engine_url
        The engine that reads them.
    """

    workspace: Workspace
    engine_url: str

    def replay(self, question: ForecastQuestion) -> Parts:
        """Return what pipeline and series said at past dates; the slow half of `outlook`.

        The same for every question with the same ``prepared``, which is what to ask it by.
        """
        return replayed_parts(self.histories(question), question.prepared)

    def replaying(self, question: ForecastQuestion) -> Callable[[], Parts]:
        """Begin `replay` and return how to get at its end; other questions may come between."""
        return replaying_parts(self.histories(question), question.prepared)

    def outlook(self, question: ForecastQuestion, said: Parts | None = None) -> Outlook:
        """Return revenue by period with intervals, parts, weights and the record.

        Parameters
        ----------
        question
            As of when, which periods, which deals.
        said
            What `replay` returned, where it is at hand.
        """
        fingerprint = self.workspace.fingerprint()
        answer = outlook(self.histories(question), question, fingerprint, said)
        reach = coverage(self.workspace).as_of
        if question.as_of <= reach:
            return answer
        doubt = f"The data reach to {reach}; nothing that happened after it is known."
        return replace(answer, warnings=(doubt, *answer.warnings))

    def histories(self, question: ForecastQuestion) -> Histories:
        """Return the deals of the segment asked about, as chains of states."""
        whole = read_histories(self._engine(), question.currency)
        return of_segment(whole, question.segment)

    def segment_choices(self, question: ForecastQuestion) -> dict[str, tuple[str, ...]]:
        """Return what each dimension can be filtered by, whatever the segment asked about."""
        whole = read_histories(self._engine(), question.currency)
        return {dimension: choices(whole, dimension) for dimension in DIMENSIONS}

    def scenario(self, answer: Outlook, scenario: Scenario) -> PlayedOutlook:
        """Return an outlook under other win rate, cycle, deal size, creation or slippage."""
        return play_outlook(answer, scenario)

    def open_deals(self, answer: Outlook, number: int = 0) -> pl.DataFrame:
        """Return the open deals with their chances in one period; they sum to its pipeline."""
        return open_deals(answer, number)

    def deciding_deals(self, answer: Outlook) -> pl.DataFrame:
        """Return the open deals that move the first period most, always as many."""
        return deciding_deals(open_deals(answer), DECIDING_DEALS)

    def roll_up(self, answer: Outlook, by: str, number: int = 0) -> pl.DataFrame:
        """Return one period by owner, team, region, industry, kind or stage; it adds up."""
        return roll_up_outlook(answer, by, number)

    def categories(
        self, answer: Outlook, number: int = 0, thresholds: Thresholds | None = None
    ) -> pl.DataFrame:
        """Return the open deals of one period summed to commit, best case and pipeline."""
        return category_totals(open_deals(answer, number), thresholds)

    def category_deals(
        self, answer: Outlook, number: int = 0, thresholds: Thresholds | None = None
    ) -> pl.DataFrame:
        """Return the open deals of one period, each with its category."""
        return categorise(open_deals(answer, number), thresholds)

    def attainment(self, answer: Outlook) -> Attainment:
        """Return where the first period stands against its quota: chance, coverage, still needed.

        The expectation and the chance are the outlook's own.
        """
        question = answer.question
        period = question.periods[0]
        return attainment(
            self.histories(question),
            self.quota(question),
            question.as_of,
            (period.starts_on, period.ends_on),
            rest=answer.rest(0),
        )

    def quota(self, question: ForecastQuestion) -> Quota:
        """Return the target of the first period, from the quotas of the people asked about."""
        segment, period = question.segment, question.periods[0]
        if not segment.is_of_people:
            return Quota(None, 0, ("Quotas are of people, not of regions, industries or kinds.",))
        engine = self._engine()
        owners = people(engine, segment)
        return read_quota(engine, question.currency, period.starts_on, period.ends_on, owners)

    def _engine(self) -> Engine:
        return open_engine(self.workspace, self.engine_url)
