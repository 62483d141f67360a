"""What is learned up to a day: which deals are won in the end, and what the period brings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from core.companion import asked
from core.deals.features import Vocabulary, build_features, groups
from core.deals.model import WinModel, choose_model
from core.deals.moments import past_snapshots
from core.deals.source import DealData
from core.deals.validation import Sample, sample
from core.errors import InvalidParameterError
from core.forecasting.expectation import Expectation, PipelineSettings, expect
from core.forecasting.histories import end_of
from core.forecasting.outcomes import step_ends
from core.forecasting.track_record import snapshots

LONGEST_PERIOD_DAYS: Final = 731
"""Two years, as far as a forecast looks ahead; what is learned takes room for every day of it."""


@dataclass(frozen=True)
class DealModel:
    """What was learned up to a day: which deals are won, and what the period brings.

    Parameters
    ----------
    as_of, ends_on
        Known is everything up to the end of the first day; the period ends with the second.
    win
        The chosen model and its record.
    expectation
        The pipeline forecast of the period, deal by deal.
    vocabulary
        Names told apart.
    taught
        The snapshots it learned from, to look for similar deals.
    told
        What the outlook says of the open deals by the end of the period: ``deal_id,
        win_amount_minor, p_win, p_lose``. None where it says nothing of such a period; then
        the expectation stands in.
    """

    as_of: date
    ends_on: date
    win: WinModel
    expectation: Expectation
    vocabulary: Vocabulary
    taught: Sample
    told: pl.DataFrame | None = None


def learn(data: DealData, as_of: date, ends_on: date) -> DealModel:
    """Learn from everything known up to a day which deals are won, and when.

    Parameters
    ----------
    data
        The company's deals and touches; what happened after the day is not looked at.
    as_of
        Last day of which everything is known.
    ends_on
        Last day of the period.

    Raises
    ------
    InvalidParameterError
        If the period would end before it begins or after `LONGEST_PERIOD_DAYS`, or nothing had
        been created by then.
    """
    return learning(data, as_of, ends_on)()


def learning(data: DealData, as_of: date, ends_on: date) -> Callable[[], DealModel]:
    """Begin what `learn` does and return how to get at its end.

    Where a companion runs, it learns meanwhile, see `core.companion`.

    Raises
    ------
    InvalidParameterError
        As `learn` does, before anything slow is asked.
    """
    require_period(as_of, ends_on)
    at, histories = end_of(as_of), data.histories
    if at <= histories.starts_at:
        raise InvalidParameterError(
            f"No deal had been created by {as_of}.", "Choose a later as-of date."
        )
    vocabulary = Vocabulary.of(data, at)
    seen = past_snapshots(histories, at)
    companies = groups(histories.deals["account"])
    alone = np.arange(len(companies)) + int(companies.max(initial=0)) + 1
    features = build_features(data, seen, vocabulary)
    rows = sample(features, seen, np.where(companies < 0, alone, companies), at)
    win = asked(choose_model, rows)
    return lambda: DealModel(
        as_of, ends_on, win(), _expected(data, as_of, ends_on), vocabulary, rows
    )


def require_period(as_of: date, ends_on: date) -> None:
    """Refuse a period that chances cannot be told of, before anything slow is asked.

    Raises
    ------
    InvalidParameterError
        If it would end before it begins, or after `LONGEST_PERIOD_DAYS`.
    """
    if ends_on <= as_of:
        raise InvalidParameterError(
            f"The period would end on {ends_on}, not after {as_of}.",
            "Choose an end after the as-of date.",
        )
    if (ends_on - as_of).days > LONGEST_PERIOD_DAYS:
        raise InvalidParameterError(
            f"The period would end on {ends_on}, more than two years after {as_of}.",
            f"Choose an end up to {as_of + timedelta(days=LONGEST_PERIOD_DAYS)}.",
        )


def _expected(data: DealData, as_of: date, ends_on: date) -> Expectation:
    """Return exactly what the pipeline forecast of the same period says, deal by deal."""
    settings = PipelineSettings()
    at = end_of(as_of)
    ends_days = step_ends((ends_on - as_of).days, settings.risks.step_days)
    seen = snapshots(data.histories, at, ends_days, settings)
    return expect(data.histories, seen, at, ends_days, settings)
