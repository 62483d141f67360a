"""The one list of pages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES_FOLDER: Final = ROOT / "pages"


@dataclass(frozen=True)
class Entry:
    """One page: its script, its name, its place in the menu."""

    script: str
    title: str
    icon: str
    section: str
    help: str


ENTRIES: Final = (
    Entry(
        "overview.py",
        "Overview",
        ":material/space_dashboard:",
        "",
        "Closed-won revenue of the period beside the one before, by month and by channel.",
    ),
    Entry(
        "attribution.py",
        "Attribution",
        ":material/hub:",
        "Revenue",
        "Which channels and campaigns earned the revenue, by several models side by side.",
    ),
    Entry(
        "model_trust.py",
        "Model trust",
        ":material/verified:",
        "Revenue",
        "What each attribution model gets wrong where the truth is known: on simulated companies.",
    ),
    Entry(
        "journeys.py",
        "Journeys",
        ":material/route:",
        "Revenue",
        "How deals came about, step by step: paths, what won and lost ones met, one account.",
    ),
    Entry(
        "pipeline.py",
        "Pipeline",
        ":material/water_drop:",
        "Revenue",
        "What became of the pipeline, how fast it flows, how likely it is won.",
    ),
    Entry(
        "forecast.py",
        "Forecast",
        ":material/trending_up:",
        "Revenue",
        "What the quarter will bring, how sure that is, and how past forecasts did.",
    ),
    Entry(
        "deals.py",
        "Deals",
        ":material/handshake:",
        "Revenue",
        "How likely each open deal is to be won, why, what puts it at risk and what to do next.",
    ),
    Entry(
        "ask.py",
        "Ask",
        ":material/question_answer:",
        "Share",
        "A question in plain language, answered by the product's own figures.",
    ),
    Entry(
        "report.py",
        "Report",
        ":material/picture_as_pdf:",
        "Share",
        "The report for the board, marketing or sales, as it will be printed.",
    ),
    Entry(
        "import.py",
        "Import",
        ":material/upload_file:",
        "Data",
        "Bring in exports of your CRM, see what was read and what was rejected.",
    ),
    Entry(
        "data_quality.py",
        "Data quality",
        ":material/rule:",
        "Data",
        "How far each table can be trusted, and which fixes would help most.",
    ),
    Entry(
        "settings.py",
        "Settings",
        ":material/settings:",
        "Data",
        "Who writes the analyst's text, where its model runs, and how this installation is set.",
    ),
)


def page(script: str) -> StreamlitPage:
    """Return a page of the list, for links."""
    entry = next(entry for entry in ENTRIES if entry.script == script)
    return st.Page(
        PAGES_FOLDER / entry.script,
        title=entry.title,
        icon=entry.icon,
        help=entry.help,
        default=entry is ENTRIES[0],
    )


def has(name: str) -> bool:
    """Tell whether there is a page of that name.

    >>> has("overview"), has("nowhere")
    (True, False)
    """
    return any(entry.script == f"{name}.py" for entry in ENTRIES)


def menu() -> dict[str, list[StreamlitPage]]:
    """Return the pages by section, as the navigation wants them."""
    sections: dict[str, list[StreamlitPage]] = {}
    for entry in ENTRIES:
        sections.setdefault(entry.section, []).append(page(entry.script))
    return sections
