"""The deals that decide the period, and the deals behind its parts; a chosen deal opens."""

import polars as pl
import streamlit as st

from app import navigation
from app.caches import pipeline as past
from app.components import empty, opened, tables
from app.components.text import literal
from app.state import Key, View
from core import formats
from core.forecasting.outlook_results import Outlook

_BOOKED, _OPEN = "Booked", "Open deals"


def deciding(outlook: Outlook, view: View) -> None:
    """Draw the open deals that move the period most; a chosen row opens the deal."""
    period = formats.period(outlook.frame["period"][0])
    st.header(f"Deals that decide {period}", anchor=False)
    rows = view.services.forecasting.deciding_deals(outlook)
    if rows.is_empty():
        empty.nothing_found("No deal is open.", "What is expected comes from deals to be created.")
        return
    st.markdown(f"{_share_of_doubt(rows)} Choose a row to see what the deal went through.")
    chosen = opened.table(rows, view, f"Deals that decide {period}", key="deciding", choose=True)
    if chosen is not None:
        _course(rows.row(chosen, named=True), outlook, view)


def _share_of_doubt(rows: pl.DataFrame) -> str:
    if rows["variance_share"].is_null().all():
        return "No open deal moves the period."
    share = formats.percent(float(rows["variance_share"].sum()), 0)
    return (
        f"{formats.counted(rows.height, 'open deal')} with {share} of what is uncertain about all "
        "of them."
    )


def behind(outlook: Outlook, view: View) -> None:
    """Open the deals behind what is booked and what open deals are expected to bring."""
    part = st.pills(
        "Open the deals behind a part of the forecast",
        (_BOOKED, _OPEN),
        key="forecast_part",
        help="New business has no deals yet: it is what is expected beyond these.",
    )
    row = outlook.frame.row(0, named=True)
    if part == _BOOKED:
        opened.show(
            f"Booked in {formats.period(row['period'])}",
            outlook.booked,
            view,
            key="booked_deals",
            proof_minor=row["booked_minor"],
        )
    elif part == _OPEN:
        rows = view.services.forecasting.open_deals(outlook)
        opened.show(
            "Open deals, largest expectation first",
            rows,
            view,
            key="open_deals",
            proof_minor=row["pipeline_minor"],
            proof="expected_minor",
        )


def _course(deal: dict[str, object], outlook: Outlook, view: View) -> None:
    services, currency = view.services, outlook.currency
    course = past.deal_course(services, services.cache_key, outlook.question, str(deal["deal_id"]))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{literal(str(deal['name'] or deal['deal_id']))}**: every recorded change.")
        st.page_link(
            navigation.page("deals.py"),
            label="Why, and what to do next",
            icon=":material/handshake:",
            query_params={str(Key.DEAL): str(deal["deal_id"])},
            width="content",
        )
    tables.show(
        course.with_columns(tables.in_major("amount_minor", currency)),
        {
            "from_on": st.column_config.DateColumn("From", format="D MMM YYYY"),
            "stage": "Stage",
            "amount_minor": tables.money_column("Amount", currency),
            "due_on": st.column_config.DateColumn("Expected close", format="D MMM YYYY"),
        },
        "What the chosen deal went through",
        key="deal_course",
    )
