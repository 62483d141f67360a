"""Answers about what is to come are the figures that forecast and deals pages show."""

from datetime import date
from functools import cache

import polars as pl
import pytest

from app.ask_ahead import Ahead
from app.deal_services import DealQuestion
from app.services import Services
from core.analyst.ask.inquiry import Inquiry
from core.analyst.writers.registry import WriterSettings
from core.deals.views import LIKELY
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from tests.scored import AS_OF
from tests.twice import imported_twice


@pytest.fixture(scope="module")
def services():
    return Services(imported_twice(deals=300))


@pytest.fixture(scope="module")
def ahead(services):
    """Return forecast and scores, each worked out once, as the pages' caches do."""
    outlook = cache(services.forecasting.outlook)
    return Ahead(
        outlook,
        cache(lambda question: services.forecasting.attainment(outlook(question))),
        cache(lambda question: services.deals.scored(question, outlook=outlook)),
    )


@pytest.fixture(scope="module")
def outlook(ahead):
    return ahead.outlook(ForecastQuestion("EUR", AS_OF, PeriodKind.QUARTER, 4))


@pytest.fixture(scope="module")
def frame(ahead):
    return ahead.scores(DealQuestion("EUR", AS_OF, date(2026, 12, 31))).frame


@pytest.fixture
def asked(services, ahead):
    """Ask in plain language."""

    def ask(question):
        inquiry = services.ask.understand(question, WriterSettings())
        assert isinstance(inquiry, Inquiry), inquiry
        return services.ask.answer(inquiry, ahead=ahead)

    return ask


def test_the_forecast_of_next_quarter_is_the_pages_with_its_interval(asked, outlook):
    answer = asked("What is the forecast for next quarter?")

    assert answer.rows["value"].to_list() == [float(outlook.frame["forecast_minor"][1])]
    assert answer.rows["low"].to_list() == [float(outlook.frame["lo80"][1])]
    assert "Q1 2027" in answer.text.text
    assert "80 % interval" in answer.text.text


def test_a_forecast_by_month_has_a_row_a_month(asked):
    answer = asked("forecast by month")

    assert answer.rows.height == 6
    assert str(answer.rows["name"][0]) == "2026-11-01"


def test_a_forecast_by_owner_adds_up_to_the_forecast(asked, outlook):
    answer = asked("forecast by owner")

    assert answer.rows["value"].sum() == outlook.frame["forecast_minor"][0]


def test_deals_at_risk_are_listed_with_their_amounts_the_largest_first(asked, frame):
    answer = asked("Which deals are at risk?")
    high = frame.filter(pl.col("band") == "high")

    assert answer.rows.height == high.height
    assert answer.rows["value"].sum() == high["amount_minor"].sum()
    assert answer.rows["value"].drop_nulls().is_sorted(descending=True)
    assert asked("How many deals are at risk?").rows["value"][0] == high.height


def test_the_chance_of_a_deal_is_that_of_the_deals_page(asked, frame):
    row = frame.filter(pl.col("name").is_unique()).row(0, named=True)

    for name in (row["name"], row["deal_id"]):
        answer = asked(f"What is the chance of {name}?")
        assert answer.rows["value"].to_list() == [row["chance"]]


def test_the_chance_of_the_quota_is_the_forecast_pages(asked, services, outlook):
    answer = asked("probability of reaching quota")

    assert answer.rows["value"][0] == services.forecasting.attainment(outlook).chance
    assert "to reach the quota" in answer.text.text


def test_calibration_and_forecast_error_say_what_they_were_measured_on(asked, outlook):
    calibration = asked("calibration")
    missed = asked("How accurate was the forecast?")

    assert "later than those learned from" in calibration.text.text
    assert missed.rows["value"][0] == outlook.track_record.wape


def test_slipping_deals_are_due_and_likely_open_after_the_quarter(asked, frame):
    answer = asked("Which deals will slip?")
    slips = frame.filter(pl.col("due_on").dt.year() == 2026, pl.col("p_slip") >= LIKELY)

    assert answer.rows.height == slips.height


def test_deals_of_one_name_are_told_apart_by_their_ids(asked):
    names = asked("win chance by deal").rows["name"]

    assert names.is_unique().all()
