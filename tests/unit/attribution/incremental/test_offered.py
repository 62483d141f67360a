"""The incremental model among the models of a question: exact money, and reasons for silence."""

from datetime import date

import polars as pl
import pytest

from benchmarks import incremental_lab as lab
from core.attribution.credit import attribute
from core.attribution.drill import credited_deals, deal_credits
from core.attribution.explanation import explain_deal
from core.attribution.incremental.evidence import incremental_signal
from core.attribution.incremental.journeys import read_journeys
from core.attribution.incremental.model import learn
from core.attribution.incremental.offered import FEWEST_WINS, touch_credit
from core.attribution.incremental.results import IncrementalSettings
from core.attribution.results import Anchor, JourneySettings, Level, Question
from core.attribution.rules.running import CREDIT, SHARE
from core.attribution.trust import model_intervals, model_signal
from core.crm.demo.company import load, simulate
from core.crm.demo.options import DemoOptions
from core.engine import open_engine
from core.errors import EmptyWorkspaceError
from core.schema import UNATTRIBUTED
from core.scope import Scope
from core.workspace import Workspace
from tests.builders import Company

ENGINES = ("duckdb:", "polars:")
YEAR = Scope("EUR", date(2026, 1, 1), date(2026, 11, 20))


@pytest.fixture(scope="module")
def workspace():
    options = DemoOptions(ends_on=date(2026, 11, 20), deals=700, scenario="additive_harvest")
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(options))
        yield workspace


def question(scope=YEAR, **changes):
    return Question(scope, ("incremental",), **changes)


@pytest.mark.parametrize("url", ENGINES)
def test_credit_and_what_would_have_closed_anyway_are_closed_won_to_the_cent(workspace, url):
    result = attribute(open_engine(workspace, url), question(), "f")
    line = result.reconciliation["incremental"]
    assert line.holds
    assert 0 < line.unattributed_minor < line.closed_won_minor
    assert result.frame["revenue_minor"].sum() == line.closed_won_minor
    assert result.frame["deals"].sum() == pytest.approx(result.won_deals, abs=1e-8)
    assert result.frame["revenue_minor"].min() >= 0


def test_campaigns_add_up_to_the_same(workspace):
    engine = open_engine(workspace)
    one = attribute(engine, question(), "f").reconciliation["incremental"]
    other = attribute(engine, question(level=Level.CAMPAIGN), "f").reconciliation["incremental"]
    assert one == other


def test_the_deals_behind_each_bar_sum_to_the_bar_nobodys_too(workspace):
    engine = open_engine(workspace)
    for name, revenue in (
        attribute(engine, question(), "f").frame.select("channel", "revenue_minor").iter_rows()
    ):
        deals = credited_deals(engine, question(), "incremental", name)
        assert deals["credit_minor"].sum() == revenue


def test_the_touches_of_a_deal_get_what_the_deal_gives_away(workspace):
    engine = open_engine(workspace)
    left = credited_deals(engine, question(), "incremental", UNATTRIBUTED).filter(
        pl.col("touches") > 0
    )
    deal = left.row(0, named=True)
    touches = deal_credits(engine, question(), deal["deal_id"])
    assert touches[CREDIT + "incremental"].sum() + deal["credit_minor"] == deal["amount_minor"]
    assert touches[SHARE + "incremental"].sum() == pytest.approx(1 - deal["share"])


def test_a_deal_is_explained_by_what_touches_added_and_what_is_nobodys(workspace):
    engine = open_engine(workspace)
    bars = credited_deals(engine, question(), "incremental", UNATTRIBUTED)
    deal = bars.filter(pl.col("touches") > 0)["deal_id"][0]
    told = explain_deal(engine, question(), deal)
    assert "closed anyway" in told.reasons["incremental"]
    shares = told.shares["share_incremental"].sum()
    nobodys = bars.filter(pl.col("deal_id") == deal)["share"].item()
    assert shares + nobodys == pytest.approx(1.0)


def test_rules_beside_it_are_as_they_are_alone(workspace):
    engine = open_engine(workspace)
    alone = attribute(engine, Question(YEAR, ("linear",)), "f")
    beside = attribute(engine, Question(YEAR, ("linear", "incremental")), "f")
    assert beside.frame.filter(pl.col("model") == "linear").equals(alone.frame)
    assert beside.reconciliation["linear"] == alone.reconciliation["linear"]


@pytest.mark.parametrize(
    "settings",
    [
        JourneySettings(lookback_days=30),
        JourneySettings(anchor=Anchor.CREATED),
        JourneySettings(excluded_channels=("Events",)),
    ],
)
def test_touches_that_do_not_count_get_nothing(workspace, settings):
    result = attribute(open_engine(workspace), question(journeys=settings), "f")
    assert result.reconciliation["incremental"].holds
    assert not set(settings.excluded_channels) & set(result.frame["channel"])


def test_the_fit_is_made_once_for_all_questions_of_the_same_data(workspace):
    one = touch_credit(open_engine(workspace), "EUR", JourneySettings())
    assert touch_credit(open_engine(workspace), "EUR", JourneySettings()) is one


def test_too_few_deals_get_a_reason_and_no_credit():
    company = Company().deal("D1").deal("D2", is_won=False)
    company.touch("T1", "2024-02-01", "Email", deal="D1")
    with company.workspace() as workspace:
        result = attribute(open_engine(workspace), question(Scope("EUR")), "f")
        with pytest.raises(EmptyWorkspaceError, match="too few to learn from"):
            model_intervals(open_engine(workspace), question(), "incremental", seed=1)
    nobody = result.frame.filter(pl.col("channel") == UNATTRIBUTED)
    assert nobody["revenue_minor"].to_list() == [10000]
    assert f"it takes {FEWEST_WINS}" in result.warnings[-1]


def test_intervals_hold_the_shares_and_nobodys(workspace):
    found = model_intervals(open_engine(workspace), question(), "incremental", seed=3).frame
    assert found["share"].sum() == pytest.approx(1.0)
    assert found["channel"][-1] == UNATTRIBUTED
    assert (found["low"] <= found["high"]).all()


def test_touches_that_work_are_a_signal():
    company = lab.simulate(lab.Plan("additive", confounded=False, deals=1_500, seed=3))
    journeys = read_journeys(company.deals, company.touches, company.ends_epoch)
    learnt = learn(journeys, company.ends_epoch / 86_400, IncrementalSettings(most_rows=6_000))
    found = incremental_signal(learnt, seed=3)
    assert found.found
    assert found.frame["share"].sum() == pytest.approx(1.0)


def test_touches_without_any_effect_are_no_signal():
    options = DemoOptions(ends_on=date(2026, 11, 20), deals=700, scenario="no_signal")
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(options))
        found = model_signal(open_engine(workspace), question(), "incremental", seed=3)
    assert not found.found
    assert found.verdict.startswith("No signal")
