"""Eligible touches kept in memory between questions, where there are few enough.

Which touches count does not depend on the model. While somebody tries one model after another, or
other weights of one, they are read from the tables once; models then run on rows in memory by the
same expressions. Where there are more touches than the engine keeps, it is asked each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.closed_won import (
    ANCHOR_UNTIL,
    CREATED_UNTIL,
    LEAD_UNTIL,
    closed_deals,
    won_deals,
)
from core.attribution.journeys import (
    BEFORE,
    DEAL,
    FIRST,
    FOLLOWING,
    SEQUENCE,
    columns_of,
    eligible_touches,
)
from core.attribution.reductions import WON, WORTH
from core.attribution.results import Question
from core.attribution.rules.base import Split
from core.attribution.whole import WholeJourneys, are_whole, whole_steps
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect

_KEPT: Final = (
    DEAL,
    SEQUENCE,
    "channel",
    "campaign",
    "occurred_at_epoch",
    ANCHOR_UNTIL,
    CREATED_UNTIL,
    LEAD_UNTIL,
    REVENUE,
    "outcome",
)


@dataclass(frozen=True)
class EligibleTouches:
    """Touches that have to be numbered, whichever model reads them."""

    rows: Frame

    def __call__(self, models: Sequence[Split]) -> Frame:  # noqa: ARG002
        """Return them."""
        return self.rows


Touches = EligibleTouches | WholeJourneys
"""Gives the touches that models split deals over, with what can be known of them beforehand."""


def won_touches(engine: Engine, question: Question, *, in_memory: bool = True) -> Touches:
    """Return what gives the eligible touches of won deals in scope, as models read them."""
    kept = _kept(engine, question) if in_memory else None
    if kept is not None:
        return EligibleTouches(kept.filter(nw.col("outcome") == "won"))
    deals = won_deals(engine, question.scope, question.journeys.anchor, names=False)
    if are_whole(deals, question.journeys):
        return WholeJourneys(engine, deals)
    return EligibleTouches(eligible_touches(engine, deals, question.journeys))


def closed_touches(engine: Engine, question: Question) -> Frame:
    """Return the eligible touches of deals won or lost in scope, as reductions expect them.

    Returns
    -------
    Frame
        ``deal_key, sequence, channel, won, worth_minor``, and of whole journeys the channels
        around each touch; the worth of a credit note is not known to a model, for it is no
        conversion of that value.
    """
    kept = _kept(engine, question)
    return closed_touches_of_engine(engine, question) if kept is None else as_journeys(kept)


def closed_touches_of_engine(engine: Engine, question: Question) -> Frame:
    """Return the same as a frame that joins with the engine's tables."""
    deals = closed_deals(engine, question.scope, question.journeys.anchor, names=False)
    if are_whole(deals, question.journeys):
        return as_journeys(whole_steps(engine, deals))
    return as_journeys(_of_closed(engine, question))


def as_journeys(touches: Frame) -> Frame:
    """Select what data-driven models read."""
    won = nw.col("outcome") == "won"
    worth = nw.when(won & (nw.col(REVENUE) > 0)).then(nw.col(REVENUE))
    around = [name for name in (FIRST, *BEFORE, FOLLOWING) if name in columns_of(touches)]
    return touches.select(
        DEAL, SEQUENCE, "channel", won.cast(nw.Int64).alias(WON), worth.alias(WORTH), *around
    )


def _kept(engine: Engine, question: Question) -> Frame | None:
    """Return all touches of the question from memory; None where they are not kept."""
    if not engine.keeps:
        return None
    rows = engine.remembered(
        ("touches", question.of_touches), lambda: _few(engine, question), kind="rows"
    )
    if rows is None:
        return None
    kept: Frame = nw.from_native(rows.lazy())
    return kept


def _few(engine: Engine, question: Question) -> pl.DataFrame | None:
    """Return the touches, in the order of journeys, unless there are more than may be kept."""
    touches = _of_closed(engine, question).select(*_KEPT)
    rows = collect(touches.head(engine.keeps + 1))
    return rows.sort(DEAL, SEQUENCE) if len(rows) <= engine.keeps else None


def _of_closed(engine: Engine, question: Question) -> Frame:
    deals = closed_deals(engine, question.scope, question.journeys.anchor, names=False)
    return eligible_touches(engine, deals, question.journeys, also=("outcome",))
