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
        "ask.py",
        "Ask",
        ":material/question_answer:",
        "Revenue",
        "A question in plain language, answered by the product's own figures.",
    ),
    Entry(
        "import.py",
        "Import",
        ":material/upload_file:",
        "Data",
        "Bring in exports of your CRM, see what was read and what was rejected.",
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
