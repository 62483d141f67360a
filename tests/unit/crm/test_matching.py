"""Columns of unknown files are matched by name and content, and false friends are refused."""

import pytest

from core import schema
from core.crm.headers import normalised
from core.crm.known_files import columns_of
from core.crm.map_text import map_text
from core.crm.mapping import parse_mapping
from core.crm.matching import Certainty, FileColumn, likely_table, matched
from core.crm.options import ImportOptions
from core.crm.receipts import SourceFile
from core.errors import ImportRefusedError
from core.schema import TABLES
from tests.exports import load

UNKNOWN = (
    "Opp #;Customer;Deal value;Opened on;Closing day;Status;Created By;Region\n"
    "1;Acme;1.000,50;13/2/2025;23/4/2025;Won;Ana;North\n"
    "2;Beta;2.000,00;14/2/2025;24/4/2025;Lost;Bo;South\n"
)


def match(header, *samples, table="deals"):
    (found,) = matched([FileColumn(header, samples)], TABLES[table])
    return found.field, found.certainty


@pytest.mark.parametrize(
    ("header", "sample", "field"),
    [
        ("deal_id", "D-1", "deal_id"),
        ("Deal Name", "Kestrel", "name"),
        ("Opportunity Owner", "Ana", "owner_id"),
        ("Value", "$1,200.00", "amount"),
        ("Created Date", "2025-01-02", "created_at"),
        ("Createdate", "2025-01-02 10:00", "created_at"),
        ("Amounts", "12.50", "amount"),
    ],
)
def test_a_name_close_enough_with_agreeing_content_is_matched(header, sample, field):
    assert match(header, sample) == (field, Certainty.MATCHED)


def test_a_known_name_with_other_content_is_only_suggested():
    assert match("Amount", "large", "small") == ("amount", Certainty.CHECK)
    assert match("Amount") == ("amount", Certainty.CHECK)


@pytest.mark.parametrize(
    ("header", "sample"), [("Created By", "Ana"), ("Created By", "7"), ("Favourite colour", "red")]
)
def test_a_false_friend_gets_no_field(header, sample):
    assert match(header, sample) == ("", Certainty.NONE)


def test_a_deal_name_is_never_taken_for_an_amount():
    found = matched([FileColumn("Deal Name", ("1,000",))], TABLES["deals"])
    assert found[0].field != "amount"


def test_ids_that_repeat_are_not_matched_as_the_key():
    assert match("Deal ID", "1", "1") == ("deal_id", Certainty.CHECK)


def test_no_field_is_given_to_two_columns():
    columns = [FileColumn("Amount", ("5",)), FileColumn("amount", ("6",))]
    assert [m.field for m in matched(columns, TABLES["deals"])] == ["amount", ""]


def test_the_canonical_names_of_every_table_match_themselves():
    for table in TABLES.values():
        names = [c.name for c in table.columns if c.kind is not schema.Kind.ATTRIBUTES]
        found = matched([FileColumn(name, ()) for name in names], table)
        assert [m.field for m in found] == names
        assert likely_table([FileColumn(name, ("x",)) for name in names]) == table


def test_an_unknown_file_is_mapped_written_down_and_imported(workspace):
    columns = columns_of(SourceFile("x.csv", UNKNOWN.encode()), 10_000)
    assert [c.header for c in columns][:2] == ["Opp #", "Customer"]
    assert likely_table(columns).name == "deals"

    found = matched(columns, TABLES["deals"])
    headers = {m.field: [m.column.header] for m in found if m.certainty is Certainty.MATCHED}
    mapping = parse_mapping(map_text(TABLES["deals"], headers))
    receipt = load(workspace, UNKNOWN.encode(), ImportOptions(mapping))

    assert (receipt.loaded, receipt.rejected) == (2, 0)
    rows = workspace.query("SELECT amount_minor, is_won FROM deals ORDER BY deal_id").rows()
    assert rows == [(100_050, True), (200_000, False)]


def test_a_word_for_an_outcome_nobody_knows_is_rejected_and_not_guessed(workspace):
    text = map_text(TABLES["deals"], {"deal_id": ["A"], "created_at": ["B"], "is_won": ["C"]})
    data = b"A,B,C\n1,2025-01-01,Gewonnen\n2,2025-01-01,Won\n"
    receipt = load(workspace, data, ImportOptions(parse_mapping(text)))

    assert [(r.row, r.reason) for r in receipt.rejects] == [(1, "bad_bool")]


@pytest.mark.parametrize(
    "header", ['a "quoted" one', "back\\slash", "\x7f", "tab\tbed", "Été \U0001f600"]
)
def test_any_header_can_be_written_down(header):
    written = parse_mapping(map_text(TABLES["owners"], {"owner_id": [header]}))

    assert written.recipe.needs == ((normalised(header),),)


def test_the_title_above_an_unknown_table_is_not_its_header():
    data = b"Pipeline of March\n\nRef,Size,Opened\n1,5,2025-01-01\n2,6,2025-01-02\n"
    columns = columns_of(SourceFile("x.csv", data), 10_000)

    assert [c.header for c in columns] == ["Ref", "Size", "Opened"]
    assert columns[1].samples == ("5", "6")


def test_a_byte_of_another_encoding_is_shown_as_a_mark():
    data = "Ref,Größe\n1,ä\n".encode() + b"2,\xff\n"
    columns = columns_of(SourceFile("x.csv", data), 10_000)

    assert columns[1].samples == ("ä", "\ufffd")


def test_a_table_too_wide_to_map_is_refused():
    data = ",".join(f"column {number}" for number in range(2_001)).encode()
    with pytest.raises(ImportRefusedError) as refusal:
        columns_of(SourceFile("x.csv", data), 100_000)
    assert refusal.value.code == "too_many_columns"
