"""The pipeline page bridges the pipeline between two days and opens every figure into its deals."""

from dataclasses import dataclass

import pytest

from app.pipeline_services import Behind, PipelineServices
from app.services import Services
from core.errors import WorkspaceLockedError
from core.workspace import Workspace
from tests.builders import Company
from tests.fakes import small_company, small_services
from tests.ui.conftest import visit, words


def frame_with(app, *columns):
    """Return the first table that has the columns."""
    return next(table.value for table in app.dataframe if set(columns) <= set(table.value.columns))


def pipeline_company():
    """Return a company with stages: a deal pushed, one won, one lost, one created in the quarter.

    Before 1 October 2026: A 1,000.00, B 2,000.00, C 3,000.00. Then B is won with 2,500.00, C is
    lost, D 4,000.00 is created; A's expected close moves from November to January.
    """
    company = Company().owner("u1", name="Ada Byron").owner("u2", name="Grace Hopper")
    for position, (stage, outcome) in enumerate(
        (("Demo", "open"), ("Offer", "open"), ("Won", "won"), ("Lost", "lost")), start=1
    ):
        company.stage(stage, position, outcome)
    company.deal(
        "A", "1000.00", None, created_at="2026-07-01", is_won=None, owner_id="u1", name="A"
    )
    company.deal("B", "2500.00", "2026-10-20", created_at="2026-08-01", owner_id="u1", name="B")
    company.deal(
        "C", "3000.00", "2026-11-02", created_at="2026-08-10", is_won=False, owner_id="u2", name="C"
    )
    company.deal(
        "D", "4000.00", None, created_at="2026-10-15", is_won=None, owner_id="u2", name="D"
    )
    company.change("A", "2026-07-01", "Demo", "1000.00", "2026-11-15")
    company.change("A", "2026-10-30", "Demo", "1000.00", "2027-01-20")
    company.change("B", "2026-08-01", "Demo", "2000.00", "2026-10-31")
    company.change("C", "2026-08-10", "Offer", "3000.00", "2026-12-01")
    company.change("D", "2026-10-15", "Demo", "4000.00", "2026-12-15")
    return company.quota("u1", "2026-10-01", "2026-12-31", "5000.00")


@pytest.fixture(scope="module")
def opened():
    """Open the page on a company that no test changes, whose answers stay, or on another one."""
    ours = small_services(pipeline_company())

    def page(company=None, **query):
        services = small_services(company) if company else ours
        return visit("pipeline.py", services, **{"period": "Quarter to date"} | query)

    return page


def test_the_bridge_balances_and_says_so(opened):
    app = opened()

    assert not app.exception
    lines = frame_with(app, "line", "amount_minor").set_index("line")["amount_minor"].astype(float)
    # 6,000 + 4,000 created + 500 increased - 3,000 lost - 2,500 won = 5,000
    assert lines.to_dict() == {
        "= Start": 6000.0,
        "+ Created": 4000.0,
        "+ Pulled in": 0.0,
        "+ Increased": 500.0,
        "- Decreased": 0.0,
        "- Pushed": 0.0,
        "- Lost": 3000.0,
        "- Won": 2500.0,
        "= End": 5000.0,
    }
    assert "= **€5\\,000\\.00**, to the cent" in words(app)
    assert "**The pipeline shrank by 17%.**" in words(app)


def test_deals_due_in_the_period_can_be_pushed_out_of_it(opened):
    app = opened(due="Due in the period")

    lines = frame_with(app, "line", "amount_minor").set_index("line")["amount_minor"].astype(float)
    assert lines["- Pushed"] == 1000.0
    assert lines["= End"] == 4000.0


def test_coverage_is_what_is_due_over_what_is_still_needed(opened):
    app = opened()

    # 4,000 due by 31 December / (5,000 quota - 2,500 booked) = 1.6
    assert "**€2\\,500\\.00 still needed**, and 1.6x of it is due" in words(app)
    assert [metric.value for metric in app.metric if metric.label == "Pipeline coverage"] == [
        "1.6x"
    ]


def test_without_a_quota_the_page_says_what_to_import(opened):
    app = opened(small_company())

    assert "import quotas.csv" in words(app)
    assert "n/a" in [metric.value for metric in app.metric if metric.label == "Pipeline coverage"]


def test_velocity_shows_its_four_factors_with_their_counts(opened):
    app = opened()

    whole = frame_with(app, "per_day_minor").set_index("segment").loc["All deals"]
    # 2 open x 1 of 2 won x 2,500.00 / 80 days
    assert float(whole["per_day_minor"]) == pytest.approx(2 * 0.5 * 2500 / 80, abs=0.01)
    assert (whole["open_deals"], whole["closed_deals"], whole["won_deals"]) == (2, 2, 1)
    assert "2 open deals x 50.0% won x €2\\.50k a won deal / 80 days to win" in words(app)


def test_a_velocity_that_is_not_defined_says_why(opened):
    app = opened(split="Owner")

    shown = frame_with(app, "per_day_minor").set_index("segment")
    assert shown["per_day_minor"].isna()["Grace Hopper"]
    assert shown["reason"]["Grace Hopper"] == "No deal was won in the window."


@pytest.mark.parametrize(
    ("factor", "names"), [(Behind.OPEN, "AD"), (Behind.CLOSED, "BC"), (Behind.WON, "B")]
)
def test_each_factor_of_velocity_opens_its_deals(opened, factor, names):
    app = opened()

    pills = next(group for group in app.button_group if "behind a factor" in group.label)
    app = pills.set_value(factor).run()

    assert not app.exception
    assert set(app.dataframe[2].value["name"]) == set(names)


def test_pushed_deals_are_counted(opened):
    app = opened()

    pushed = frame_with(app, "pushes")
    assert pushed[["name", "pushes"]].to_numpy().tolist() == [["A", 1]]


def test_deals_due_add_up_to_the_figure_they_are_opened_from(opened):
    app = opened()

    app = app.toggle(key="coverage_deals").set_value(True).run()

    assert "1 deal, **€4\\,000\\.00**, which equals what was opened." in words(app)


def test_a_past_period_is_shown_as_known_on_its_last_day(opened):
    app = opened(period="Last quarter")

    assert "Coverage of Q4 2026" in words(app)  # the quarter ahead on 30 September
    assert "6\\,000\\.00" in words(app)


def test_without_stage_history_the_page_says_what_to_import(opened):
    app = opened(small_company())

    assert not app.exception
    assert "Import stage_changes.csv" in words(app)


def test_without_open_deals_the_page_says_so(opened):
    app = opened(Company().deal("W", "100.00", "2026-10-30", created_at="2026-08-01"))

    assert not app.exception
    assert "No deal is open." in words(app)


def test_one_open_deal_is_a_pipeline(opened):
    lonely = Company().deal("O", "100.00", None, created_at="2026-11-01", is_won=None)
    app = opened(lonely)

    assert not app.exception
    assert "The pipeline was empty before." in words(app)
    assert "No deal is decided yet." in words(app)


def test_a_period_before_the_first_deal_has_an_empty_pipeline(opened):
    app = opened(period="Custom", days=["2026-06-30", "2026-07-01"])

    assert not app.exception
    assert "**The pipeline was empty before.**" in words(app)


def test_an_empty_workspace_says_what_to_do_with_one_button(open_page):
    app = open_page("pipeline.py", Services(Workspace.in_memory()))

    assert "No data yet" in words(app)
    assert [button.label for button in app.button] == ["Go to Import"]


@dataclass(frozen=True)
class FailingPipeline(PipelineServices):
    """A pipeline whose data cannot be read."""

    def histories(self, currency, owner_ids):
        """Fail."""
        raise WorkspaceLockedError("acme.duckdb is open in another process.", "Close it.")


@dataclass(frozen=True)
class FailingServices(Services):
    """Services with a pipeline that fails."""

    @property
    def pipeline(self):
        """Return the failing pipeline."""
        return FailingPipeline(self.workspace)


def test_a_failing_service_shows_its_message_and_hint(open_page, small):
    app = open_page("pipeline.py", FailingServices(small.workspace))

    assert not app.exception
    assert "open in another process" in app.error[0].proto.title.replace("\\", "")
