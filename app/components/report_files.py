"""The report to take away: the document, its tables as a workbook, its parts as files."""

import streamlit as st

from core.reports.bundle import to_bundle
from core.reports.content import Report
from core.reports.workbook import to_workbook


def show(report: Report, document: bytes, command: str) -> None:
    """Draw the downloads; workbook and parts are made when they are asked for.

    Parameters
    ----------
    report, document
        What is taken away.
    command
        What makes the same on the command line; blank where nothing does.
    """
    name = f"revenue_report_{report.as_of:%Y-%m-%d}"
    beside = st.container(horizontal=True)
    beside.download_button(
        f"Download PDF ({len(document) / 1000:,.0f} kB)",
        document,
        f"{name}.pdf",
        "application/pdf",
        key="report_pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
    )
    beside.download_button(
        "Tables as XLSX",
        lambda: to_workbook(report),
        f"{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key="report_workbook",
        icon=":material/table_view:",
        on_click="ignore",
    )
    beside.download_button(
        "Tables, charts as ZIP",
        lambda: to_bundle(report),
        f"{name}.zip",
        "application/zip",
        key="report_parts",
        help="Every table as CSV, every chart as SVG and PNG.",
        icon=":material/folder_zip:",
        on_click="ignore",
    )
    same = "Equal data and choices make the same document to the byte."
    if not command:
        st.caption(same)
        return
    st.caption(f"{same} The same on the command line:")
    st.code(command, language=None, wrap_lines=True)
