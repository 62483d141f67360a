"""What a person says single values mean goes before what the file or a recipe says."""

from datetime import datetime
from decimal import Decimal

import pytest

from core.crm.conventions import Forced
from core.crm.importing import import_files, preview_files
from core.crm.mapping import parse_mapping
from core.crm.options import FileChoices, ImportOptions
from core.crm.receipts import SourceFile
from core.crm.remembered import forget, key_of, remembered
from core.errors import InvalidParameterError, UnknownNameError
from tests.exports import NOW, deal, deals, load, reasons, touches

HEADER = "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Currency,Deal owner"
FILE = "\n".join(
    (
        HEADER,
        "1,A,Gewonnen,Sales,10,2025-03-01,2025-01-01,Euro,Ada Byron",
        "2,B,Verloren,Sales,20,2025-03-01,2025-01-01,EUR,Ada Byron",
        '3,C,Demo,Sales,30,2025-03-01,2025-01-01,EUR,"Byron, Ada"',
        "4,D,Closed - no decision,Sales,40,2025-03-01,2025-01-01,EUR,Bo Li",
        "",
    )
).encode()
SAID = """
[values.stage]
"Demo" = "open"
"gewonnen" = "won"
"Verloren" = "lost"
"Closed - no decision" = "lost"
[values.currency]
"Euro" = "EUR"
[values.owner]
"Byron, Ada" = "Ada Byron"
"""


@pytest.fixture
def said():
    return ImportOptions(parse_mapping(SAID))


def uses(workspace, data, options=None):
    (preview,) = preview_files(workspace, [SourceFile("x.csv", data)], NOW, options)
    return {(use.kind, use.value): use for use in preview.reading.values}


def test_values_that_are_not_known_are_listed_with_a_suggestion_and_its_reason(workspace):
    found = uses(workspace, FILE)

    suggested = {value: use.suggestion for (kind, value), use in found.items() if kind == "stage"}
    assert suggested == {
        "Gewonnen": "won", "Verloren": "lost", "Demo": "open", "Closed - no decision": "",
    }  # fmt: skip
    assert found["currency", "Euro"].suggestion == "EUR"
    assert found["owner", "Byron, Ada"].suggestion == "Ada Byron"
    assert all(use.why for use in found.values())


def test_a_file_whose_values_are_all_known_asks_nothing(workspace):
    assert uses(workspace, deals(deal("D1"), deal("D2"))) == {}


def test_stages_decide_the_outcome_and_the_closing_moment(workspace, said):
    receipt = load(workspace, FILE, said)

    rows = workspace.query("SELECT * FROM deals ORDER BY deal_id").to_dicts()
    assert receipt.rejected == 0
    assert [row["is_won"] for row in rows] == [True, False, None, False]
    assert [row["closed_at"] is None for row in rows] == [False, False, True, False]
    assert {row["owner_id"] for row in rows} == {"Ada Byron", "Bo Li"}
    assert rows[0]["currency"] == "EUR"


def test_stages_are_stored_in_the_order_they_are_said_in(workspace, said):
    load(workspace, FILE, said)

    rows = workspace.query("SELECT * FROM stages ORDER BY position").to_dicts()
    assert [(row["pipeline"], row["stage"], row["outcome"]) for row in rows] == [
        ("Sales", "Demo", "open"),
        ("Sales", "Gewonnen", "won"),
        ("Sales", "Verloren", "lost"),
        ("Sales", "Closed - no decision", "lost"),
    ]


def test_a_stage_goes_before_a_column_that_tells_the_outcome(workspace):
    row = "D1,Name,Acme,Ana,Parked,10,USD,2025-01-02,2025-03-04,true"
    load(workspace, deals(row), ImportOptions(parse_mapping('[values.stage]\nParked = "open"')))

    stored = workspace.query("SELECT is_won, closed_at FROM deals").row(0)
    assert stored == (None, None)


def test_sources_become_channels(workspace):
    data = touches("T1,D1,c,google / cpc,x,2025-01-02,1", "T2,D1,c,Billboard,x,2025-01-02,1")
    found = uses(workspace, data)
    assert found["channel", "google / cpc"].suggestion == "Paid search"
    assert not found["channel", "Billboard"].is_open

    load(workspace, data, ImportOptions(parse_mapping('[values.channel]\n"Google / CPC" = "Paid"')))
    channels = workspace.query("SELECT channel FROM touchpoints ORDER BY touch_id")["channel"]
    assert channels.to_list() == ["Paid", "Billboard"]


def test_what_was_said_once_is_remembered_for_the_same_headers(workspace, said):
    load(workspace, FILE, said)
    newer = FILE.replace(b"1,A,", b"9,New,")

    (preview,) = preview_files(workspace, [SourceFile("new.csv", newer)], NOW)

    assert preview.receipt.rejected == 0
    assert preview.reading.memo.imported_on == NOW.date()
    assert any("remembered from the import of 2026-01-01" in w for w in preview.receipt.warnings)
    assert all(use.is_decided for use in preview.reading.values if use.kind == "stage")


def test_a_date_order_that_was_decided_is_remembered(workspace):
    first = deals(deal("D1", created="01/02/2025", closed="03/04/2025"))
    source = SourceFile("first.csv", first)
    choices = {source.digest: FileChoices(forced=Forced(date_order="day_first"))}
    import_files(workspace, [source], NOW, ImportOptions(by_file=choices))

    load(workspace, deals(deal("D2", created="05/06/2025", closed="07/08/2025")))

    created = workspace.query("SELECT created_at FROM deals ORDER BY deal_id")["created_at"]
    assert created.to_list() == [datetime(2025, 2, 1), datetime(2025, 6, 5)]  # noqa: DTZ001


def test_what_is_remembered_can_be_forgotten(workspace, said):
    load(workspace, FILE, said)

    forget(workspace, key_of(HEADER.split(",")))

    assert remembered(workspace) == {}
    assert reasons(load(workspace, FILE + b"\n")) == {1: "unknown_currency"}


def test_the_same_file_again_is_read_as_remembered_and_changes_nothing(workspace, said):
    load(workspace, FILE, said)
    before = workspace.fingerprint()

    assert load(workspace, FILE).unchanged
    assert workspace.fingerprint() == before


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[values.stage]\nDemo = "maybe"', InvalidParameterError),
        ('[values.currency]\nEuro = "EURO"', InvalidParameterError),
        ("[values.owner]\nA = 1", InvalidParameterError),
        ('[values.colour]\nA = "red"', UnknownNameError),
    ],
)
def test_a_meaning_that_is_none_is_named(text, error):
    with pytest.raises(error):
        parse_mapping(text)


def test_values_with_quotes_reach_no_query(workspace):
    name = "x'; DROP TABLE deals; --"
    row = f"T1,D1,c,{name},x,2025-01-02,1"
    said = parse_mapping(f'[values.channel]\n"{name}" = "it\'s"')
    load(workspace, touches(row), ImportOptions(said))

    assert workspace.query("SELECT channel FROM touchpoints").item() == "it's"
    assert workspace.count("deals") == 0


def test_sums_of_the_file_are_those_loaded_and_rejected(workspace):
    receipt = load(
        workspace,
        deals(deal("D1", "10.00"), deal("D2", "5.50", "EUR"), deal("", "2.25"), deal("D4", "x")),
    )

    dollars, euros = receipt.sums
    assert (dollars.currency, dollars.in_file, dollars.loaded, dollars.rejected) == (
        "USD", Decimal("12.25"), Decimal("10.00"), Decimal("2.25"),
    )  # fmt: skip
    assert (euros.in_file, euros.loaded, euros.unreadable) == (Decimal("5.50"), Decimal("5.50"), 1)
    assert dollars.is_complete
    assert euros.is_complete


def test_further_lines_of_one_deal_are_no_further_amounts(workspace):
    lines = ["Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Associated Contact IDs"]
    lines += [f"1,A,closedwon,10,2025-03-01,2025-01-01,{contact}" for contact in (7, 8)]
    (total,) = load(workspace, "\n".join(lines).encode()).sums

    # 20.00 in the file = 10.00 loaded + 0 rejected + 10.00 on the second line of the deal
    assert (total.in_file, total.loaded, total.repeated) == (20, 10, 10)
    assert total.is_complete


def test_deals_of_companies_that_are_not_there_are_counted(workspace):
    load(workspace, b"account_id,name\nA1,Acme\n")
    row = "D{0},Name,{1},Ana,Won,10,USD,2025-01-02,2025-03-04,true"
    receipt = load(workspace, deals(row.format(1, "A1"), row.format(2, "A2")))

    assert "1 deal names a company that is not in the workspace." in receipt.warnings
