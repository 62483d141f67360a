"""What an import changed: a sentence for each move of deals, and the deals behind it."""

from typing import Any

import streamlit as st

from app.caches import history as cache
from app.components import tables
from app.components.text import literal
from app.services import Services
from core.changes import Changes, DealMove, TableChange
from core.formats import counted, listed, money
from core.snapshots import Snapshot

_DAY = "D MMM YYYY"


def show(chosen: Snapshot, services: Services) -> None:
    """Draw a section that compares an import with the one before when it is opened."""
    section = st.expander(
        f"What import {chosen.number} changed",
        icon=":material/difference:",
        key=f"changes_of_{chosen.number}",
        on_change="rerun",
    )
    if not section.open:
        return
    with section:
        found = cache.changes(services, services.cache_key, chosen.number)
        st.markdown("\n".join(f"- {_table(table)}" for table in found.tables) or "Nothing.")
        if found.compared_with is None:
            st.caption("The first import has none before it to be compared with.")
        elif found.moves:
            _moves(found)
        else:
            st.caption("No deal became another.")


def _table(table: TableChange) -> str:
    parts = [f"{table.added:,} added", f"{table.changed:,} changed"]
    if table.missing:
        parts.append(f"{table.missing:,} no longer in the export, and kept")
    return f"**{literal(table.table)}**: {', '.join(parts)}"


def _moves(found: Changes) -> None:
    st.markdown("\n".join(f"- {_sentence(move)}" for move in found.moves))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Deals that became",
            found.moves,
            format_func=lambda move: f"{move.move} ({move.deals:,})",
            key=f"moves_of_{found.snapshot.number}",
            width=320,
        )
        tables.download(
            found.deals,
            f"changes_of_import_{found.snapshot.number}.csv",
            key="changes_download",
        )
    if chosen is not None:
        rows = found.deals.filter(move=chosen.move.value)
        tables.show(
            rows,
            _columns(),
            f"Deals that became: {chosen.move}",
            key=f"deals_that_{chosen.move.name.lower()}_{found.snapshot.number}",
        )


def _sentence(move: DealMove) -> str:
    amounts = [literal(money(minor, code)) for code, minor in move.amounts]
    worth = f", {listed(amounts)}" if amounts else ""
    return f"{counted(move.deals, 'deal')} {move.move}{worth}"


def _columns() -> dict[str, Any]:
    before, after = "Before the import.", "After the import."
    return {
        "name": st.column_config.TextColumn("Deal", width="medium", pinned=True),
        "amount_before": _amount("Amount before", before),
        "amount_after": _amount("Amount now", after),
        "currency": st.column_config.TextColumn("Currency", width="small"),
        "close_before": st.column_config.DateColumn("Expected before", format=_DAY, help=before),
        "close_after": st.column_config.DateColumn("Expected now", format=_DAY, help=after),
        "stage_before": st.column_config.TextColumn("Stage before"),
        "stage_after": st.column_config.TextColumn("Stage now"),
        "deal_id": "Id in the CRM",
        "file_line": st.column_config.NumberColumn("Line of the file", format="%d"),
    }


def _amount(title: str, help_text: str) -> Any:  # noqa: ANN401
    return st.column_config.NumberColumn(
        title, format="%,.2f", help=f"In the deal's own currency. {help_text}"
    )
