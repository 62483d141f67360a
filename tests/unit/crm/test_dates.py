"""Dates as exports write them, through the import, because the rules are SQL."""

from datetime import UTC, datetime

import pytest

from core.crm.conventions import Forced
from core.crm.options import ImportOptions
from tests.exports import deal, deals, load, reasons

# What decides that the month comes first: a second part above 12.
MONTH_FIRST = deal("D9", created="1/31/2025", closed="2/28/2025")


def _closed(workspace, text, *others):
    assert reasons(load(workspace, deals(deal("D1", closed=text), *others))) == {}
    query = (
        "SELECT closed_at::VARCHAR, closed_at_is_date, closed_at_epoch FROM deals"
        " WHERE deal_id = 'D1'"
    )
    return workspace.query(query).row(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-04 05:06", "2025-03-04 05:06:00"),
        ("2025-03-04T05:06:07Z", "2025-03-04 05:06:07"),
        ("2025-03-04T23:30:00-05:00", "2025-03-05 04:30:00"),
        ("2025-03-04T05:06:07+0530", "2025-03-03 23:36:07"),
        ("2025-03-04 05:06:07 -03", "2025-03-04 08:06:07"),
        ("2024-01-22T16:14:25.000+0000", "2024-01-22 16:14:25"),
    ],
)
def test_a_moment_is_stored_in_utc(workspace, text, expected):
    closed_at, is_date, epoch = _closed(workspace, text)

    assert (closed_at, is_date) == (expected, False)
    assert datetime.fromtimestamp(epoch, UTC).isoformat(" ")[:19] == expected


@pytest.mark.parametrize("text", ["2025-03-04", "3/4/2025", "03/04/25", "2025/3/4", "4.3.2025"])
def test_a_day_without_a_time_stays_a_day(workspace, text):
    assert _closed(workspace, text, MONTH_FIRST)[:2] == ("2025-03-04 00:00:00", True)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("3/4/2025 8:55 PM", 20), ("3/4/2025, 12:55 am", 0), ("3/4/2025 12:55 PM", 12),
     ("3/4/2025 20:55", 20)],
)  # fmt: skip
def test_a_clock_of_twelve_hours_is_understood(workspace, text, hour):
    assert _closed(workspace, text, MONTH_FIRST)[0] == f"2025-03-04 {hour:02}:55:00"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025-02-30", "bad_date"),
        ("2025-03-04T24:00:00", "bad_date"),
        ("2025-03-04T05:06:07+99:00", "bad_date"),
        ("3/4-2025", "bad_date"),
        ("3/4/2025 13:05 PM", "bad_date"),
        ("45720", "bad_date"),
        ("4 March 2025", "bad_date"),
        ("1989-12-31", "date_out_of_range"),
        ("2101-01-01", "date_out_of_range"),
    ],
)
def test_a_date_that_is_none_is_rejected_with_its_reason(workspace, text, reason):
    assert reasons(load(workspace, deals(deal("D1", closed=text), MONTH_FIRST))) == {1: reason}


def test_slashed_dates_without_evidence_are_not_guessed(workspace):
    receipt = load(workspace, deals(deal("D1", closed="3/4/2025")))

    assert reasons(receipt) == {1: "ambiguous_date"}


def test_slashed_dates_that_contradict_one_another_are_all_rejected(workspace):
    receipt = load(workspace, deals(MONTH_FIRST, deal("D1", closed="31/3/2025"), deal("D2")))

    assert reasons(receipt) == {1: "mixed_date_format", 2: "mixed_date_format"}


def test_a_person_can_say_which_order_is_meant(workspace):
    options = ImportOptions(forced=Forced(date_order="day_first"))
    load(workspace, deals(deal("D1", closed="3/4/2025")), options)

    assert workspace.query("SELECT closed_at::VARCHAR FROM deals").item() == "2025-04-03 00:00:00"


def test_a_deal_without_a_creation_date_is_rejected(workspace):
    assert reasons(load(workspace, deals(deal("D1", created="")))) == {1: "missing_value"}
