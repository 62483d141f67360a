"""Charts of the forecast carry exact labels, the right order and words."""

from datetime import date

import polars as pl
import pytest

from core.charts.forecast import fan, fan_alt, record, record_alt
from core.charts.leaderboard import leaderboard, leaderboard_alt
from core.charts.theme import Mode, themed

HISTORY = pl.DataFrame(
    {
        "period": ["2026-Q2", "2026-Q3"],
        "starts_on": [date(2026, 4, 1), date(2026, 7, 1)],
        "won_minor": [100_000, 200_000],
    }
)
AHEAD = pl.DataFrame(
    {
        "period": ["2026-Q4", "2027-Q1"],
        "starts_on": [date(2026, 10, 1), date(2027, 1, 1)],
        "ends_on": [date(2026, 12, 31), date(2027, 3, 31)],
        "forecast_minor": [300_000, 250_000],
        "booked_minor": [120_000, 0],
        **{f"lo{level}": [250_000 - level, 200_000 - level] for level in (50, 80, 95)},
        **{f"hi{level}": [350_000 + level, 300_000 + level] for level in (50, 80, 95)},
    }
)
RECORD = pl.DataFrame(
    {
        "period": ["Q2 2026", "Q3 2026"],
        "forecast_minor": [90_000.4, 150_000.0],
        "lo80": [80_000.0, 140_000.0],
        "hi80": [110_000.0, 160_000.0],
        "actual_minor": [100_000.0, 200_000.0],
    }
)
BOARD = pl.DataFrame(
    {
        "title": ["Outlook", "Same month last year", "Young"],
        "skill": [0.13, 0.0, 0.5],
        "low": [-0.05, 0.0, None],
        "high": [0.32, 0.0, None],
        "error": ["22.5%", "26.0%", "n/a"],
        "chosen": [True, False, False],
    }
)


def rows_of(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def test_the_fan_opens_at_the_last_period_that_is_over():
    ahead = [row for row in rows_of(fan(HISTORY, AHEAD, "EUR")) if "lo80" in row]

    assert [(row["period"], round(row["lo80"], 1), row["hi80"]) for row in ahead] == [
        ("2026-Q3", 2000.0, 2000.0),
        ("2026-Q4", 2499.2, 3500.8),
        ("2027-Q1", 1999.2, 3000.8),
    ]
    assert [row["is_ahead"] for row in ahead] == [False, True, True]


def test_the_fan_shows_what_is_booked_and_its_bands_in_words():
    first = next(row for row in rows_of(fan(HISTORY, AHEAD, "EUR")) if row.get("is_ahead"))

    assert first["booked"] == 1200.0
    assert first["text"] == "€3,000.00"
    assert first["band95"] == "€2.50k to €3.50k"


def test_a_scenario_is_drawn_beside_the_forecast():
    scenario = AHEAD.with_columns(forecast_minor=pl.lit(111_111))

    shown = [row["text"] for row in rows_of(fan(HISTORY, AHEAD, "EUR", scenario))]

    assert shown.count("€1,111.11") == 2
    assert "€1,111.11" not in [row.get("text") for row in rows_of(fan(HISTORY, AHEAD, "EUR"))]


def test_what_came_since_is_drawn_into_the_fan_of_an_earlier_date():
    came = HISTORY.head(1).with_columns(won_minor=pl.lit(222_222, pl.Int64))

    drawn = fan(HISTORY, AHEAD, "EUR", came=came)

    assert "€2,222.22" in [row.get("text") for row in rows_of(drawn)]
    assert "diamond" in str(drawn.to_dict())
    assert "diamond" not in str(fan(HISTORY, AHEAD, "EUR", came=came.clear()).to_dict())


@pytest.mark.parametrize(
    ("label", "written"), [("2026-Q4", "Q%q %y"), ("2026-11", "%b %y"), ("FY2027-Q1", "%b %y")]
)
def test_the_axis_says_quarters_where_they_are_those_of_the_calendar(label, written):
    spec = str(fan(HISTORY, AHEAD.with_columns(period=pl.lit(label)), "EUR").to_dict())

    assert written in spec


def test_the_fan_in_words():
    assert fan_alt(HISTORY, AHEAD, "EUR") == (
        "Forecast of Q4 2026: €3.00k, 80% interval €2.50k to €3.50k; Q3 2026 closed at €2.00k."
    )
    assert "no period is over yet" in fan_alt(HISTORY.clear(), AHEAD, "EUR")


def test_a_fan_without_history_begins_with_the_forecast():
    ahead = [row for row in rows_of(fan(HISTORY.clear(), AHEAD, "EUR")) if "lo80" in row]

    assert [row["period"] for row in ahead] == ["2026-Q4", "2027-Q1"]


def test_the_record_shows_what_was_said_and_what_came():
    first = rows_of(record(RECORD, "EUR"))[0]

    assert (first["said_text"], first["came_text"]) == ("€900.00", "€1,000.00")
    assert record_alt(RECORD) == (
        "Forecast of 2 past periods beside what came: 1 of 2 inside the 80% interval said then."
    )


def test_a_method_without_interval_says_why():
    said = {row["title"]: row["said"] for row in rows_of(leaderboard(BOARD)) if "title" in row}

    assert said == {
        "Outlook": "13% (-5% to 32%)",
        "Same month last year": "0% (0% to 0%)",
        "Young": "50%, too few periods for an interval",
    }


def test_the_leaderboard_in_words():
    assert leaderboard_alt(BOARD) == (
        "Methods replayed on the past, smallest error first: Outlook with an error of 22.5%, skill "
        "13% (-5% to 32%)."
    )
    assert "none could be measured" in leaderboard_alt(BOARD.clear())


@pytest.mark.parametrize(
    "chart", [fan(HISTORY, AHEAD, "EUR"), record(RECORD, "EUR"), leaderboard(BOARD)]
)
@pytest.mark.parametrize("mode", Mode)
def test_charts_can_be_printed(chart, mode):
    assert themed(chart, mode)["config"]["background"] is None
