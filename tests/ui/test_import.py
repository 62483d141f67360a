"""The import page accounts for every row and never shows one visitor another's data."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st

from app.components.text import literal
from app.import_job import ImportJob, Order
from app.services import Services
from core.crm.options import ImportOptions
from core.crm.receipts import Progress, Step
from core.crm.templates import TEMPLATES
from core.errors import ImportCancelledError
from core.workspace import Workspace
from tests.ui.conftest import app_of, words
from tests.workbooks import archive, sheet, workbook

BROKEN = "D-9,Broken,Kestrel,Ada Byron,Won,12x,EUR,2026-03-02,2026-06-18,true\n"


@pytest.fixture(autouse=True)
def _a_small_demo_company(monkeypatch):
    monkeypatch.setenv("PLUMBLINE_DEMO_DEALS", "60")


def visitor():
    """Open the import page as somebody who has just come."""
    return app_of().switch_page("../pages/import.py").run()


def drop(app, files):
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        app.file_uploader[0].upload(name, data)
    return app.run()


def upload(app, files):
    drop(app, files)
    return imported(app)


def imported(app):
    """Press Import, and look again until the import has ended."""
    next(b for b in app.button if b.label.startswith("Import ")).click().run()
    for _ in range(100):
        if app.session_state["app_import_job"] is None:
            return app
        app.run()
    raise AssertionError("the import never ended")


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def table(app, column):
    """Return the first table that has a column."""
    return next(frame.value for frame in app.dataframe if column in frame.value.columns)


def title_of_first_deal(app):
    return app.switch_page("../pages/overview.py").run().dataframe[0].value["deal"].to_list()[0]


def test_a_visitor_starts_on_demo_data_and_is_told_so(open_page):
    app = visitor()

    assert not app.exception
    assert "Demo data" in words(app)
    assert "Private to this browser tab" in words(app)


def test_the_templates_are_read_as_they_are_and_take_the_place_of_the_demo():
    app = upload(visitor(), TEMPLATES)

    assert not app.exception
    assert "10 rows in = 10 loaded + 0 rejected." in words(app)
    assert "Demo data" not in words(app)


def test_a_rejected_row_is_shown_with_its_line_value_and_what_to_do():
    app = upload(visitor(), {"deals.csv": TEMPLATES["deals.csv"] + BROKEN})

    assert "5 rows in = 4 loaded + 1 rejected." in words(app)
    reject = app.dataframe[0].value.to_dict("records")[0]
    assert (reject["line"], reject["column"], reject["value"]) == (6, "amount", "12x")
    assert reject["suggestion"]


def test_a_refused_file_leaves_what_was_there():
    app = drop(visitor(), {"picture.csv": "\x89PNG\r\n\x1a\n not a table"})

    assert "1 file cannot be read as a whole" in words(app)
    assert next(b for b in app.button if b.label == "Import").disabled
    assert "Demo data" in words(app)


def test_dropped_files_are_checked_and_nothing_is_stored():
    app = drop(visitor(), {"deals.csv": TEMPLATES["deals.csv"] + BROKEN})

    assert not app.exception
    assert "5 rows in = 4 would load + 1 would be rejected." in words(app)
    assert "Demo data" in words(app)
    cause = table(app, "problem").to_dict("records")[0]
    assert (cause["count"], cause["column"], cause["line"], cause["value"]) == (
        1,
        "amount",
        6,
        "12x",
    )
    assert "Import the good rows, keep the rest aside" in [b.label for b in app.button]


def test_an_ambiguous_date_order_is_asked_for_and_the_answer_is_followed():
    ambiguous = TEMPLATES["deals.csv"].splitlines()[0] + (
        "\nD-1,One,Kestrel,Ada,Won,5,EUR,01/02/2026,03/04/2026,true\n"
    )
    app = drop(visitor(), {"deals.csv": ambiguous})
    assert "1 row in = 0 would load + 1 would be rejected." in words(app)

    question = next(box for box in app.selectbox if box.label == "Date order")
    question.select("day_first").run()
    assert "1 row in = 1 would load + 0 would be rejected." in words(app)

    imported(app)
    assert "1 row in = 1 loaded + 0 rejected." in words(app)


def test_the_assumed_currency_can_be_changed():
    row = "D-1,One,Kestrel,Ada,Won,5,,2026-01-02,2026-03-04,true\n"
    app = drop(visitor(), {"deals.csv": TEMPLATES["deals.csv"].splitlines()[0] + "\n" + row})
    assert "USD is assumed" in words(app).replace("\\", "")

    next(b for b in app.selectbox if b.label.startswith("Currency where")).select("GBP").run()
    assert "GBP is assumed" in words(app).replace("\\", "")


def test_a_file_with_hostile_names_is_shown_as_it_is():
    hostile = "![x](http://example.invalid/a.png)"
    content = TEMPLATES["deals.csv"].replace("deal_id,name", f"deal_id,{hostile}")
    app = drop(visitor(), {f"{hostile}.csv": content})

    assert not app.exception
    assert hostile not in words(app)


def test_a_rerun_does_not_read_the_files_again():
    app = drop(visitor(), TEMPLATES)
    kept = app.session_state["app_previews"]
    before = next(iter(kept.values()))

    app.run()

    assert next(iter(app.session_state["app_previews"].values())) is before


def test_a_file_above_the_limit_of_the_installation_is_refused(monkeypatch):
    monkeypatch.setenv("PLUMBLINE_MAX_UPLOAD_MB", "1")
    padding = ",".join(f"column {number}" for number in range(100_000))
    app = drop(visitor(), {"large.csv": padding})

    assert "The file has 1.3 MB; 1 MB is the limit" in words(app).replace("\\", "")


def test_the_same_file_again_changes_nothing_and_says_so():
    app = upload(visitor(), TEMPLATES)

    upload(app, TEMPLATES)

    assert "Imported before, so nothing changed." in words(app)


def test_one_visitor_never_sees_what_another_imported():
    theirs, mine = visitor(), visitor()

    upload(theirs, TEMPLATES)
    mine.run()

    assert "Demo data" in words(mine)
    assert title_of_first_deal(theirs) == "Kestrel expansion"
    assert title_of_first_deal(mine) != "Kestrel expansion"


def test_starting_empty_leads_to_the_empty_state_and_demo_data_lead_back():
    app = press(visitor(), "Start empty")
    assert "Nothing imported yet." in words(app)

    press(app, "Load demo data")
    assert "Demo data" in words(app)


def test_a_shared_workspace_file_shows_everybody_the_same(monkeypatch, tmp_path):
    monkeypatch.setenv("PLUMBLINE_WORKSPACE", str(Path(tmp_path) / "acme.duckdb"))
    st.cache_resource.clear()

    theirs, mine = visitor(), visitor()
    upload(theirs, TEMPLATES)

    assert "shares" in words(theirs)
    assert title_of_first_deal(mine) == "Kestrel expansion"
    st.cache_resource.clear()


UNKNOWN = (
    "Opp #;Customer;Deal value;Opened on;Closing day;Status;Region\n"
    "1;Acme;1.000,50;13/2/2025;23/4/2025;Won;North\n"
    "2;Beta;2.000,00;14/2/2025;24/4/2025;Lost;South\n"
)


def test_a_file_no_recipe_knows_is_mapped_checked_and_imported():
    app = drop(visitor(), {"unknown.csv": UNKNOWN})
    assert not app.exception
    rows = table(app, "field")
    assert rows["field"].to_list() == [
        "deal_id", "account_id", "amount", "created_at", "closed_at", "is_won", None,
    ]  # fmt: skip

    press(app, "Check with this mapping")
    assert "2 rows in = 2 would load + 0 would be rejected." in words(app)
    assert "Demo data" in words(app)

    imported(app)
    assert "2 rows in = 2 loaded + 0 rejected." in words(app)


def test_a_mapping_without_its_required_fields_says_which_and_cannot_be_applied():
    app = drop(visitor(), {"unknown.csv": "Colour,Favourite day\nred,Monday\n"})
    next(b for b in app.selectbox if b.label.startswith("What is one row")).select("deals").run()

    assert "Needed before rows can be read: **deal\\_id**" in words(app)
    assert next(b for b in app.button if b.label == "Check with this mapping").disabled


def test_every_hostile_file_can_be_looked_at_before_importing():
    corpus = Path(__file__).parents[1] / "golden" / "hostile_csv"
    app = visitor()
    for file in sorted(corpus.glob("*.csv")):
        app.file_uploader[0].upload(file.name, file.read_bytes())
    app.run()

    assert not app.exception
    assert not app.error
    assert "Check and import" in words(app)
    assert "Import the good rows, keep the rest aside" in [b.label for b in app.button]


STAGES = (
    "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Currency\n"
    "1,A,Gewonnen,10,2025-03-01,2025-01-01,Euro\n"
    "2,B,Ende,20,2025-03-01,2025-01-01,EUR\n"
    "3,C,Demo,30,2025-03-01,2025-01-01,EUR\n"
)


def test_values_nobody_knows_are_mapped_imported_and_remembered():
    app = drop(visitor(), {"deals.csv": STAGES})
    values = table(app, "becomes")
    assert "3 values to look at" in words(app)
    assert dict(zip(values["value"], values["becomes"], strict=True))["Gewonnen"] == "won"

    key = next(k for k in app.session_state if str(k).startswith("values_stage_"))
    place = values["value"].to_list().index("Ende")
    app.session_state[key] = {"edited_rows": {place: {"becomes": "lost"}}}
    app.run()
    press(app, "Use these values")
    assert "3 rows in = 3 would load + 0 would be rejected." in words(app)
    imported(app)
    outcomes = app.session_state["app_own_services"].workspace.query(
        "SELECT name, is_won FROM deals ORDER BY name"
    )
    assert outcomes.rows() == [("A", True), ("B", False), ("C", None)]

    drop(app, {"newer.csv": STAGES.replace("1,A", "9,New")})
    assert "Remembered from the import of" in words(app)
    press(app, "Forget it")
    assert "Remembered from the import of" not in words(app)
    assert "3 values to look at" in words(app)


def test_sums_of_a_file_are_shown_against_what_would_load():
    app = drop(visitor(), {"deals.csv": TEMPLATES["deals.csv"] + BROKEN})

    total = table(app, "in_file").to_dict("records")[0]
    assert total["in_file"] == total["loaded"]
    assert (total["verdict"], total["unreadable"]) == ("yes", 1)


def test_archives_and_workbooks_come_apart_into_files_and_sheets():
    header, *rows = [line.split(",") for line in TEMPLATES["deals.csv"].splitlines()]
    book = workbook({"Deals": sheet([header, *rows])})
    files = archive({"book.xlsx": book, "touchpoints.csv": TEMPLATES["touchpoints.csv"]})
    app = upload(visitor(), {"exports.zip": files})

    assert not app.exception
    assert "10 rows in = 10 loaded + 0 rejected." in words(app)


def test_extra_columns_of_a_file_nobody_knows_stay_with_the_deals():
    app = drop(visitor(), {"unknown.csv": UNKNOWN})
    press(app, "Check with this mapping")
    imported(app)

    stored = app.session_state["app_own_services"].workspace.query(
        "SELECT attributes FROM deals ORDER BY deal_id"
    )
    assert stored["attributes"].to_list() == ['{"Region":"North"}', '{"Region":"South"}']


def test_a_running_import_shows_how_far_it_is_and_can_be_stopped(monkeypatch):
    app = visitor()
    job = WaitingJob()
    app.session_state["app_import_job"] = job
    app.run()
    assert "Importing" in words(app)

    press(app, "Cancel")

    said = "The import was stopped. Nothing was stored."
    assert any(said in words(app) or said in words(app.run()) for _ in range(50))
    assert job.is_stopping
    assert "Demo data" in words(app)


class WaitingJob(ImportJob):
    """An import that waits to be stopped."""

    def __init__(self):
        services = WaitingServices(Workspace.in_memory())
        super().__init__(services, Order((), datetime(2026, 1, 1, tzinfo=UTC), ImportOptions(), {}))


class WaitingServices(Services):
    """Services that read for ever, as a very large file would."""

    def import_files(self, files, now, options=None):
        """Tell progress until somebody says stop."""
        while not options.is_cancelled():
            options.on_progress(Progress("large.csv", Step.READING, 20_000, 0, 1))
            time.sleep(0.01)
        raise ImportCancelledError("The import was stopped.", "Nothing was stored.")


def test_a_file_with_a_header_alone_is_not_told_to_be_fine():
    app = drop(visitor(), {"deals.csv": TEMPLATES["deals.csv"].partition("\n")[0] + "\n"})

    assert "has a header and no rows below it" in words(app)
    assert "check_circle" not in words(app).partition("Imports so far")[0].partition("Step 5")[2]


def test_a_refusal_is_told_in_words_and_no_step_claims_to_be_done():
    app = drop(visitor(), {"deals.csv": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n"})
    said = words(app)

    assert literal("The file is not delimited text: it is a PDF.") in said
    assert "not_text" not in said.replace("\\", "")
    assert "every column has its place" not in said
    assert "every value has its meaning" not in said
