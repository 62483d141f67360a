"""Journeys: how deals came about, and what the won ones have that lost ones lack."""

import polars as pl

from core import formats
from core.attribution.journey_differences import difference, widest_gap
from core.attribution.patterns import WIN_RATE_LEVEL, JourneyPatterns
from core.charts.credit import MOST_BARS
from core.charts.journeys import met, met_alt
from core.charts.theme import OUTCOMES
from core.metrics import Unit
from core.reports.content import Block, Chart, Column, Line, Section, Table, Tone, rows_of
from core.reports.context import Context
from core.reports.options import Part
from core.reports.sections.attribution import printed_height

MOST_PATHS = 15
"""Paths listed, the most frequent."""

_LEGEND = 30
"""Pixels of the legend above the chart."""

_OUTCOMES = (
    Column("outcome", "Outcome", width=1.6),
    Column("deals", "Deals", Unit.DEALS),
    Column("touches", "Touches", Unit.TOUCHES),
    Column("steps", "Steps", Unit.TOUCHES),
    Column("days", "Days", Unit.DAYS),
    Column("amount_minor", "Amount", Unit.MONEY),
)
_MET = (
    Column("name", "Met", width=2.4),
    Column("won", "Won deals", Unit.DEALS),
    Column("won_share", "Part of won", Unit.SHARE),
    Column("lost", "Lost deals", Unit.DEALS),
    Column("lost_share", "Part of lost", Unit.SHARE),
)
_PATHS = (
    Column("in_words", "Path", width=4.4, letters=200),
    Column("deals", "Deals", Unit.DEALS, width=0.7),
    Column("won", "Won", Unit.DEALS, width=0.7),
    Column("win_rate", "Win rate", Unit.SHARE, width=0.9),
    Column("win_low", "from", Unit.SHARE, width=0.8),
    Column("win_high", "to", Unit.SHARE, width=0.8),
    Column("days", "Days to win", Unit.DAYS),
    Column("won_minor", "Won revenue", Unit.MONEY),
)


def journeys(patterns: JourneyPatterns, in_words: pl.Expr, context: Context) -> Section:
    """Compare the journeys of won and lost deals and list the paths they took.

    Parameters
    ----------
    patterns
        The journeys of the deals closed in the period.
    in_words
        How a path is written, from its ``names`` and ``longer``.
    context
        What the report is about.
    """
    if not patterns.deals:
        heading = f"No deal closed in {context.period.label}, so there is no journey to look at"
        return Section(Part.JOURNEYS, Part.JOURNEYS.label, heading, ())
    said, why = difference(patterns)
    gap = widest_gap(patterns)
    blocks = (
        Line(f"{why[0].upper()}{why[1:]}."),
        *([Line(gap)] if gap else []),
        *_compared(patterns),
        _outcomes(patterns, context),
        _paths(patterns, in_words, context),
        _met(patterns),
    )
    return Section(Part.JOURNEYS, Part.JOURNEYS.label, said, blocks)


def _compared(patterns: JourneyPatterns) -> list[Block]:
    shown = patterns.met.head(MOST_BARS)
    if shown.drop_nulls(["won_share", "lost_share"]).is_empty():
        return [Line("No deal of this period met a touch, or none ended otherwise.", Tone.NOTE)]
    return [
        Chart(
            "journeys_won_against_lost",
            f"Part of won and of lost deals that met each {patterns.question.level}",
            met(shown, clickable=False),
            met_alt(shown),
            height=printed_height(shown.height) + _LEGEND,
        )
    ]


def _outcomes(patterns: JourneyPatterns, context: Context) -> Table:
    titled = pl.col("outcome").replace_strict(OUTCOMES, return_dtype=pl.String)
    rows = patterns.outcomes.with_columns(outcome=titled)
    return Table(
        "journeys_by_outcome",
        f"Journeys by outcome, medians, {context.period.label}; amounts summed, {context.currency}",
        _OUTCOMES,
        rows_of(rows.to_dicts(), _OUTCOMES),
    )


def _paths(patterns: JourneyPatterns, in_words: pl.Expr, context: Context) -> Table:
    question, level = patterns.question, formats.percent(WIN_RATE_LEVEL, 0)
    rows = patterns.paths.with_columns(in_words=in_words)
    left = rows.height - MOST_PATHS
    more = f" {left:,} rarer paths are on the page." if left > 0 else ""
    return Table(
        "journey_paths",
        f"The {question.side} {question.steps} steps of closed deals, {context.currency}",
        _PATHS,
        rows_of(rows.head(MOST_PATHS).to_dicts(), _PATHS),
        f"Touches of one {question.level} in a row are one step. Win rates with their {level} "
        f"interval.{more}",
    )


def _met(patterns: JourneyPatterns) -> Table:
    level = patterns.question.level
    return Table(
        "journeys_met",
        f"How many won and lost deals met each {level}",
        _MET,
        rows_of(patterns.met.to_dicts(), _MET),
    )
