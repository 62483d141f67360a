"""The forecast page says what the quarter brings, how sure that is, and how it did before."""

from dataclasses import dataclass, field

import pytest
import streamlit as st

from app.forecast_services import ForecastServices
from app.services import Services
from core.errors import WorkspaceLockedError
from core.workspace import Workspace
from tests.builders import Company
from tests.fakes import small_company, small_services
from tests.ui.conftest import visit, words


def growing_company():
    """Return fourteen months of deals: each month two won and two lost, and four open now."""
    company = Company().owner("u1", name="Ada Byron", team="North")
    company.owner("u2", name="Grace Hopper", team="South")
    for position, (stage, outcome) in enumerate(
        (("Demo", "open"), ("Offer", "open"), ("Won", "won"), ("Lost", "lost")), start=1
    ):
        company.stage(stage, position, outcome)
    for month in MONTHS:
        for number in range(4):
            deal_id, day = f"{month}-{number}", f"{month}-{2 + number:02d}"
            company.deal(
                deal_id,
                "1000.00",
                f"{month}-{24 + number}",
                created_at=day,
                is_won=number < 2,
                owner_id=f"u{number % 2 + 1}",
                name=f"Deal {deal_id}",
            )
            company.change(deal_id, day, "Demo", "1000.00", f"{month}-28")
            company.change(deal_id, f"{month}-{12 + number}", "Offer", "1000.00", f"{month}-28")
    for number in range(4):
        company.deal(
            f"O{number}",
            f"{number + 1}000.00",
            None,
            created_at="2026-11-05",
            is_won=None,
            owner_id=f"u{number % 2 + 1}",
            name=f"Open {number}",
        )
        company.change(f"O{number}", "2026-11-05", "Demo", f"{number + 1}000.00", "2026-12-10")
    return company.quota("u1", "2026-10-01", "2026-12-31", "6000.00")


MONTHS = (
    "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04",
    "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10",
)  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    """Open the forecast page on the growing company, which no test changes: its answers stay."""
    st.cache_data.clear()
    company = small_services(growing_company())

    def page(**query):
        return visit("forecast.py", company, **query)

    yield page
    st.cache_data.clear()


def frame_with(app, *columns):
    """Return the first table that has the columns."""
    return next(table.value for table in app.dataframe if set(columns) <= set(table.value.columns))


def value_of(app, label):
    return next(metric.value for metric in app.metric if metric.label == label)


def test_the_page_opens_with_a_sentence_and_the_figures_of_the_quarter(opened):
    app = opened()

    assert not app.exception
    assert "**Q4 2026 " in words(app)
    assert "its quota" in words(app)
    assert value_of(app, "Booked") == "€2.00k"  # two deals of 1,000.00 won in October
    assert value_of(app, "Forecast, Q4 2026") != "n/a"
    assert value_of(app, "Chance of the quota").endswith("%")


def test_the_roll_up_adds_up_to_the_forecast(opened):
    app = opened()

    rows = frame_with(app, "owner", "forecast_minor")
    assert "the rows add up to" in words(app)
    assert "Report this" not in words(app)
    assert set(rows["owner"]) == {"Ada Byron", "Grace Hopper", "(not yet created)"}


def test_the_roll_up_can_be_by_team(opened):
    rows = frame_with(opened(roll_up="Team"), "team", "forecast_minor")

    assert {"North", "South"} <= set(rows["team"])


def test_a_team_has_a_forecast_of_its_own(opened):
    app = opened(forecast_team="North")

    assert not app.exception
    assert value_of(app, "Booked") == "€1.00k"
    assert set(frame_with(app, "owner", "forecast_minor")["owner"]) == {
        "Ada Byron",
        "(not yet created)",
    }


def test_months_can_take_the_place_of_quarters(opened):
    app = opened(forecast_by="Month")

    assert not app.exception
    assert value_of(app, "Forecast, Nov 2026")
    assert value_of(app, "Chance of the quota") == "n/a"  # the quota is of a quarter


def test_a_fiscal_year_names_its_own_quarters(opened):
    app = opened(fiscal="Feb")

    assert value_of(app, "Forecast, FY2027 Q4")


def test_an_earlier_as_of_date_says_what_came_since(opened):
    app = opened(as_of="2026-07-15")

    assert not app.exception
    assert "Replayed as of 15 Jul 2026" in app.info[0].proto.title
    assert "Q3 2026 came to €6\\.00k" in app.info[0].value  # 3 months x 2 deals x 1,000.00


def test_an_as_of_date_outside_the_data_falls_back_into_them(opened):
    app = opened(as_of="2031-01-01")

    assert not app.exception
    assert value_of(app, "Forecast, Q4 2026")


def test_an_as_of_date_before_the_first_win_says_what_is_missing(opened):
    app = opened(as_of="2025-09-03")

    assert not app.exception
    assert "nothing tells how deals end" in words(app)


def test_a_slider_moves_the_forecast_and_not_the_base(opened):
    app = opened()
    base = frame_with(app, "scenario").set_index("scenario")["forecast_minor"]

    app = app.slider(key="app_scenario_deal_size").set_value(20).run()

    rows = frame_with(app, "scenario").set_index("scenario")
    assert not app.exception
    assert rows["forecast_minor"]["Base"] == base["Base"]
    assert float(rows["delta_minor"]["Changed"]) > 0


def test_a_named_scenario_sets_the_sliders(opened):
    app = opened()

    pills = next(group for group in app.button_group if group.label == "Scenario")
    app = pills.set_value("Cautious").run()

    assert app.slider(key="app_scenario_win_rate").value == -10
    assert app.slider(key="app_scenario_cycle").value == 10
    assert app.slider(key="app_scenario_slippage").value == 10


def test_a_saved_scenario_stays_beside_the_others(opened):
    app = opened()
    app = app.slider(key="app_scenario_win_rate").set_value(25).run()
    app = app.text_input(key="app_scenario_name").set_value("New pricing").run()

    app = next(button for button in app.button if button.label == "Save").click().run()

    assert "New pricing" in frame_with(app, "scenario")["scenario"].to_list()
    assert "Changed" not in frame_with(app, "scenario")["scenario"].to_list()
    assert next(group for group in app.button_group if group.label == "Scenario").value == (
        "New pricing"
    )


def test_what_is_booked_opens_into_its_deals(opened):
    app = opened()

    pills = next(group for group in app.button_group if "part of the forecast" in group.label)
    app = pills.set_value("Booked").run()

    assert "2 deals, **€2\\,000\\.00**, which equals what was opened." in words(app)


def test_the_expectations_of_the_open_deals_add_up_to_their_part(opened):
    app = opened()

    pills = next(group for group in app.button_group if "part of the forecast" in group.label)
    app = pills.set_value("Open deals").run()

    assert "4 deals" in words(app)
    assert "which equals what was opened" in words(app)


def test_the_deals_that_decide_the_quarter_come_first(opened):
    rows = frame_with(opened(), "variance_share")

    assert rows["name"].to_list()[0] == "Open 3"  # the largest amount at equal chances


def test_the_record_sets_what_was_said_beside_what_came(opened):
    rows = frame_with(opened(), "actual_minor", "forecast_minor")

    assert set(rows["period"]) <= {"Q1 2026", "Q2 2026", "Q3 2026", "Q4 2025"}
    assert float(rows["actual_minor"].max()) == 6000.0


def test_a_method_is_ranked_with_its_uncertainty(opened):
    rows = frame_with(opened(), "title", "skill")

    assert "Outlook" in rows["title"].to_list()
    assert "Same month last year" in rows["title"].to_list()


def test_the_methods_of_the_series_have_a_board_of_their_own(opened):
    app = opened()

    board = next(group for group in app.button_group if group.label == "Leaderboard")
    app = board.set_value("Time series methods").run()

    assert not app.exception
    assert "Simple smoothing" in frame_with(app, "title", "skill")["title"].to_list()


def test_few_deals_without_stage_history_are_forecast_with_their_doubts(open_page):
    app = open_page("forecast.py", small_services(small_company()))

    assert not app.exception
    assert "There are no stage changes" in words(app)
    assert "n/a" in value_of(app, "Chance of the quota")


def test_one_open_deal_and_no_win_says_what_is_missing(open_page):
    lonely = Company().deal("O", "100.00", None, created_at="2026-11-01", is_won=None)
    app = open_page("forecast.py", small_services(lonely))

    assert not app.exception
    assert "Import closed deals" in words(app)


def test_without_open_deals_the_forecast_is_of_deals_to_be_created(open_page):
    closed = Company()
    for month in MONTHS:
        closed.deal(month, "100.00", f"{month}-20", created_at=f"{month}-01")
    app = open_page("forecast.py", small_services(closed))

    assert not app.exception
    assert "No deal is open." in words(app)


def test_an_empty_workspace_says_what_to_do_with_one_button(open_page):
    app = open_page("forecast.py", Services(Workspace.in_memory()))

    assert "No data yet" in words(app)
    assert [button.label for button in app.button] == ["Go to Import"]


@dataclass(frozen=True)
class CountingForecasts(ForecastServices):
    """Forecasts that note every time the past is replayed and an outlook is made."""

    asked: list[str]

    def replay(self, question):
        """Note it and answer."""
        self.asked.append("replay")
        return super().replay(question)

    def outlook(self, question, said=None):
        """Note it and answer."""
        self.asked.append("outlook")
        return super().outlook(question, said)


@dataclass(frozen=True)
class CountingServices(Services):
    """Services whose forecasts are counted."""

    asked: list[str] = field(default_factory=list)

    @property
    def forecasting(self):
        """Return the counting forecasts."""
        return CountingForecasts(self.workspace, self.engine_url, self.asked)


def test_a_slider_fits_nothing_again(open_page):
    services = CountingServices(growing_company().workspace())
    app = open_page("forecast.py", services)

    for position in (-10, 25):
        app = app.slider(key="app_scenario_win_rate").set_value(position).run()

    assert not app.exception
    assert services.asked == ["replay", "outlook"]


@dataclass(frozen=True)
class FailingForecasts(ForecastServices):
    """Forecasts whose data cannot be read."""

    def histories(self, question):
        """Fail."""
        raise WorkspaceLockedError("acme.duckdb is open in another process.", "Close it.")


@dataclass(frozen=True)
class FailingServices(Services):
    """Services whose forecasts fail."""

    @property
    def forecasting(self):
        """Return the failing forecasts."""
        return FailingForecasts(self.workspace, self.engine_url)


def test_a_failing_service_shows_its_message_and_hint(open_page, small):
    app = open_page("forecast.py", FailingServices(small.workspace))

    assert not app.exception
    assert "open in another process" in app.error[0].proto.title.replace("\\", "")
