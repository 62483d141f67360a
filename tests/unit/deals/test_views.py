"""Views and figures of the open deals say what their names promise."""

from datetime import date

import polars as pl
import pytest

from core.deals.explanation import explain
from core.deals.next_action import NextAction
from core.deals.summary import in_a_few_lines, owner_record, recommended, totals
from core.deals.views import DealFilters, DealView, viewed
from tests.scored import company_data, company_scores

ENDS_ON = date(2024, 3, 31)

DEALS = pl.DataFrame(
    [
        ("sure", "u1", 100, 90.0, 0.9, 0.05, 0.0, date(2024, 3, 1), "low", []),
        ("due", "u1", 200, 20.0, 0.1, 0.8, -0.2, date(2024, 3, 1), "medium", ["pushed", "stalled"]),
        ("later", "u2", 400, 10.0, 0.02, 0.9, None, date(2024, 9, 1), "high", ["stalled"]),
        ("blank", "u2", None, None, 0.3, 0.6, 0.0, None, "high", []),
    ],
    schema={
        "deal_id": pl.String,
        "owner_id": pl.String,
        "amount_minor": pl.Int64,
        "expected_minor": pl.Float64,
        "p_win": pl.Float64,
        "p_slip": pl.Float64,
        "change": pl.Float64,
        "due_on": pl.Date,
        "band": pl.String,
        "signals": pl.List(pl.String),
    },
    orient="row",
)


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        (DealView.ALL, ["sure", "due", "later", "blank"]),
        (DealView.LIKELY, ["sure"]),
        (DealView.SLIPPING, ["due"]),
        (DealView.FALLING, ["due"]),
        (DealView.ATTENTION, ["due"]),
    ],
)
def test_each_view_shows_its_deals_the_most_expected_first(view, shown):
    assert viewed(DEALS, view, ENDS_ON)["deal_id"].to_list() == shown


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        (DealFilters(owner_ids=("u2",)), ["later", "blank"]),
        (DealFilters(bands=("low", "medium")), ["sure", "due"]),
        (DealFilters(signals=("stalled",)), ["due", "later"]),
        (DealFilters(owner_ids=("u2",), bands=("high",), signals=("stalled",)), ["later"]),
    ],
)
def test_filters_narrow_a_view(filters, shown):
    assert viewed(DEALS, DealView.ALL, ENDS_ON, filters)["deal_id"].to_list() == shown


def test_the_figures_add_up_what_is_known():
    summed = totals(DEALS, ENDS_ON)

    assert (summed.deals, summed.amount_minor, summed.expected_minor) == (4, 700, 120.0)
    assert (summed.slipping, summed.slipping_minor) == (1, 200)
    assert (summed.high_risk, summed.unpriced) == (2, 1)


def test_a_deal_in_a_few_lines_has_chance_band_path_owner_and_recommendation():
    data, scores = company_data(), company_scores()
    row = scores.frame.filter(pl.col("touches_quarter") > 0).row(0, named=True)
    told = in_a_few_lines(scores, explain(data, scores, row["deal_id"]))

    assert told.startswith(row["name"])
    for part in ("Win chance ", " risk). By 31 Dec 2026: won ", "Path: ", "Owner: ", "Next: "):
        assert part in told


def test_a_recommendation_says_what_it_rests_on():
    found = NextAction("Sales", "meeting", won=21, of_won=30, lost=8, of_lost=30)

    assert recommended(found) == (
        "Meeting (Sales). Within 21 days, 21 of 30 similar won deals did so, 8 of 30 lost ones."
    )
    assert recommended(None) == "nothing stands out; keep to the plan."


def test_an_owner_without_closed_deals_has_no_record():
    row = {"owner": "Ada", "owner_won": 0.0, "owner_lost": 0.0, "everybody": 0.3}

    assert owner_record(row) == ""
    assert owner_record(row | {"owner_won": 2.0, "owner_lost": 6.0}) == (
        "Ada won 2 of 8 such deals (25%; everybody 30%)."
    )
