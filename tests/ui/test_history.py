"""On the Import page every import can be compared with the one before, and taken back."""

import pytest
import streamlit as st

from app.services import Services
from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.workspace import Workspace
from tests.exports import NOW
from tests.ui.conftest import words
from tests.unit.test_changes import AFTER, BEFORE


@pytest.fixture
def services():
    workspace = Workspace.in_memory()
    for name, content in (("monday.csv", BEFORE), ("tuesday.csv", AFTER)):
        import_files(workspace, [SourceFile(name, content)], NOW)
    yield Services(workspace)
    st.cache_data.clear()


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_imports_are_listed_with_the_way_back(open_page, services):
    app = open_page("import.py", services)

    assert not app.exception
    table = next(frame for frame in app.dataframe if "file_name" in frame.value)
    assert table.value["file_name"].to_list() == ["tuesday.csv", "monday.csv"]
    assert "Takes back 1 import" in words(app)


def test_what_changed_is_computed_only_when_opened(open_page, services):
    app = open_page("import.py", services)
    assert "1 deal lost" not in words(app)

    app.session_state["changes_of_2"] = True
    app.run()

    shown = words(app).replace("\\", "")
    assert not app.exception
    assert "**deals**: 1 added, 7 changed, 1 no longer in the export, and kept" in shown
    assert "- 2 deals won, €175.00" in shown
    assert "- 1 deal close date pushed, €100.00" in shown
    new = app.dataframe[-1].value
    assert new["deal_id"].to_list() == ["D10"]


def test_every_move_opens_its_deals(open_page, services):
    app = open_page("import.py", services)
    app.session_state["changes_of_2"] = True
    app.run()

    moves = next(box for box in app.selectbox if box.label == "Deals that became")
    moves.select("won (2)").run()

    assert app.dataframe[-1].value["deal_id"].to_list() == ["D1", "D10"]


def test_an_import_is_taken_back_and_done_again(open_page, services):
    before = services.workspace.fingerprint()
    app = press(open_page("import.py", services), "Take back")

    assert not app.exception
    assert services.workspace.count("deals") == 9
    assert "Undone: import 2" in words(app).replace("\\", "")

    app = press(app, "Do import 2 again")
    assert services.workspace.fingerprint() == before
    assert "Undone" not in words(app)


def test_choosing_an_earlier_import_takes_back_the_later_ones_too(open_page, services):
    app = open_page("import.py", services)
    imports = next(box for box in app.selectbox if box.label == "Import")
    imports.select_index(1).run()
    assert "Takes back 2 imports" in words(app)

    app = press(app, "Take back")
    assert services.workspace.is_empty()
    assert "Nothing imported yet." in words(app)


def test_demo_data_are_listed_but_not_taken_back(open_page):
    from core.crm.demo import DemoOptions, load, simulate

    workspace = Workspace.in_memory()
    load(workspace, simulate(DemoOptions(deals=30, ends_on=NOW.date())))
    app = open_page("import.py", Services(workspace))

    assert not app.exception
    assert "Take back" not in [button.label for button in app.button]
