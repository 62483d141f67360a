"""Changes since the import before are of today's model, exact, and name what moved them."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from app.deal_services import DealQuestion
from app.services import Services
from core.deals.explanation import explain
from core.deals.learning import learn
from core.deals.movement import Earlier, Mover, NotCompared, movement, moves
from core.deals.scoring import score_deals
from core.deals.settings import ScoreSettings
from core.deals.source import read_earlier_data
from core.deals.summary import in_a_few_lines, mover_facts
from core.deals.views import DealFilters, DealView, Moved, viewed
from core.engine import open_engine
from core.snapshots import as_of
from core.undo import undo
from core.workspace import Workspace
from tests.exports import deal, deals, load
from tests.scored import AS_OF
from tests.twice import DAYS_BEFORE, imported_twice

FIRST = AS_OF - timedelta(days=DAYS_BEFORE)


@pytest.fixture(scope="module")
def services():
    return Services(imported_twice())


@pytest.fixture(scope="module")
def learned(services):
    found = services.deals.learn(DealQuestion("EUR"))
    return replace(found, since=services.deals.since(found))


@pytest.fixture(scope="module")
def scores(services, learned):
    return services.deals.scores(learned)


def test_the_import_before_is_named_with_the_day_its_data_reach(scores):
    assert (scores.since.number, scores.since.imported_on) == (1, FIRST)
    assert scores.since.reaches == FIRST


def test_a_chance_of_then_is_what_todays_model_says_of_that_day(services, learned, scores):
    """The same day replayed from the histories of today's data gives the same chances."""
    settings = ScoreSettings(change_days=DAYS_BEFORE)
    replayed = score_deals(learned.data, learned.model, settings).frame["before"]
    then = scores.frame["then"]

    assert then.null_count() == replayed.null_count() > 0
    assert (then - replayed).abs().median() < 0.01


def test_movers_add_up_to_the_change_of_the_log_odds(learned, scores):
    frame = scores.frame.with_row_index("row")
    for row in frame.drop_nulls("then").iter_rows(named=True):
        movers = explain(learned.data, scores, row["deal_id"]).movers
        before = np.log(row["then"] / (1 - row["then"]))

        total = before + sum(mover.added for mover in movers)
        assert total == pytest.approx(scores.log_odds[row["row"]], abs=1e-9)


def test_the_mover_of_a_deal_went_the_way_its_chance_went(learned, scores):
    moved = scores.frame.drop_nulls("mover")
    assert moved.height > 10
    for row in moved.iter_rows(named=True):
        movers = explain(learned.data, scores, row["deal_id"]).movers
        same_way = [one for one in movers if one.added * row["moved"] > 0]

        assert same_way[0].name == row["mover"]


def test_a_deal_that_was_not_open_then_is_new_and_has_no_change(scores):
    new = scores.frame.filter(pl.col("then").is_null())

    assert new.height
    assert new["moved"].null_count() == new["mover"].null_count() == new.height
    shown = viewed(scores.frame, DealView.ALL, AS_OF, DealFilters(moved=(Moved.NEW,)))
    assert set(shown["deal_id"]) == set(new["deal_id"])


def test_chips_choose_deals_by_the_least_change_asked_for(scores):
    fell = DealFilters(moved=(Moved.FELL,), moved_by=0.1)
    either = DealFilters(moved=(Moved.FELL, Moved.ROSE), moved_by=0.1)

    assert (viewed(scores.frame, DealView.ALL, AS_OF, fell)["moved"] <= -0.1).all()
    assert (viewed(scores.frame, DealView.ALL, AS_OF, either)["moved"].abs() >= 0.1).all()


def test_the_lines_to_forward_say_what_moved_the_chance(learned, scores):
    row = scores.frame.drop_nulls("mover").sort("moved").row(0, named=True)
    told = in_a_few_lines(scores, explain(learned.data, scores, row["deal_id"]))

    assert "Since 6 Nov 2026: " in told
    assert f"mostly by {row['mover'].lower()}" in told


def test_facts_of_a_mover_are_then_and_now():
    assert mover_facts(Mover("Stage", 1.0, ("stage: Demo",), ("stage: Offer",))) == (
        "stage: Demo, now Offer"
    )
    assert mover_facts(Mover("Activity", -1.0, ("a call",), ())) == "no longer a call"
    assert mover_facts(Mover("Activity", 1.0, (), ("a call",))) == "a call"


def test_what_did_not_change_has_no_mover(scores):
    same = moves(
        scores.since.deal_ids,
        scores.since.contributions,
        scores.since.features.factors,
        scores.since,
    )

    assert same["moved"].abs().max() < 1e-12
    assert same["mover"].null_count() == same.height


def test_a_past_day_has_no_import_to_compare_with(services):
    past = services.deals.learn(DealQuestion("EUR", date(2026, 6, 30)))

    assert "past day" in services.deals.since(past).why


def test_after_an_undo_there_is_nothing_to_compare_with_again():
    services = Services(imported_twice(deals=60))
    undo(services.workspace)
    learned = services.deals.learn(DealQuestion("EUR"))

    assert services.deals.since(learned) == NotCompared(
        "This is the first import: changes show from the next one on."
    )


def test_columns_the_import_before_lacked_are_blank_and_not_an_error(services):
    """An extra column of today's export teaches the model; then nobody had filled it in."""
    found = services.deals.learn(DealQuestion("EUR"))
    added = pl.Series("Fit (extra column)", [1.0] * found.data.histories.deals.height)
    data = replace(found.data, traits=pl.DataFrame([added]))
    model = learn(data, found.model.as_of, found.model.ends_on)
    with as_of(services.workspace, 1) as then:
        read = read_earlier_data(open_engine(then), data, FIRST, "then")
    found = movement(Earlier(1, FIRST, read), model.win.score, model.vocabulary)

    assert read.traits["Fit (extra column)"].null_count() == read.traits.height
    assert np.isfinite(found.log_odds).all()


def test_an_import_before_without_deals_is_said(workspace_without_deals):
    services = Services(workspace_without_deals)
    learned = services.deals.learn(DealQuestion("USD"))

    assert "held no deal" in services.deals.since(learned).why


@pytest.fixture
def workspace_without_deals():
    workspace = Workspace.in_memory()
    load(workspace, b"owner_id,name,team\nu1,Ada,North\n")
    row = deal("D1", closed="").replace("Closed Won", "Demo").replace("true", "")
    load(workspace, deals(row, deal("D2")))
    return workspace
