"""A part of the deals is chosen by any column, and every answer about it is its own whole."""

from contextlib import closing
from datetime import date

import pytest

from app.services import Services
from core.attribution.results import Question
from core.coverage import coverage
from core.crm.importing import import_files
from core.crm.mapping import parse_mapping
from core.crm.options import ImportOptions
from core.crm.receipts import SourceFile
from core.engine import open_engine
from core.errors import EmptyWorkspaceError, InvalidParameterError, UnknownNameError
from core.scope import Scope
from core.selection import fields, parse_condition, selected
from core.workspace import Workspace
from tests.exports import NOW

# A file no recipe knows: other names, another order, columns nobody has heard of.
DEALS = b"""Tier,Nr,Worth,Opened,Done,Won?,Seats,Renewed on,Trial
Gold,D1,100.00,2025-01-01,2025-03-01,yes,50,2025-02-01,yes
gold,D2,30.00,2025-01-02,2025-03-02,yes,8,2025-02-05,no
Silver,D3,7.00,2025-01-03,2025-03-03,yes,120,,yes
,D4,5.00,2025-01-04,2025-03-04,no,,,
"""
MAP = """
table = "deals"
[columns]
deal_id = "Nr"
amount = "Worth"
created_at = "Opened"
closed_at = "Done"
is_won = "Won?"
"""
TOUCHES = b"""touch_id,deal_id,contact,channel,campaign,occurred_at,cost
T1,D1,,Email,Spring,2025-01-15,3.00
T2,D1,,Events,,2025-02-15,
T3,D2,,Partner,,2025-01-20,
T4,D3,,Email,,2025-01-25,
"""
SCOPE = Scope("USD", date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture(scope="module")
def workspace():
    files = [SourceFile("deals.csv", DEALS), SourceFile("touches.csv", TOUCHES)]
    options = ImportOptions(parse_mapping(MAP), currency="USD")
    with Workspace.in_memory() as made:
        receipts = import_files(made, files, NOW, options)
        assert [receipt.rejected for receipt in receipts] == [0, 0]
        yield made


def chosen(workspace, *texts):
    """Return the ids of the deals that fulfil every condition."""
    with selected(workspace, [parse_condition(text) for text in texts]) as part:
        return part.query("SELECT deal_id FROM deals ORDER BY 1")["deal_id"].to_list()


def test_every_extra_column_of_a_mapped_file_can_choose(workspace):
    found = {
        field.name: (field.kind.value, field.values) for field in fields(open_engine(workspace))
    }

    assert found == {
        "Renewed on": ("date", ()),
        "Seats": ("number", ()),
        "Tier": ("text", ("Gold", "Silver", "gold")),
        "Trial": ("boolean", ("yes", "no")),
    }


@pytest.mark.parametrize(
    ("texts", "deals"),
    [
        (["Tier=Gold"], ["D1", "D2"]),
        (["tier = gold|silver"], ["D1", "D2", "D3"]),
        (["Tier!=gold"], ["D3", "D4"]),
        (["Seats>=50"], ["D1", "D3"]),
        (["Seats=8"], ["D2"]),
        (["Renewed on<=2025-02-01"], ["D1"]),
        (["Trial=yes", "Seats<=60"], ["D1"]),
    ],
    ids=str,
)
def test_conditions_compare_a_column_as_what_it_holds(workspace, texts, deals):
    assert chosen(workspace, *texts) == deals


@pytest.mark.parametrize("text", ["Tier", "=Gold", "Tier=", "Seats>=1|2", "Seats>=many", "Tier>=A"])
def test_a_condition_that_says_nothing_is_refused(workspace, text):
    with pytest.raises(InvalidParameterError):
        chosen(workspace, text)


def test_an_unknown_column_is_refused_with_those_there_are(workspace):
    with pytest.raises(UnknownNameError, match="Tier"):
        chosen(workspace, "Tiers=Gold")


def test_no_deal_at_all_is_said_and_not_shown_as_nothing(workspace):
    with pytest.raises(EmptyWorkspaceError, match="Tier is Bronze"):
        chosen(workspace, "Tier=Bronze")


def test_each_deal_is_credited_in_the_part_as_in_the_whole(workspace):
    asked = Question(SCOPE, ("linear",))
    whole = Services(workspace)
    with closing(whole.where([parse_condition("Tier=Gold")])) as part:
        credit = part.attribution(asked).frame
        total = whole.attribution(asked).frame

    # D1 100.00 = Email 50 + Events 50; D2 30.00 = Partner 30; D3 7.00 = Email 7 is not in the part.
    assert dict(credit.select("channel", "revenue_minor").iter_rows()) == {
        "Email": 5_000, "Events": 5_000, "Partner": 3_000,
    }  # fmt: skip
    assert dict(total.select("channel", "revenue_minor").iter_rows())["Email"] == 5_700


def test_the_part_has_a_name_of_its_own_and_the_days_of_the_whole(workspace):
    with selected(workspace, [parse_condition("Seats<=8")]) as part:
        covered, whole = coverage(part), coverage(workspace)

    assert (covered.as_of, covered.deals, covered.touches) == (whole.as_of, 1, 1)
    assert covered.fingerprint != whole.fingerprint
    assert covered.selection == "Only deals whose Seats is at most 8."
    assert whole.selection == ""


def test_costs_are_unknown_in_a_part_rather_than_those_of_the_whole(workspace):
    with selected(workspace, [parse_condition("Tier=Gold")]) as part:
        assert part.query("SELECT count(cost_minor) FROM touchpoints").item() == 0
        assert part.count("spend") == 0
