"""The overview says in words and figures how the period went."""

from app.services import Services
from core.workspace import Workspace
from tests.fakes import FailingServices
from tests.ui.conftest import words


def cards(app):
    return {card.label: card.value for card in app.metric}


def test_the_reader_sees_the_verdict_the_figures_and_the_last_deals(open_page, small):
    app = open_page("overview.py", small, period="Quarter to date")

    assert not app.exception
    assert cards(app) == {
        "Closed won": "€6.50k",
        "Deals won": "3",
        "Win rate": "75.0%",
        "Average deal": "€3.25k",
        "Sales cycle": "82 days",
    }
    assert "Revenue is up." in words(app)
    assert "from 3 deals in Q4 2026 to date" in words(app)
    assert app.dataframe[0].value["deal"].to_list()[1] == "Halcyon new"


def test_the_owner_in_the_url_limits_every_figure(open_page, small):
    app = open_page("overview.py", small, period="Quarter to date", owner="Ada Byron")

    assert cards(app)["Closed won"] == "€2.50k"
    assert any("Reset 2 filters" in button.label for button in app.button)


def test_an_empty_workspace_says_what_to_do_with_one_button(open_page):
    app = open_page("overview.py", Services(Workspace.in_memory()))

    assert "No data yet" in words(app)
    assert [button.label for button in app.button] == ["Go to Import"]


def test_a_failing_service_shows_its_message_and_hint_and_calls_nowhere(open_page, small):
    app = open_page("overview.py", FailingServices(small.workspace))

    shown = app.error[0]
    assert not app.exception
    assert "open in another process" in shown.proto.title.replace("\\", "")
    assert "![x](http" not in shown.value


def test_the_reader_is_told_what_the_figures_mean_and_who_wrote_it(open_page, small):
    app = open_page("overview.py", small, period="Quarter to date")

    assert "What this means" in words(app)
    assert "came from 3 won deals \\(up 200\\.0\\%\\)" in words(app)
    assert "Nothing was sent anywhere" in words(app)
