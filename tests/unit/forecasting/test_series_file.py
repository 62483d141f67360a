"""Files of series: what is read, inferred, and refused with the line that is wrong."""

from datetime import date, timedelta

import pytest

from core.errors import ImportRefusedError
from core.forecasting.frequency import Frequency
from core.forecasting.series import Gaps
from core.forecasting.series_file import read_series
from core.forecasting.series_results import ForecastOptions


def read(text, **options):
    return read_series("f.csv", text.encode(), ForecastOptions(**options))


def only(text, **options):
    (series,) = read(text, **options).series
    return series


def table(days):
    return "ds,y\n" + "".join(f"{day},{i}\n" for i, day in enumerate(days))


def test_rows_may_come_in_any_order_and_case_and_columns_too():
    series = only("Y,DS\n3,2026-03-01\n1,2026-01-01\n2,2026-02-01\n")
    assert series.values == (1.0, 2.0, 3.0)
    assert series.starts_on == date(2026, 1, 1)


def test_series_keep_the_order_of_their_first_row():
    found = read("id,ds,y\nb,2026-01-01,1\na,2026-01-01,2\nb,2026-02-01,3\n")
    assert [series.name for series in found.series] == ["b", "a"]


@pytest.mark.parametrize("text", ["\ufeffds;y\n2026-01-01;5\n", "ds\ty\r\n2026-01-01\t5\r\n"])
def test_a_byte_order_mark_semicolons_and_tabs_are_read(text):
    assert only(text).values == (5.0,)


def test_quoted_fields_and_blank_lines_are_read():
    assert only('ds,y\n\n"2026-01-01","5"\n\n2026-02-01,6\n').values == (5.0, 6.0)


def test_months_and_quarters_may_be_written_as_such():
    assert only("ds,y\n2026-01,1\n2026-02,2\n").starts_on == date(2026, 1, 1)
    quarters = only("ds,y\n2025-Q3,1\n2025-Q4,2\n2026-Q1,3\n")
    assert (quarters.starts_on, quarters.grid.frequency) == (date(2025, 7, 1), Frequency.QUARTER)


@pytest.mark.parametrize(
    ("days", "frequency"),
    [
        ([date(2026, 3, 1) + timedelta(i) for i in range(9)], Frequency.DAY),
        ([date(2026, 3, 2) + timedelta(7 * i) for i in range(5)], Frequency.WEEK),
        ([date(2026, i, 15) for i in (1, 2, 3, 6)], Frequency.MONTH),
        ([date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)], Frequency.MONTH),
        ([date(2026, i, 1) for i in (2, 5, 8, 11)], Frequency.QUARTER),
        ([date(i, 7, 1) for i in (2022, 2023, 2025)], Frequency.YEAR),
        (
            [d for d in (date(2026, 3, 2) + timedelta(i) for i in range(20)) if d.weekday() < 5],
            Frequency.BUSINESS_DAY,
        ),
    ],
)
def test_the_frequency_is_inferred_and_said(days, frequency):
    found = read(table(days))
    assert found.series[0].grid.frequency is frequency
    assert found.notes[0] == f"The dates are one {frequency} apart."


def test_a_short_series_takes_the_frequency_of_the_file():
    rows = [f"a,2026-0{i}-01,1" for i in range(1, 7)] + ["b,2026-01-01,1", "b,2026-04-01,4"]
    found = read("id,ds,y\n" + "\n".join(rows) + "\n")
    assert found.series[1].grid.frequency is Frequency.MONTH
    assert found.series[1].values == pytest.approx((1, 2, 3, 4))


def test_a_series_that_does_not_fit_the_file_keeps_its_own_frequency():
    rows = [f"a,2026-0{i}-01,1" for i in range(1, 7)] + [f"b,2026-03-0{i},1" for i in range(1, 5)]
    found = read("id,ds,y\n" + "\n".join(rows) + "\n")
    assert found.series[1].grid.frequency is Frequency.DAY
    assert found.notes[0] == "The dates are one month or one day apart."


def test_month_ends_are_followed_by_month_ends():
    series = only("ds,y\n2026-01-31,1\n2026-02-28,2\n")
    assert series.future_dates(1) == (date(2026, 3, 31),)


def test_a_gap_and_a_blank_are_filled_as_asked_and_said():
    text = "ds,y\n2026-01-01,10\n2026-02-01,\n2026-04-01,40\n2026-05-01,50\n"
    found = read(text)
    assert found.series[0].values == pytest.approx((10, 20, 30, 40, 50))
    assert found.notes[1] == "2 missing periods were filled by a straight line between neighbours."
    assert only(text, gaps=Gaps.ZERO).values == (10.0, 0.0, 0.0, 40.0, 50.0)


def test_blanks_at_the_ends_are_not_invented():
    assert only("ds,y\n2026-01-01,\n2026-02-01,2\n2026-03-01,NA\n").values == (2.0,)


def test_the_period_of_the_question_is_left_out():
    text = "ds,y\n2026-01-01,1\n2026-02-01,2\n2026-03-01,3\n"
    assert only(text, as_of=date(2026, 3, 31)).values == (1.0, 2.0)


def test_columns_that_are_not_used_are_named():
    assert read("ds,y,note\n2026-01-01,1,x\n").notes[-1] == "Columns not used: 'note'."


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "empty", "empty"),
        (" \n", "empty", "empty"),
        ("ds,value2\n2026-01-01,1\n", "missing_columns", "no column 'y'"),
        ("day,y\n2026-01-01,1\n", "missing_columns", "no column 'ds'"),
        ("ds,y,value\n2026-01-01,1,2\n", "ambiguous_columns", "y, value"),
        ("ds,y\n", "no_rows", "no rows"),
        ("ds,y\n2026-01-01,1\n01/02/2026,2\n", "bad_rows", "Line 3, column ds: '01/02/2026'"),
        ("ds,y\n2026-02-30,1\n", "bad_rows", "Line 2, column ds"),
        ("ds,y\n0001-01-01,1\n", "bad_rows", "not between 1900 and 2199"),
        ("ds,y\n2026-01-01,x\n", "bad_rows", "Line 2, column y: 'x' is not a number"),
        ('ds,y\n2026-01-01,"1,200"\n', "bad_rows", "without separators"),
        ("ds,y\n2026-01-01,inf\n", "bad_rows", "not a finite number"),
        ("ds,y\n2026-01-01,1_000\n", "bad_rows", "not a finite number"),
        ("id,ds,y\n,2026-01-01,1\n", "bad_rows", "Line 2, column id: it is blank"),
        ("ds,y\n2026-01-01,1,2\n", "bad_rows", "Line 2: 3 fields where 2 are named"),
        ("ds,y\n\n2026-01-01,x\n", "bad_rows", "Line 3, column y"),
        ("ds,y\n2026-01-01,1\n2026-01-01,2\n", "duplicate_dates", "Lines 2 and 3 both give"),
        ('ds,y\n2026-01-01,"1\n', "quoting", "line 2"),
        ("ds,y\n2026-01-01,1\n2026-02-01,2\n2026-03-05,3\n", "irregular_dates", "line 4"),
        ("ds,y\n2026-01-01,1\n2026-01-11,2\n2026-01-22,3\n", "irregular_dates", "22 days"),
        ("ds,y\n2026-01-01,\n", "no_complete_period", "No series has a period"),
        ("ds,y\n2026-01-01,\x00\n", "not_text", "binary"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_line(text, code, says):
    with pytest.raises(ImportRefusedError) as caught:
        read(text)
    assert caught.value.code == code
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04rest", "workbook"),
        (b"\x1f\x8brest", "gzip"),
        ("ds,y\n".encode("utf-16"), "UTF-16"),
        (b"ds,y\n2026-01-01,1\n\xff,2\n", "Line 3 is not UTF-8"),
    ],
)
def test_bytes_that_are_not_a_csv_file_are_named(data, says):
    with pytest.raises(ImportRefusedError, match=says):
        read_series("f.csv", data)


def test_many_bad_lines_are_counted():
    text = "ds,y\n" + "x,1\n" * 9
    with pytest.raises(ImportRefusedError, match="and 4 more"):
        read(text)
