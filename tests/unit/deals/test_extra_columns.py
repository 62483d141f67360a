"""Columns of a file no recipe knows score deals, unless they give the outcome away."""

from datetime import date

import pytest

from core.crm.importing import import_files
from core.crm.mapping import parse_mapping
from core.crm.options import ImportOptions
from core.crm.receipts import SourceFile
from core.deals.source import read_deal_data
from core.engine import open_engine
from core.workspace import Workspace
from tests.exports import NOW

MAP = """
table = "deals"
[columns]
deal_id = "Nr"
amount = "Worth"
created_at = "Opened"
closed_at = "Done"
is_won = "Won?"
"""


def line(number):
    """Return a deal: every third one won, lost or open; why it was lost is known of lost ones."""
    day = 1 + number % 28
    closed = (f"2025-03-{day:02},yes,", f"2025-03-{day:02},no,Price", ",,")[number % 3]
    tier = ("Gold", "Silver")[number // 3 % 2]
    return f"{tier},D{number},{100 + number},2025-01-{day:02},{closed},{number % 7}"


@pytest.fixture
def data():
    rows = "\n".join(line(number) for number in range(120))
    text = f"Tier,Nr,Worth,Opened,Done,Won?,Lost because,Seats\n{rows}\n"
    options = ImportOptions(parse_mapping(MAP), currency="USD")
    with Workspace.in_memory() as workspace:
        import_files(workspace, [SourceFile("deals.csv", text.encode())], NOW, options)
        yield read_deal_data(open_engine(workspace), "USD", date(2025, 4, 1), "test")


def test_extra_columns_are_features_of_the_score(data):
    assert data.traits.columns == ["Seats (extra column)", "Tier (extra column)"]
    assert data.traits["Tier (extra column)"].n_unique() == 2


def test_a_column_that_tells_the_outcome_is_left_out_by_name(data):
    assert data.left_out == ("Lost because",)
