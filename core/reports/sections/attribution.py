"""Attribution: who earned the revenue by several models, how sure that is, and the proof."""

from collections.abc import Iterator

import polars as pl

from core import formats
from core.attribution.comparison import Comparison, compare, credit_of
from core.attribution.gaps import Gaps
from core.attribution.results import AttributionResult
from core.attribution.uncertainty import CreditIntervals
from core.charts.credit import LABEL_ROOM, MARGIN, MOST_BARS, ranked, ranked_alt
from core.charts.models import spread, spread_alt
from core.metrics import Unit
from core.reports.content import Block, Chart, Column, Line, Section, Table, Tone, rows_of
from core.reports.context import Context
from core.reports.options import Part
from core.schema import UNATTRIBUTED

PRINTED_ROW = 20
"""Pixels of a name in a printed chart."""


def attribution(
    credit: AttributionResult, gaps: Gaps, intervals: CreditIntervals | str, context: Context
) -> Section:
    """Compare the models, say how far they agree, and prove that credits sum to closed won.

    Parameters
    ----------
    credit
        The models' credit by channel.
    gaps
        Which won deals no touch explains, and why.
    intervals
        How far each share moves when accounts are drawn again, or why that cannot be said.
    context
        What the report is about.
    """
    comparison = compare(credit)
    blocks: list[Block] = []
    if credit.won_deals:
        blocks += _charts(credit, comparison, context)
        blocks.append(_side_by_side(comparison, context))
        blocks.append(_intervals(intervals, context))
    blocks += _proof(credit, gaps, context)
    heading = headline(comparison, context)
    return Section(Part.ATTRIBUTION, Part.ATTRIBUTION.label, heading, tuple(blocks))


def headline(comparison: Comparison, context: Context) -> str:
    """Say who is first, and by how many models."""
    if comparison.frame.is_empty():
        return "No revenue was won in this period, so there is none to attribute"
    if not comparison.led:
        return "No touch explains any revenue of this period"
    (name, votes), *others = comparison.led.items()
    row = comparison.frame.filter(name=name).row(0, named=True)
    between = f"{context.money(row['low_minor'])} to {context.money(row['high_minor'])}"
    models = len(context.titles)
    if not others:
        return f"All {models} models put {name} first, with {between}"
    return (
        f"{name} is first by {len(votes)} of {models} models, with {between}; the choice of "
        "model matters"
    )


def _charts(credit: AttributionResult, comparison: Comparison, context: Context) -> Iterator[Chart]:
    rows, currency = credit_of(credit, context.model), context.currency
    height = printed_height(rows.height)
    yield Chart(
        "credit_ranked",
        f"{context.model_title}: attributed revenue, {currency}",
        ranked(rows, currency, clickable=False),
        ranked_alt(rows, currency, context.model_title),
        wide=False,
        label_room=LABEL_ROOM,
        height=height,
    )
    yield Chart(
        "credit_spread",
        f"Range over {len(context.titles)} models, {currency}; dot: {context.model_name}",
        spread(comparison.frame, context.titles, context.model, currency),
        spread_alt(comparison.leaders, context.titles),
        wide=False,
        height=height,
    )


def printed_height(names: int) -> int:
    """Return the height of a chart with a row a name, in pixels: closer on paper than on screen."""
    return PRINTED_ROW * min(names, MOST_BARS) + MARGIN


def _side_by_side(comparison: Comparison, context: Context) -> Table:
    ordered = comparison.frame.sort(
        pl.col("name") == UNATTRIBUTED, context.model, descending=[False, True]
    )
    columns = (
        Column("name", "Channel", width=2.0),
        *(Column(name, title, Unit.MONEY) for name, title in context.titles.items()),
        Column("low_minor", "Lowest", Unit.MONEY),
        Column("high_minor", "Highest", Unit.MONEY),
    )
    return Table(
        "attribution_by_model",
        f"Revenue each model gives to each channel, {context.period.label}, {context.currency}",
        columns,
        rows_of(ordered.to_dicts(), columns),
    )


def _intervals(intervals: CreditIntervals | str, context: Context) -> Table | Line:
    if isinstance(intervals, str):
        return Line(intervals, Tone.NOTE)
    columns = (
        Column("channel", "Channel", width=2.0),
        Column("share", "Share of deals won", Unit.SHARE),
        Column("low", "from", Unit.SHARE),
        Column("high", "to", Unit.SHARE),
        Column("p_first", "First in", Unit.SHARE),
    )
    return Table(
        "credit_intervals",
        f"How sure the shares are: {context.model_name}, "
        f"{formats.percent(intervals.level, 0)} interval over accounts drawn again",
        columns,
        rows_of(
            intervals.frame.sort("share", "channel", descending=[True, False]).to_dicts(), columns
        ),
        f"First in: part of {intervals.resamples} draws in which the channel came first.",
    )


def _proof(credit: AttributionResult, gaps: Gaps, context: Context) -> Iterator[Line]:
    line, currency = credit.reconciliation[context.model], context.currency
    parts = [
        formats.money(minor, currency)
        for minor in (line.credited_minor, line.unattributed_minor, line.closed_won_minor)
    ]
    sums = all(proof.holds for proof in credit.reconciliation.values())
    kept = "reconciled to the cent" if sums else "NOT reconciled: do not use these figures"
    yield Line(
        f"By {context.model_name} {parts[0]} credited + {parts[1]} unattributed = "
        f"{parts[2]} closed won. Each of the {len(credit.reconciliation)} models: {kept}."
    )
    yield from (Line(doubt, Tone.NOTE) for doubt in credit.warnings)
    yield from (Line(why, Tone.NOTE) for why in gaps.in_words(currency))
