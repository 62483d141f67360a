"""The truth about a simulated company: exact, recomputable, and out of every model's reach."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from core.crm.demo import SCENARIOS, DemoOptions, fair_shares, load, read_truth, simulate, truth
from core.crm.demo.channels import CHANNELS, NAMES
from core.crm.demo.decisions import won_in_worlds
from core.crm.demo.hazard import all_channels
from core.crm.demo.ledger import Ledger
from core.crm.demo.story import tell
from core.crm.demo.touches import possible_touches
from core.engine import open_engine
from core.errors import DataError, UnknownNameError
from core.workspace import Workspace

ENDS_ON = date(2026, 11, 20)
ROOT = Path(__file__).parents[4]


def options(scenario="company", deals=300, seed=7):
    return DemoOptions(scenario=scenario, deals=deals, seed=seed, ends_on=ENDS_ON)


def measured(chosen):
    return truth.measure(Ledger(tell(chosen), chosen.seed, chosen.identity), chosen)


@pytest.fixture(scope="module")
def company():
    return simulate(options())


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_removing_a_channel_without_effect_changes_nothing(scenario):
    found = measured(options(scenario)).channels
    idle = [one.name for one in CHANNELS if one.effect == 0.0]
    effects = found.filter(found["channel"].is_in(idle))
    assert effects.height == 2
    assert effects["incremental_deals"].to_list() == [0, 0]
    assert effects["incremental_revenue_minor"].to_list() == [0, 0]


def test_where_nothing_works_everything_would_have_closed_anyway():
    found = measured(options("no_signal"))
    assert found.channels["incremental_revenue_minor"].sum() == 0
    assert found.untouched_revenue_minor == found.won_revenue_minor
    assert found.untouched_share == 1.0


@pytest.mark.parametrize("scenario", ["company", "additive", "multiplicative", "saturating"])
def test_where_touches_work_some_revenue_needs_them(scenario):
    found = measured(options(scenario, deals=1_000))
    assert 0.25 < found.untouched_share < 0.6
    assert found.channels["incremental_revenue_minor"].sum() > 0


def test_the_world_as_it_is_replays_to_what_the_tables_say(company):
    story = tell(company.options)
    touches = possible_touches(story.market, story.deals)
    again = won_in_worlds(story.market, story.deals, touches, [all_channels()])[0]
    assert np.array_equal(again, story.decisions.won & story.closed)
    assert again.sum() == company.tables["deals"]["is_won"].sum() == company.truth.won_deals


def test_deals_lost_without_a_channel_are_won_deals(company):
    won = company.tables["deals"].filter("is_won")["deal_id"]
    assert company.truth.lost_without["deal_id"].is_in(won.implode()).all()
    assert company.truth.untouched["deal_id"].is_in(won.implode()).all()


def test_effects_recompute_from_the_stored_options(company):
    with Workspace.in_memory() as workspace:
        load(workspace, company)
        stored = read_truth(workspace)
    again = measured(stored.options)
    assert again.channels.equals(stored.channels)
    assert again.lost_without.equals(stored.lost_without)
    assert again.to_json() == stored.to_json()


def test_fair_shares_and_the_untouched_revenue_add_up_to_all_won_revenue(company):
    shares = fair_shares(company.options, orders=2)
    total = shares["revenue_minor"].sum() + company.truth.untouched_revenue_minor
    assert total == pytest.approx(company.truth.won_revenue_minor, abs=0.5)
    idle = shares.filter(shares["channel"].is_in([c.name for c in CHANNELS if c.harvests]))
    assert idle["revenue_minor"].to_list() == [0.0, 0.0]


def test_synergy_makes_each_of_the_pair_worth_more():
    alone = measured(options("multiplicative", deals=1_500)).channels
    paired = measured(options("synergy", deals=1_500)).channels
    for name in ("Webinar", "Outbound"):
        row = NAMES.index(name)
        assert paired["incremental_deals"][row] > alone["incremental_deals"][row]


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
@pytest.mark.parametrize("name", ["truth", "laboratory.truth", "main.truth", "lost_without"])
def test_no_engine_reads_the_truth(company, url, name):
    with Workspace.in_memory() as workspace:
        load(workspace, company)
        with pytest.raises(UnknownNameError):
            open_engine(workspace, url).table(name)


def test_no_other_module_names_the_place_of_the_truth():
    naming = [
        path.relative_to(ROOT).as_posix()
        for folder in ("core", "app", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(rf'["\' ]{truth.SCHEMA}(\.\w|["\'])', path.read_text(encoding="utf-8"))
    ]
    assert naming == ["core/crm/demo/truth.py"]


def test_a_workspace_with_own_data_has_no_truth():
    with Workspace.in_memory() as workspace, pytest.raises(DataError):
        read_truth(workspace)
