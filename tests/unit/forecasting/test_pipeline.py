"""The pipeline forecast adds up, knows only the past, and says what it rests on."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from core.errors import InvalidParameterError
from core.forecasting.categories import Thresholds, categorise, category_totals
from core.forecasting.histories import end_of
from core.forecasting.pipeline import PipelineSettings, forecast_pipeline, track_record
from tests.pipelines import Pipeline, random_pipeline

AS_OF, ENDS_ON = date(2025, 1, 15), date(2025, 2, 28)
QUICK = PipelineSettings(draws=2_000, origins=6)


@pytest.fixture(scope="module")
def histories():
    return random_pipeline(1).histories()


@pytest.fixture(scope="module")
def forecast(histories):
    return forecast_pipeline(histories, AS_OF, ENDS_ON, QUICK)


def test_the_deals_expectations_sum_to_the_pipeline(forecast):
    total = forecast.deals["expected_minor"].sum()

    assert total == pytest.approx(forecast.from_pipeline, abs=1e-9)
    assert forecast.steps["pipeline_minor"][-1] == pytest.approx(total, rel=1e-12)
    assert forecast.expected == pytest.approx(forecast.steps["expected_minor"][-1], rel=1e-12)


def test_each_deals_outcomes_sum_to_one(forecast):
    sums = forecast.deals.select(pl.sum_horizontal("p_win", "p_lose", "p_slip")).to_series()

    assert (sums - 1).abs().max() <= 1e-12


def test_the_simulation_is_centred_on_the_expectation(forecast):
    assert forecast.distribution.totals.mean() == pytest.approx(forecast.expected, rel=0.05)


def test_bands_lie_inside_one_another_at_every_step(forecast):
    ends = ["lo95", "lo80", "lo50", "hi50", "hi80", "hi95"]
    bands = forecast.steps.select(ends).to_numpy()

    assert (np.diff(bands, axis=1) >= 0).all()
    assert bands.min() >= 0


def test_a_longer_horizon_never_expects_less(forecast):
    assert (np.diff(forecast.steps["expected_minor"].to_numpy()) >= 0).all()


def test_nothing_after_the_as_of_date_changes_the_forecast(histories, forecast):
    at = end_of(AS_OF)
    blind = replace(
        histories,
        deals=histories.deals.with_columns(
            outcome=pl.when(pl.col("closed_epoch") < at).then("outcome").otherwise(pl.lit("open")),
            closed_epoch=pl.when(pl.col("closed_epoch") < at).then("closed_epoch"),
        ),
        states=histories.states.filter(pl.col("from_epoch") < at),
    )
    again = forecast_pipeline(blind, AS_OF, ENDS_ON, QUICK)

    assert again.expected == forecast.expected
    assert again.steps.equals(forecast.steps)
    np.testing.assert_array_equal(again.distribution.totals, forecast.distribution.totals)


def test_the_track_record_says_what_was_said_then(histories):
    record = track_record(histories, AS_OF, 28, QUICK)
    origin = date(1970, 1, 1).toordinal() + int(record.origins[-1]) // 86_400 - 1
    then = forecast_pipeline(
        histories, date.fromordinal(origin), date.fromordinal(origin + 28), QUICK
    )

    assert record.expected[-1, -1] == pytest.approx(then.expected, rel=1e-9)


def test_windows_not_over_have_no_actual(histories):
    record = track_record(histories, AS_OF, 28, QUICK)

    assert np.isnan(record.actual[-1, -1])
    assert np.isfinite(record.actual[0]).all()


def test_categories_split_the_forecast_without_a_rest(forecast):
    totals = category_totals(forecast.deals)

    assert totals["category"].to_list() == ["commit", "best case", "pipeline", "omitted"]
    assert totals["expected_minor"].sum() == pytest.approx(forecast.from_pipeline, rel=1e-12)
    assert totals["cumulative_minor"][-1] == forecast.deals["amount_minor"].sum()


def test_a_deal_is_in_the_category_of_its_chance():
    deals = pl.DataFrame({"p_win": [0.6, 0.59, 0.3, 0.02, 0.01]})

    assert categorise(deals)["category"].to_list() == [
        "commit", "best case", "best case", "pipeline", "omitted",
    ]  # fmt: skip


def test_thresholds_must_fall():
    with pytest.raises(InvalidParameterError, match="must fall"):
        Thresholds(commit=0.2)


def test_few_outcomes_are_said():
    histories = (
        Pipeline().deal("W", "2024-01-01", won="2024-02-01").deal("O", "2024-03-01").histories()
    )
    warnings = " ".join(forecast_pipeline(histories, date(2024, 3, 31), ENDS_ON, QUICK).warnings)

    assert "rest on 1 deals won and 0 lost" in warnings
    assert "assumes independent deals" in warnings
    assert "no stage changes" in warnings


def test_a_deal_without_an_amount_is_taken_as_a_typical_win_and_marked():
    histories = random_pipeline(2, deals=80).deal("BLANK", "2025-01-01", None).histories()
    forecast = forecast_pipeline(histories, AS_OF, ENDS_ON, QUICK)
    blank = forecast.deals.filter(pl.col("deal_id") == "BLANK")

    assert blank["amount_assumed"].item()
    assert blank["amount_minor"].item() is None
    assert blank["win_amount_minor"].item() > 0
    assert "Open deals without an amount, taken as a typical win: 1." in forecast.warnings


def test_where_no_win_has_an_amount_a_blank_stays_blank():
    histories = Pipeline().deal("BLANK", "2024-01-01", None).deal("O", "2024-01-01").histories()
    forecast = forecast_pipeline(histories, date(2024, 3, 1), date(2024, 4, 1), QUICK)

    assert forecast.deals.sort("deal_id")["expected_minor"].to_list()[0] is None


def test_a_raised_amount_at_the_win_raises_what_is_expected_of_open_deals():
    def company(at_the_win):
        pipeline = Pipeline()
        for week in range(30):
            created, won = f"2024-{1 + week // 4:02}-{1 + 7 * (week % 4):02}", "2024-09-20"
            pipeline = pipeline.deal(f"D{week}", created, at_the_win, won=won)
            pipeline = pipeline.change(f"D{week}", created, "Demo", 100)
        return pipeline.deal("O", "2024-09-01", 100).change("O", "2024-09-01", "Demo", 100)

    amounts = [
        forecast_pipeline(
            company(at_the_win).histories(), date(2024, 9, 30), date(2024, 10, 30), QUICK
        ).deals["win_amount_minor"].item()
        for at_the_win in (100, 200)
    ]  # fmt: skip

    assert amounts[0] == pytest.approx(100)
    assert 150 < amounts[1] < 200


def test_the_end_must_come_after_the_as_of_date(histories):
    with pytest.raises(InvalidParameterError, match="Choose an end after"):
        forecast_pipeline(histories, AS_OF, AS_OF)
