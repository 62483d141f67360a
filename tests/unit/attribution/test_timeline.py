"""One account's timeline holds all that happened with it, whoever and whatever names it."""

import pytest

from core.attribution.timeline import account_timeline, find_accounts
from core.engine import open_engine
from core.errors import UnknownNameError
from core.scope import Scope
from tests.builders import Company


def company():
    """Return Acme with a won and an open deal, and Bolt with a lost one."""
    made = Company().account("A", name="Acme").account("B", name="Bolt 100%")
    made.deal("D1", "10.00", account_id="A", name="Acme one")
    made.deal("D2", "20.00", None, account_id="A", is_won=None, created_at="2024-02-01")
    made.deal("D3", "30.00", account_id="B", is_won=False)
    made.contact("C", account_id="B").role("D1", "C")
    made.touch("by-account", "2024-01-10", "Email", account="A")
    made.touch("by-deal", "2024-01-20", "Web", deal="D1")
    made.touch("by-person", "2024-01-30", "Call", contact="C")
    made.touch("of-others", "2024-01-30", "Email", account="B")
    for number, stage in enumerate(("New", "Proposal")):
        made._add("stage_changes", deal_id="D1", changed_at=f"2024-03-0{number + 1}", stage=stage)
    return made


@pytest.fixture(scope="module", params=["duckdb:", "polars:"])
def engine(request):
    with company().workspace() as workspace:
        yield open_engine(workspace, request.param)


def test_touches_of_the_company_its_deals_and_their_people_are_all_there(engine):
    found = account_timeline(engine, "A", "EUR")

    assert found.name == "Acme"
    assert found.touches["touch_id"].to_list() == ["by-account", "by-deal", "by-person"]
    assert found.deals["amount_minor"].to_list() == [1000, 2000]
    assert found.stages["stage"].to_list() == ["New", "Proposal"]


def test_events_are_in_order_and_name_their_deal(engine):
    events = account_timeline(engine, "A", "EUR").events

    assert events["what"].to_list() == [
        "Deal created", "Touch", "Touch", "Touch", "Deal created", "Stage", "Stage", "Deal won",
    ]  # fmt: skip
    assert events["deal"].to_list()[2] == "Acme one"
    assert events["detail"].to_list()[1].startswith("Email, (no campaign)")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["A", "B"]),
        ("acme", ["A"]),
        ("d3", ["B"]),
        ("100%", ["B"]),
        ("_", []),
        (" ", ["A", "B"]),
    ],
)
def test_accounts_are_found_by_any_part_of_a_name_taken_as_it_is(engine, text, found):
    rows = find_accounts(engine, Scope("EUR"), text)

    assert rows["account_id"].to_list() == found


def test_an_account_is_listed_with_what_it_won(engine):
    row = find_accounts(engine, Scope("EUR")).row(0, named=True)

    assert (row["deals"], row["won"], row["won_minor"]) == (2, 1, 1000)


def test_nothing_won_is_worth_nothing_and_an_unpriced_win_is_not_known(engine):
    made = company().account("U", name="Unpriced").deal("D9", None, account_id="U")
    with made.workspace() as workspace:
        rows = find_accounts(open_engine(workspace), Scope("EUR"))

    assert dict(rows.select("account_id", "won_minor").iter_rows()) == {
        "A": 1000,
        "B": 0,
        "U": None,
    }


def test_an_unknown_account_is_said(engine):
    with pytest.raises(UnknownNameError, match="no account 'Z'"):
        account_timeline(engine, "Z", "EUR")
