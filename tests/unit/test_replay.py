"""A past day holds only what was known on it."""

from datetime import date

import pytest

from app.services import Services
from core.errors import EmptyWorkspaceError, InvalidParameterError
from core.replay import replayed
from tests.builders import Company
from tests.fakes import small_company, small_services

THEN = date(2026, 10, 20)


@pytest.fixture
def past():
    with replayed(small_services().workspace, THEN) as workspace:
        yield workspace


def outcomes(workspace):
    rows = workspace.query("SELECT deal_id, is_won FROM deals ORDER BY deal_id")
    return dict(rows.iter_rows())


def test_deals_closed_later_are_open_and_later_ones_are_not_there(past):
    # d1 and d2 were won by then; d3, d4, d5 closed in November; d6 was created in October.
    assert outcomes(past) == {
        "d1": True, "d2": True, "d3": None, "d4": None, "d5": None, "d6": None,
    }  # fmt: skip
    assert outcomes(replayed(small_services().workspace, date(2026, 7, 20))).keys() == {"d1", "d2"}


def test_later_touches_are_not_there(past):
    touches = past.query("SELECT touch_id FROM touchpoints ORDER BY touch_id")["touch_id"]

    # t6 happened on the day itself, t7 in November.
    assert touches.to_list() == ["t1", "t2", "t3", "t4", "t5", "t6"]


def test_the_last_day_it_knows_is_the_day_asked_for(past):
    assert Services(past).coverage().as_of == THEN


def test_a_deal_closed_later_has_the_stage_amount_and_date_its_history_gives():
    company = small_company()
    company.change("d3", "2026-08-05", "Demo", "3000.00", "2026-10-31")
    company.change("d3", "2026-11-01", "Contract", "4000.00", "2026-11-10")

    with replayed(small_services(company).workspace, THEN) as past:
        row = past.query(
            "SELECT stage, amount_minor, expected_close_at, closed_at FROM deals "
            "WHERE deal_id = 'd3'"
        ).row(0)

    assert row == ("Demo", 300_000, date(2026, 10, 31), None)


def test_what_only_today_is_known_of_a_deal_that_was_open_is_blank(past):
    rows = past.query("SELECT stage, expected_close_at, next_step FROM deals WHERE deal_id = 'd3'")

    assert rows.row(0) == (None, None, None)


def test_the_same_past_has_one_name_and_another_day_another():
    workspace = small_services().workspace
    names = [replayed(workspace, day).fingerprint() for day in (THEN, THEN, date(2026, 10, 21))]

    assert names[0] == names[1] != names[2]
    assert names[0] != workspace.fingerprint()


def test_a_day_the_data_do_not_reach_is_refused():
    with pytest.raises(InvalidParameterError, match="The data reach 2026-11-20"):
        replayed(small_services().workspace, date(2026, 11, 21))


def test_a_day_before_the_first_deal_is_refused():
    with pytest.raises(EmptyWorkspaceError, match="No deal had been created"):
        replayed(small_services().workspace, date(2020, 1, 1))


def test_an_empty_workspace_is_refused():
    with pytest.raises(EmptyWorkspaceError):
        replayed(Company().workspace(), THEN)
