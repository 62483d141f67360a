"""The demo company: what a workspace holds after it is loaded."""

from datetime import date

import polars as pl
import pytest

from core import schema
from core.crm.demo import DemoOptions, load, read_truth, simulate
from core.errors import InvalidParameterError, UnknownNameError
from core.workspace import Workspace

ENDS_ON = date(2026, 11, 20)
OPTIONS = DemoOptions(deals=300, ends_on=ENDS_ON)


@pytest.fixture(scope="module")
def company():
    return simulate(OPTIONS)


@pytest.fixture(scope="module")
def workspace(company):
    with Workspace.in_memory() as opened:
        load(opened, company)
        yield opened


def test_every_canonical_table_has_exactly_its_stored_columns(company):
    for name, table in schema.TABLES.items():
        assert company.tables[name].columns == [column for column, _ in table.physical()]


def test_every_table_has_rows(workspace):
    assert all(workspace.count(name) > 0 for name in schema.TABLES)


def test_there_are_as_many_deals_as_asked_for(workspace):
    assert workspace.count("deals") == 300


def test_the_workspace_says_that_it_is_a_demo_and_of_which_day(workspace):
    assert workspace.meta("kind") == "demo"
    assert workspace.meta("as_of") == "2026-11-20"


def test_loading_again_replaces_what_was_there(company):
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(DemoOptions(deals=40, seed=1, ends_on=ENDS_ON)))
        load(workspace, company)
        first = workspace.fingerprint()
        load(workspace, company)
        assert workspace.count("deals") == 300
        assert workspace.fingerprint() == first
        assert workspace.query("SELECT count(*) AS n FROM imports").item() == 1


def test_amounts_agree_with_their_minor_units(workspace):
    differing = "SELECT count(*) AS n FROM deals WHERE amount * 100 <> amount_minor"
    assert workspace.query(differing).item() == 0


def test_every_deal_in_another_currency_has_a_rate(workspace):
    without = """
        SELECT count(*) AS n FROM deal_facts f
        ANTI JOIN exchange_rates r ON r.currency = f.currency AND r.day = f.rate_day
    """
    assert workspace.query(without).item() == 0
    currencies = workspace.query("SELECT DISTINCT currency FROM deals ORDER BY 1")
    assert currencies["currency"].to_list() == ["EUR", "GBP", "USD"]


def test_nothing_happens_after_the_last_day(company):
    assert company.tables["touchpoints"]["occurred_at"].max().date() <= ENDS_ON
    assert company.tables["deals"]["closed_at"].max().date() <= ENDS_ON
    assert company.tables["stage_changes"]["changed_at"].max().date() <= ENDS_ON


def test_the_last_change_of_a_deal_is_what_the_deal_says(company):
    last = (
        company.tables["stage_changes"]
        .sort("deal_id", "changed_at", "source_line")
        .unique("deal_id", keep="last")
    )
    both = company.tables["deals"].join(last, on="deal_id", suffix="_then")
    assert both.height == 300
    for column in ("stage", "amount_minor", "expected_close_at"):
        assert both[column].eq_missing(both[f"{column}_then"]).all()


def test_stored_truth_is_read_back_whole(workspace, company):
    stored = read_truth(workspace)
    assert stored.channels.equals(company.truth.channels)
    assert stored.won_revenue_minor == company.truth.won_revenue_minor
    assert stored.lost_without.sort(pl.all()).equals(company.truth.lost_without.sort(pl.all()))


@pytest.mark.parametrize("deals", [1, 2, 17])
def test_small_companies_can_be_simulated(deals):
    company = simulate(DemoOptions(deals=deals, ends_on=ENDS_ON))
    assert company.tables["deals"].height == deals


@pytest.mark.parametrize("ends_on", [date(2024, 2, 29), date(2025, 12, 31), date(2010, 1, 1)])
def test_any_last_day_will_do(ends_on):
    company = simulate(DemoOptions(deals=30, ends_on=ends_on))
    assert company.tables["deals"]["created_at"].max().date() <= ends_on


def test_options_out_of_range_are_refused():
    with pytest.raises(InvalidParameterError):
        DemoOptions(deals=0, ends_on=ENDS_ON)
    with pytest.raises(UnknownNameError):
        DemoOptions(scenario="atlantis", ends_on=ENDS_ON)


@pytest.mark.parametrize(
    ("ends_on", "first", "last"),
    [
        (date(2026, 11, 20), date(2024, 1, 1), date(2027, 3, 31)),
        (date(2026, 12, 31), date(2024, 1, 1), date(2027, 3, 31)),
        (date(2026, 9, 30), date(2023, 10, 1), date(2026, 12, 31)),
    ],
)
def test_quotas_cover_whole_quarters_up_to_the_next(ends_on, first, last):
    quotas = simulate(DemoOptions(deals=20, ends_on=ends_on)).tables["quotas"]
    assert quotas["starts_on"].min() == first
    assert quotas["ends_on"].max() == last
    assert (quotas["target_minor"] > 0).all()


def test_activity_reaches_the_last_day(company):
    last = company.tables["touchpoints"]["occurred_at"].max().date()
    assert last == ENDS_ON  # a Friday


def test_a_next_step_tells_nothing_about_the_outcome():
    deals = simulate(DemoOptions(deals=1_500, scenario="additive", ends_on=ENDS_ON)).tables["deals"]
    written = deals.group_by("is_won").agg(pl.col("next_step").is_not_null().mean())
    assert written["next_step"].min() > 0.7
    assert written["next_step"].max() < 0.85
