"""The journeys page shows how deals came about and opens the deals behind each number."""

from dataclasses import dataclass

import pytest

from app.journey_services import JourneyServices
from app.services import Services
from core.errors import WorkspaceLockedError
from core.workspace import Workspace
from tests.ui.conftest import words


def table(app, column):
    return next(frame.value for frame in app.dataframe if column in frame.value)


def test_paths_stand_with_their_win_rate_and_revenue(open_page, small):
    app = open_page("journeys.py", small)

    assert not app.exception
    shown = table(app, "in_words").set_index("in_words")
    assert float(shown["won_minor"]["Paid search → Events"]) == 1000.0
    assert shown["win_rate"]["Paid search → Events"] == 100
    # d4 was lost and d5 won, neither with a touch.
    assert shown["deals"]["No touch"] == 2
    assert shown["win_rate"]["No touch"] == 50


def test_the_verdict_says_how_won_and_lost_journeys_differ(open_page, small):
    app = open_page("journeys.py", small)

    # Won: 2, 2, 3 and 0 touches; lost: none.
    assert "Won deals took 2 touches" in words(app)
    assert "lost ones no touch" in words(app)


def test_journeys_can_be_looked_at_from_their_end(open_page, small):
    app = open_page("journeys.py", small, side="Last steps", steps="2")

    shown = table(app, "in_words")["in_words"].to_list()
    assert "… → Email → Partner" in shown


def test_an_account_is_found_by_a_part_of_its_name_and_its_events_are_listed(open_page, small):
    app = open_page("journeys.py", small, account="kestr")

    assert not app.exception
    accounts = next(f.value for f in app.dataframe if list(f.value)[:1] == ["account_id"])
    assert accounts["account"].to_list() == ["Kestrel"]
    events = table(app, "what")["what"].to_list()
    assert events == ["Deal created", "Touch", "Touch", "Deal won"]


def test_a_search_without_a_match_says_so(open_page, small):
    app = open_page("journeys.py", small, account="zebra")

    assert "No account with a deal matches." in words(app)


def test_channels_left_out_in_the_url_are_left_out_of_journeys(open_page, small):
    app = open_page("journeys.py", small, without=["Paid search"])

    assert "Events" in table(app, "in_words")["in_words"].to_list()
    assert "Paid search → Events" not in table(app, "in_words")["in_words"].to_list()


def test_a_period_without_closed_deals_says_how_to_find_some(open_page, small):
    days = ["2026-09-01", "2026-09-02"]

    app = open_page("journeys.py", small, period="Custom", days=days)

    assert "No deal closed in this period." in words(app)


def test_an_empty_workspace_says_what_to_do(open_page):
    app = open_page("journeys.py", Services(Workspace.in_memory()))

    assert "No data yet" in words(app)


@dataclass(frozen=True)
class FailingJourneys(Services):
    """Services whose journeys fail the way a locked file does."""

    @property
    def journeys(self):
        """Fail when asked."""
        return _Failing(self.workspace, self.engine_url)


class _Failing(JourneyServices):
    def outcomes(self, question):
        raise WorkspaceLockedError("acme.duckdb is open in another process.", "Close it.")


def test_a_failing_service_shows_its_message(open_page, small):
    app = open_page("journeys.py", FailingJourneys(small.workspace))

    assert not app.exception
    assert "open in another process" in app.error[0].proto.title.replace("\\", "")


@pytest.mark.parametrize("steps", ["0", "9", "x"])
def test_a_number_of_steps_that_is_not_offered_falls_back(open_page, small, steps):
    app = open_page("journeys.py", small, steps=steps)

    assert not app.exception
    assert "Paid search → Events" in table(app, "in_words")["in_words"].to_list()
