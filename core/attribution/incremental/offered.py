"""The incremental model as one of the models a question may name: what it gives to each touch.

It is fitted to all deals of the workspace, not only to those of the period asked about: a short
period holds too few wins to learn from, and what a touch adds does not depend on the question. The
period and the owners then choose whose revenue is split.
"""

from dataclasses import dataclass

import polars as pl

from core.attribution.incremental.journeys import Journeys
from core.attribution.incremental.lift import LiftTest
from core.attribution.incremental.model import Learnt, learn
from core.attribution.incremental.results import IncrementalSettings
from core.attribution.incremental.source import last_known_epoch, load_journeys
from core.attribution.journeys import DEAL, SECONDS_A_DAY, SEQUENCE
from core.attribution.results import JourneySettings
from core.engine import Engine
from core.errors import EmptyWorkspaceError

FEWEST_WINS = 60
"""Won deals below which nothing is credited: the estimate would be noise."""

FEWEST_OTHERS = 60
"""Deals lost or open below which nothing is credited: without them every touch looks effective."""


@dataclass(frozen=True, eq=False)
class TouchCredit:
    """What each touch gets of its deal, or why nothing can be said.

    Parameters
    ----------
    shares
        ``deal_key, sequence, share``: the touches that get a part; what is missing to 1 in a
        deal would have closed anyway.
    learnt
        The fit; None if there is none.
    warnings
        Doubts to show wherever the numbers are shown; the reason if nothing can be said.
    """

    shares: pl.DataFrame
    learnt: Learnt | None
    warnings: tuple[str, ...]


def touch_credit(
    engine: Engine,
    currency: str,
    settings: JourneySettings,
    lift_tests: tuple[LiftTest, ...] = (),
) -> TouchCredit:
    """Return the fit to all deals, from memory while the data stay the same."""
    key = ("incremental", currency, settings, lift_tests)
    return engine.remembered(key, lambda: _fitted(engine, currency, settings, lift_tests))


def _fitted(
    engine: Engine, currency: str, settings: JourneySettings, lift_tests: tuple[LiftTest, ...]
) -> TouchCredit:
    try:
        as_of = last_known_epoch(engine)
        journeys = load_journeys(engine, currency, settings, as_of)
    except EmptyWorkspaceError:
        return _unsaid("no deal has been won yet")
    reason = _too_few(journeys)
    if reason:
        return _unsaid(reason)
    learnt = learn(journeys, as_of / SECONDS_A_DAY, IncrementalSettings(lift_tests=lift_tests))
    return TouchCredit(learnt.of_touches(), learnt, learnt.warnings)


def teach(wins: int, others: int) -> bool:
    """Tell whether so many won deals, and so many others, are enough to learn from."""
    return wins >= FEWEST_WINS and others >= FEWEST_OTHERS


def _too_few(journeys: Journeys) -> str:
    """Return why these deals teach nothing, or nothing if they may."""
    wins = int(journeys.won.sum())
    others = journeys.won.size - wins
    if wins < FEWEST_WINS:
        return f"{wins} won deals are too few to learn from, it takes {FEWEST_WINS}"
    if others < FEWEST_OTHERS:
        return (
            f"{others} deals that were not won are too few to compare with, it takes "
            f"{FEWEST_OTHERS}"
        )
    if not journeys.touch_deal.size:
        return "no deal has an eligible touch"
    return ""


def _unsaid(reason: str) -> TouchCredit:
    none = pl.DataFrame(schema={DEAL: pl.Int64, SEQUENCE: pl.Int64, "share": pl.Float64})
    return TouchCredit(
        none, None, (f"Incremental: no answer, all revenue stays with nobody: {reason}.",)
    )
