"""Patterns of journeys: which paths deals take, which of them win, and what won deals met."""

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.closed_won import closed_deals
from core.attribution.journeys import DEAL, TOUCHES, eligible_touches
from core.attribution.recommendation import wilson
from core.attribution.steps import (
    DAYS,
    PATH,
    STEPS,
    JourneyQuestion,
    Names,
    Side,
    closed_journeys,
)
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect, sql

WON: Final = "won"
LOST: Final = "lost"

WIN_RATE_LEVEL: Final = 0.8
"""Part of samples the interval of a path's win rate holds."""

MOST_NAMES_DRAWN: Final = 7
"""Names with a node of their own; the others share one."""


@dataclass(frozen=True)
class JourneyOutcomes:
    """What won and lost journeys come to; how many steps are looked at changes nothing.

    Parameters
    ----------
    met, outcomes
        As in `JourneyPatterns`.
    """

    met: pl.DataFrame
    outcomes: pl.DataFrame


@dataclass(frozen=True)
class JourneyPatterns:
    """What the journeys of closed deals look like.

    Parameters
    ----------
    paths
        One row a path: ``path, names, longer, deals, won, lost, win_rate, win_low, win_high, days,
        won_minor``, the most frequent first. ``names`` in order of time, ``longer`` whether the
        journeys have more steps than are looked at, a Wilson interval of the win rate, ``days``
        the median of the won deals.
    met
        One row a name: ``name, won, lost, won_share, lost_share``: how many of the won and of the
        lost deals met it, and which part of them.
    outcomes
        One row an outcome, ``won`` and ``lost``: ``outcome, deals, touches, steps, days,
        amount_minor``; medians, and the sum of amounts.
    question
        What was asked.
    names
        The names a step can have.
    fingerprint
        The data it was asked of.
    query
        The query behind the paths, as the engine ran it.
    """

    paths: pl.DataFrame
    met: pl.DataFrame
    outcomes: pl.DataFrame
    question: JourneyQuestion
    names: Names
    fingerprint: str
    query: str

    @property
    def deals(self) -> int:
        """Closed deals in scope, with or without touches."""
        return int(self.paths["deals"].sum())

    @property
    def drawn(self) -> tuple[str, ...]:
        """The names with a node of their own, the most frequent first."""
        return tuple(self.met["name"].head(MOST_NAMES_DRAWN))


def journey_patterns(
    engine: Engine,
    question: JourneyQuestion,
    fingerprint: str,
    known: JourneyOutcomes | None = None,
) -> JourneyPatterns:
    """Return how the deals closed in scope came about, won and lost.

    Parameters
    ----------
    engine, question, fingerprint
        What is asked, of which data.
    known
        What `journey_outcomes` answers to the same question, where it is at hand.

    Raises
    ------
    InvalidParameterError
        If there are too many names for so many steps.
    """
    names = Names.of(engine, question.level)
    closed = closed_journeys(engine, question, names)
    longer = (nw.col(STEPS) > question.steps).alias("longer")
    counted = closed.with_columns(longer).group_by(PATH, "longer").agg(*_sums())
    known = known or journey_outcomes(engine, question)
    return JourneyPatterns(
        paths=_ordered(collect(counted), question, names),
        met=known.met,
        outcomes=known.outcomes,
        question=question,
        names=names,
        fingerprint=fingerprint,
        query=sql(counted),
    )


def journey_outcomes(engine: Engine, question: JourneyQuestion) -> JourneyOutcomes:
    """Return what the journeys of won and of lost deals come to, and what they met."""
    names = Names.of(engine, question.level)
    outcomes = _outcomes(closed_journeys(engine, question.whole, names))
    return JourneyOutcomes(_met(engine, question, outcomes), outcomes)


_PATH_COLUMNS: Final = (
    "names", "longer", "deals", WON, LOST, "win_rate", "win_low", "win_high", DAYS, "won_minor"
)  # fmt: skip


def _sums() -> list[nw.Expr]:
    won = nw.col("outcome") == WON
    return [
        won.cast(nw.Int64).sum().cast(nw.Int64).alias(WON),
        (~won).cast(nw.Int64).sum().cast(nw.Int64).alias(LOST),
        nw.when(won).then(nw.col(DAYS)).otherwise(None).median().alias(DAYS),
        nw.when(won).then(nw.col(REVENUE)).otherwise(None).sum().cast(nw.Int64).alias("won_minor"),
        (won & ~nw.col(REVENUE).is_null()).cast(nw.Int64).sum().cast(nw.Int64).alias("priced"),
    ]


def _ordered(rows: pl.DataFrame, question: JourneyQuestion, names: Names) -> pl.DataFrame:
    deals = pl.col(WON) + pl.col(LOST)
    # What was won with no amount at all is not known; nothing won is worth nothing.
    known = (pl.col("priced") > 0) | (pl.col(WON) == 0)
    low, high = wilson(pl.col(WON), deals, WIN_RATE_LEVEL)
    named = rows.with_columns(
        deals.alias("deals"),
        win_rate=pl.col(WON) / deals,
        win_low=low,
        win_high=high,
        won_minor=pl.when(known).then("won_minor"),
        names=pl.concat_list(digits(question, names)).list.drop_nulls(),
    )
    return named.select(PATH, *_PATH_COLUMNS).sort(
        "deals", WON, PATH, "longer", descending=[True, True, False, False]
    )


def digits(question: JourneyQuestion, names: Names) -> list[pl.Expr]:
    """Return the name of each step looked at, in order of time; null where there is none."""
    known = dict(enumerate(names.names, start=1))
    places = range(question.steps)
    ordered = places if question.side is Side.FIRST else reversed(places)
    return [
        (pl.col(PATH) // names.base**place % names.base)
        .replace_strict(known, default=None, return_dtype=pl.String)
        .alias(f"step_{column}")
        for column, place in enumerate(ordered, start=1)
    ]


def _outcomes(closed: Frame) -> pl.DataFrame:
    rows = collect(
        closed.group_by("outcome").agg(
            nw.len().cast(nw.Int64).alias("deals"),
            *[nw.col(name).median() for name in (TOUCHES, STEPS, DAYS)],
            nw.col(REVENUE).sum().cast(nw.Int64).alias("amount_minor"),
            (~nw.col(REVENUE).is_null()).cast(nw.Int64).sum().cast(nw.Int64).alias("priced"),
        )
    )
    known = rows.with_columns(amount_minor=pl.when(pl.col("priced") > 0).then("amount_minor"))
    return known.drop("priced").sort("outcome", descending=True)


def _met(engine: Engine, question: JourneyQuestion, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Return how many won and lost deals met each name, and which part of them that is."""
    deals = closed_deals(engine, question.scope, question.journeys.anchor, names=False)
    touches = eligible_touches(engine, deals, question.journeys, also=("outcome",))
    once = touches.select(DEAL, "outcome", name=nw.col(question.level.value)).unique()
    won = (nw.col("outcome") == WON).cast(nw.Int64)
    rows = collect(
        once.group_by("name").agg(
            won.sum().cast(nw.Int64).alias(WON), (1 - won).sum().cast(nw.Int64).alias(LOST)
        )
    )
    total = dict(outcomes.select("outcome", "deals").iter_rows())
    shares = {f"{one}_share": _part(one, total.get(one, 0)) for one in (WON, LOST)}
    return rows.with_columns(**shares).sort(
        pl.col(WON) + pl.col(LOST), "name", descending=[True, False]
    )


def _part(outcome: str, deals: int) -> pl.Expr:
    return pl.col(outcome) / deals if deals else pl.lit(None, pl.Float64)
