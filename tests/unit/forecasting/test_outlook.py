"""The outlook adds up, knows nothing of the future, and says where it rests on little."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from core.errors import EmptyWorkspaceError
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.histories import end_of
from core.forecasting.outlook import outlook
from core.forecasting.outlook_deals import open_deals, roll_up_outlook
from core.forecasting.outlook_scenarios import play_outlook
from core.forecasting.scenarios import BASE, Scenario
from tests.pipelines import Pipeline, random_pipeline

AS_OF = date(2025, 2, 10)
MONTHS = ForecastQuestion("EUR", AS_OF, horizon=4)
QUARTERS = ForecastQuestion("EUR", AS_OF, PeriodKind.QUARTER, 2)


@pytest.fixture(scope="module")
def histories():
    return random_pipeline(1).histories()


@pytest.fixture(scope="module")
def months(histories):
    return outlook(histories, MONTHS, "fingerprint")


@pytest.fixture(scope="module")
def quarters(histories):
    return outlook(histories, QUARTERS)


def minor(outlook, column):
    return outlook.frame[f"{column}_minor"]


def test_a_forecast_is_the_sum_of_booked_open_deals_and_new_business(months):
    parts = minor(months, "booked") + minor(months, "pipeline") + minor(months, "new_business")

    assert parts.to_list() == minor(months, "forecast").to_list()
    assert min(minor(months, "new_business")) >= 0


def test_what_is_booked_is_what_was_won_in_the_period_so_far(histories, months):
    begin = end_of(date(2025, 1, 31))
    won = histories.deals.filter(
        pl.col("outcome") == "won", pl.col("closed_epoch").is_between(begin, end_of(AS_OF), "left")
    )

    assert minor(months, "booked").to_list() == [won["amount_minor"].sum(), 0, 0, 0]
    assert months.booked["amount_minor"].sum() == won["amount_minor"].sum()


def test_quarters_are_the_sum_of_their_months(histories, months, quarters):
    longer = outlook(histories, replace(MONTHS, horizon=2))
    january = outlook(histories, MONTHS).history.filter(pl.col("period") == "2025-01")

    for part in ("pipeline", "new_business"):
        whole = minor(quarters, part)[0]
        assert whole == pytest.approx(sum(minor(longer, part)), abs=1)
    booked = minor(months, "booked")[0] + january["won_minor"][0]
    assert minor(quarters, "booked")[0] == booked


def test_intervals_are_nested_hold_the_forecast_and_stay_above_what_is_booked(months):
    order = ["booked_minor", "lo95", "lo80", "lo50", "forecast_minor", "hi50", "hi80", "hi95"]

    for row in months.frame.select(order).iter_rows():
        assert list(row) == sorted(row)


def test_the_open_deals_sum_to_their_part_of_each_period(months):
    for number, expected in enumerate(minor(months, "pipeline")):
        deals = open_deals(months, number)
        assert deals["expected_minor"].sum() == pytest.approx(expected, abs=0.5)
        chances = deals["p_win"] + deals["p_lose"] + deals["p_slip"]
        assert chances.to_list() == pytest.approx([1.0] * deals.height)


@pytest.mark.parametrize("by", ["owner", "team", "region", "industry", "kind", "stage"])
def test_a_roll_up_adds_up_to_the_minor_unit(quarters, by):
    for number, forecast in enumerate(minor(quarters, "forecast")):
        rows = roll_up_outlook(quarters, by, number)
        assert rows["forecast_minor"].sum() == forecast
        parts = rows.select("booked_minor", "pipeline_minor", "new_business_minor")
        assert parts.sum_horizontal().to_list() == rows["forecast_minor"].to_list()


def test_nothing_after_the_as_of_date_changes_an_answer(months):
    def known(rows, column):
        return [row for row in rows if row[column] is not None and row[column] < end_of(AS_OF)]

    pipeline, blind = random_pipeline(1), Pipeline()
    for deal in known(pipeline._deals, "created_at_epoch"):
        is_over = (deal["closed_at_epoch"] or 2**60) < end_of(AS_OF)
        unknown = {} if is_over else {"closed_at_epoch": None, "outcome": "open"}
        blind._deals.append(deal | unknown)
    blind._changes.extend(known(pipeline._changes, "changed_at_epoch"))

    told = outlook(blind.histories(), MONTHS)

    assert told.frame.drop("starts_on", "ends_on").equals(months.frame.drop("starts_on", "ends_on"))
    assert told.record.equals(months.record)


def test_the_record_is_what_would_have_been_said_then(histories, months):
    then = date(2024, 12, 13)  # 18 days before the end of December, as 10 February is of its month
    said = months.record.filter(pl.col("origin") == then).sort("horizon")

    asked = outlook(histories, replace(MONTHS, as_of=then))

    assert said["period"].to_list() == asked.frame["period"].to_list()
    assert said["forecast_minor"].to_list() == pytest.approx(
        minor(asked, "forecast").to_list(), abs=1
    )


def test_the_record_shows_what_came_once_a_period_is_over(histories, months):
    over = months.record.filter(pl.col("period") == "2024-12", pl.col("horizon") == 0)
    came = months.history.filter(pl.col("period") == "2024-12")["won_minor"][0]

    assert over["actual_minor"][0] == came
    assert months.record.filter(pl.col("period") == "2025-02")["actual_minor"].null_count() > 0


def test_the_leaderboard_compares_all_lines_on_the_same_forecasts(months):
    assert {line.name for line in months.standings} == {
        "outlook", "pipeline", "series", "seasonal_naive", "run_rate"
    }  # fmt: skip
    assert len({(line.origins, line.n) for line in months.standings}) == 1
    errors = [line.wape for line in months.standings]
    assert errors == sorted(errors)


def test_an_error_is_scaled_by_what_repeating_last_season_missed_within_the_history(months):
    won = months.history["won_minor"].to_list()
    steps = [abs(value - before) for before, value in zip(won, won[12:], strict=False)]
    if not steps:
        steps = [abs(value - before) for before, value in pairwise(won)]

    assert [line.mase for line in months.standings] == pytest.approx(
        [line.mae / (sum(steps) / len(steps)) for line in months.standings]
    )


def test_the_base_scenario_gives_the_outlook_back(months):
    base = play_outlook(months, BASE)

    assert base.delta == 0
    for column in ("forecast_minor", "lo80", "hi80"):
        assert base.frame[column].to_list() == months.frame[column].to_list()


def test_twice_the_deal_size_is_twice_all_but_what_is_booked(months):
    double = play_outlook(months, Scenario("double", deal_size=2.0)).frame

    rest = minor(months, "forecast") - minor(months, "booked")
    assert (double["forecast_minor"] - double["booked_minor"]).to_list() == pytest.approx(
        (2 * rest).to_list(), abs=2
    )


def test_what_slips_out_of_a_period_comes_in_the_next(months):
    late = play_outlook(months, Scenario("late", slippage=0.25)).frame
    first, second = minor(months, "pipeline")[:2]

    assert late["pipeline_minor"][0] == pytest.approx(0.75 * first, abs=1)
    assert late["pipeline_minor"][1] == pytest.approx(0.75 * second + 0.25 * first, abs=1)


def test_a_young_company_is_told_what_its_outlook_rests_on():
    pipeline = (
        Pipeline()
        .deal("D1", "2025-02-01", 100, won="2025-02-05")
        .deal("D2", "2025-02-03", 100)
        .deal("D3", "2025-02-04", 100)
    )

    answer = outlook(pipeline.histories(), MONTHS)

    words = " ".join(answer.warnings)
    assert "No month with a win is over yet" in words
    assert "No past outlook is over yet" in words
    assert minor(answer, "forecast").null_count() == 0
    assert answer.frame["series_only_minor"].null_count() == 4


def test_a_company_without_a_win_gets_a_reason_and_not_a_number():
    pipeline = Pipeline().deal("D1", "2025-01-01").deal("D2", "2025-01-02", lost="2025-01-20")

    with pytest.raises(EmptyWorkspaceError, match="No deal with an amount was won by 2025-02-10"):
        outlook(pipeline.histories(), MONTHS)


def test_the_answer_carries_what_it_was_asked_of(months):
    assert (months.fingerprint, months.as_of, months.currency) == ("fingerprint", AS_OF, "EUR")
