"""The Report page shows the document it offers."""

from app.services import Services
from core.workspace import Workspace
from tests.fakes import FailingServices
from tests.ui.conftest import words


def test_the_reader_chooses_and_takes_the_document_away(open_page, small):
    app = open_page("report.py", small)

    assert not app.exception
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[0].startswith("Download PDF (")
    assert app.code[0].value.startswith("python -m app report --workspace WORKSPACE --out")
    assert "--audience board --period 12m --currency EUR" in app.code[0].value
    assert labels[1:] == ["Tables as XLSX", "Tables, charts as ZIP"]


def test_an_empty_workspace_says_what_to_do(open_page):
    app = open_page("report.py", Services(Workspace.in_memory()))

    assert "A report needs deals" in words(app)


def test_a_failing_service_shows_its_message(open_page, small):
    app = open_page("report.py", FailingServices(small.workspace))

    assert not app.exception
    assert "open in another process" in app.error[0].proto.title.replace("\\", "")
