"""An open deal has no closing date: the day in that column is the expected close."""

from datetime import date

from core.crm.mapping import parse_mapping
from core.crm.options import ImportOptions
from tests.exports import load

MAP = """
table = "deals"
[columns]
deal_id = "No"
created_at = "Opened"
closed_at = "Closing day"
is_won = { from = "Status", values = { "Won" = "true", "Lost" = "false" }, otherwise = "" }
"""
FILE = (
    b"No,Opened,Closing day,Status,Planned\n"
    b"1,2025-01-01,2025-02-01,Won,2025-01-20\n"
    b"2,2025-01-01,2025-03-01,Open,2025-03-09\n"
    b"3,2025-01-01,2025-04-01,Open,\n"
    b"4,2025-01-01,,Open,\n"
)
DAYS = "SELECT deal_id, expected_close_at, closed_at::DATE, closed_at_epoch FROM deals ORDER BY 1"


def loaded(workspace, mapping):
    return load(workspace, FILE, ImportOptions(parse_mapping(mapping)))


def test_the_closing_day_of_open_deals_of_a_mapped_file_is_their_expected_close(workspace):
    receipt = loaded(workspace, MAP)

    assert workspace.query(DAYS).rows() == [
        ("1", None, date(2025, 2, 1), 1_738_368_000),
        ("2", date(2025, 3, 1), None, None),
        ("3", date(2025, 4, 1), None, None),
        ("4", None, None, None),
    ]
    said = "2 open deals have a closing date, taken as the expected close."
    assert said in receipt.warnings


def test_an_expected_close_of_its_own_goes_before_the_closing_day(workspace):
    loaded(workspace, MAP + 'expected_close_at = "Planned"\n')

    days = dict(workspace.query("SELECT deal_id, expected_close_at FROM deals").rows())
    assert days == {
        "1": date(2025, 1, 20),
        "2": date(2025, 3, 9),
        "3": date(2025, 4, 1),
        "4": None,
    }


def test_without_an_outcome_every_deal_is_open(workspace):
    loaded(workspace, "\n".join(line for line in MAP.splitlines() if "is_won" not in line))

    assert workspace.query("SELECT count(*) FROM deals WHERE closed_at IS NOT NULL").item() == 0


def test_extra_columns_of_companies_are_kept_too(workspace):
    receipt = load(workspace, b"account_id,name,Annual Revenue\nA1,Acme,1200000\nA2,Kestrel,\n")

    kept = workspace.query("SELECT account_id, attributes FROM accounts ORDER BY 1").rows()
    assert kept == [("A1", '{"Annual Revenue":"1200000"}'), ("A2", "{}")]
    assert "Kept as attributes of the company: Annual Revenue." in receipt.warnings
