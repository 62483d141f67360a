"""How good the data are: scores, fixes, counts that open their rows, and a note for any page."""

from collections.abc import Sequence
from typing import Any, Final

import polars as pl
import streamlit as st

from app import navigation
from app.caches import quality as cache
from app.components import tables
from app.components.text import literal
from app.state import View
from core import formats
from core.metrics import metric
from core.quality import ROWS_OPENED, Finding, Quality, TableQuality

NOTED: Final = 2
"""Doubts a note names; the page of the data has all."""

_COUNTS_ACROSS: Final = 4


def note(fields: tuple[str, ...], view: View) -> None:
    """Draw a line where a field that the page uses is weak; nothing where none is.

    Parameters
    ----------
    fields
        Columns as ``table.column``.
    """
    # A part knows nothing of the other deals: a touch of one would seem to name an unknown one.
    services = (view.of_all_deals or view).services
    found = cache.about(services, services.cache_key, fields, view.coverage.as_of)
    if not found:
        return
    said = "; ".join(_in_words(finding) for finding in found[:NOTED])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/rule: Weak data behind this page: {said}.", width="content")
        st.page_link(navigation.page("data_quality.py"), label="Data quality", width="content")


def _in_words(finding: Finding) -> str:
    return (
        f"{literal(finding.check.title)}, {formats.percent(finding.share, 0)} "
        f"({finding.failing:,} of {finding.applies_to:,})"
    )


def scores(found: Quality) -> None:
    """Draw the score of each table with its dimensions behind the question mark."""
    with st.grid(len(found.tables), min_column_width=130):
        for table in found.tables:
            parts = ", ".join(f"{name} {score:.0f}" for name, score in table.dimensions())
            st.metric(
                _title(table),
                f"{table.score:.1f}".removesuffix(".0"),
                help=f"{metric('quality_score').help} Here: {parts}.",
                border=True,
            )
    st.caption("Score of each table, 0 to 100. Every point lost is explained below.")


def counts(found: Quality) -> None:
    """Draw what has to be known before any model runs."""
    with st.grid(_COUNTS_ACROSS, min_column_width=190):
        for finding in found.counted_first():
            defined = metric(finding.check.name)
            st.metric(
                defined.title,
                f"{finding.failing:,}",
                f"of {finding.applies_to:,}",
                delta_color="off",
                delta_arrow="off",
                help=defined.help,
                border=True,
            )


def fixes(found: Quality) -> None:
    """Draw the three fixes of each table that would raise its score most."""
    lines = [
        f"- **{_title(table)}, +{fix.points:.1f} points**. {literal(_counted(fix))}. "
        f"{literal(fix.check.fix)}"
        for table in found.tables
        for fix in table.fixes()
    ]
    st.markdown("\n".join(lines) or "Nothing to fix: no check found a doubtful row.")


def rows(found: Quality, view: View) -> None:
    """Draw every check, and the rows behind the chosen one."""
    failing = sorted(
        (finding for finding in found.findings() if finding.failing),
        key=lambda finding: (finding.check.table, -finding.points),
    )
    _checks(found.findings())
    if not failing:
        return
    chosen = st.selectbox(
        "Open the rows of",
        failing,
        index=None,
        format_func=_counted,
        key="quality_opened",
        placeholder="Choose a count",
        width=420,
    )
    if chosen is not None:
        _opened(chosen, view)


def _checks(findings: Sequence[Finding]) -> None:
    frame = pl.DataFrame(
        [
            {
                "table": finding.check.table,
                "what": finding.check.title[:1].upper() + finding.check.title[1:],
                "failing": finding.failing,
                "of": finding.applies_to,
                "share": finding.share,
                "points": finding.points,
                "fix": finding.check.fix,
            }
            for finding in sorted(findings, key=lambda finding: -finding.points)
        ]
    )
    tables.show(
        frame.with_columns(tables.in_percent("share")),
        {
            "what": st.column_config.TextColumn("Check", width="large", pinned=True),
            "table": "Table",
            "failing": st.column_config.NumberColumn("Rows", format="%,d"),
            "of": st.column_config.NumberColumn("Of", format="%,d", help="Rows it is about."),
            "share": tables.percent_column("Share"),
            "points": st.column_config.NumberColumn(
                "Points", format="%.1f", help="What fixing all of them wins for the table's score."
            ),
            "fix": st.column_config.TextColumn("What to do", width="large"),
        },
        "Every check of the data with what it found",
        key="quality_checks",
    )


def _opened(chosen: Finding, view: View) -> None:
    services, name = view.services, chosen.check.name
    behind = cache.rows(services, services.cache_key, name, view.coverage.as_of)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            title = _counted(chosen)
            st.header(literal(title), anchor=False, width="content")
            tables.download(behind, f"{name}.csv", key="quality_download")
        st.caption(literal(chosen.check.fix))
        if behind.height == ROWS_OPENED < chosen.failing:
            st.caption(f"The first {ROWS_OPENED:,} of them.")
        columns: dict[str, Any] = {column: _named(column) for column in behind.columns}
        tables.show(behind, columns, title, key=f"rows_of_{name}")


def _counted(finding: Finding) -> str:
    title = finding.check.title
    return f"{title[:1].upper()}{title[1:]}: {finding.failing:,} of {finding.applies_to:,}"


def _named(column: str) -> str:
    return column.replace("_", " ").capitalize()


def _title(table: TableQuality) -> str:
    return _named(table.table)
