"""The pages' entry point: run by ``streamlit run app/main.py``, by the server and by tests."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
os.environ.setdefault("PYTHONPATH", str(ROOT))  # lets an edit in core/ reload the page

import streamlit as st  # noqa: E402

from app import guard, navigation, session  # noqa: E402
from app.components import filters  # noqa: E402

st.set_page_config(
    page_title="Plumbline",
    page_icon=str(ROOT / "app" / "static" / "mark.svg"),
    layout="wide",
    menu_items={"About": "Plumbline: revenue attribution whose every number can be checked."},
)
st.logo(
    str(ROOT / "app" / "static" / "logo.svg"),
    icon_image=str(ROOT / "app" / "static" / "mark.svg"),
    size="large",
)
page = st.navigation(navigation.menu())
with guard.errors_shown():
    filters.show(session.current_services())
    page.run()
