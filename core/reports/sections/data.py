"""Data quality: what the data cannot tell, counted before any model."""

from collections.abc import Iterator

from core import formats
from core.attribution.gaps import Gaps
from core.metrics import Unit, metric
from core.quality import Quality, TableQuality
from core.reports.content import Block, Column, Line, Section, Table, Tone, Value, rows_of
from core.reports.context import Context
from core.reports.options import Part

MOST_DEALS = 40
"""Deals listed; all are in the workbook's sources and on the page."""

_UNEXPLAINED = (
    Column("name", "Deal", width=2),
    Column("account", "Company", width=1.6),
    Column("amount_minor", "Amount", Unit.MONEY, exact=True),
    Column("reason", "Why", width=3),
)


_COUNTED = (
    Column("what", "Before any model runs", width=4),
    Column("failing", "Rows", Unit.DEALS),
    Column("of", "Of", Unit.DEALS),
)
_SCORES = (
    Column("table", "Table", width=2),
    Column("rows", "Rows", Unit.DEALS),
    Column("score", "Score", Unit.POINTS),
    Column("fix", "The fix worth most", width=5, letters=200),
    Column("points", "Points", Unit.POINTS),
)


def data(
    gaps: Gaps,
    quality: Quality | None,
    closed_won_minor: int,
    unattributed_minor: int,
    context: Context,
) -> Section:
    """Say how much of the revenue the touches explain, and list the deals they do not.

    Parameters
    ----------
    gaps
        Deals without touches and doubtful touches.
    quality
        What the checks of the tables found; None for a part of the deals, which has no checks of
        its own.
    closed_won_minor, unattributed_minor
        Revenue of the period, and the part of it no touch explains.
    context
        What the report is about.
    """
    deals = gaps.unexplained
    blocks: list[Block] = [Line(why, Tone.FINDING) for why in gaps.in_words(context.currency)]
    blocks.append(
        Line(
            f"{formats.counted(gaps.tied_touches, 'eligible touch', 'eligible touches')} share "
            "their second with another of the same deal, so that their order is by id; "
            f"{formats.count(gaps.day_only_touches)} are known only by their day.",
            Tone.NOTE,
        )
    )
    listed = deals.head(MOST_DEALS)
    left = deals.height - listed.height
    blocks.append(
        Table(
            "deals_without_touches",
            f"Won deals no touch explains, {context.period.label}, {context.currency}",
            _UNEXPLAINED,
            rows_of(listed.to_dicts(), _UNEXPLAINED),
            f"The {MOST_DEALS} largest; {left:,} more." if left else "",
        )
    )
    if not gaps.left_out.is_empty():
        blocks.append(
            Table(
                "deals_left_out",
                f"Won deals that no sum holds, {context.period.label}",
                _UNEXPLAINED,
                rows_of(gaps.left_out.head(MOST_DEALS).to_dicts(), _UNEXPLAINED),
                formats.counted(gaps.left_out.height, "deal"),
            )
        )
    blocks += _checked(quality)
    heading = _headline(closed_won_minor, unattributed_minor)
    return Section(Part.DATA, Part.DATA.label, heading, tuple(blocks))


def _headline(closed_won_minor: int, unattributed_minor: int) -> str:
    if not closed_won_minor:
        return "No revenue was won in the period, so there is none to explain"
    explained = 1 - unattributed_minor / closed_won_minor
    return f"Touches explain {formats.percent(explained, 0)} of closed-won revenue"


def _checked(quality: Quality | None) -> Iterator[Block]:
    """Yield the counts and scores of the Data quality page."""
    if quality is None:
        yield Line("Scores of the tables are of all deals together: not in this part.", Tone.NOTE)
        return
    counted = tuple(
        (metric(found.check.name).title, found.failing, found.applies_to)
        for found in quality.counted_first()
    )
    yield Table("quality_counts", "Rows to know of", _COUNTED, counted)
    yield Table(
        "quality_scores",
        "How good each table is, 0 to 100, and the fix that would raise it most",
        _SCORES,
        tuple(_scored(table) for table in quality.tables),
        "A fix counts the points its table would win if no row failed that check any more.",
    )


def _scored(table: TableQuality) -> tuple[Value, ...]:
    title, fix = table.table.replace("_", " ").capitalize(), next(iter(table.fixes()), None)
    if fix is None:
        return title, table.rows, table.score, "nothing to fix", None
    found = f"{fix.check.title}, {fix.failing:,} of {fix.applies_to:,}: {fix.check.fix}"
    return title, table.rows, table.score, f"{found[0].upper()}{found[1:]}", fix.points
