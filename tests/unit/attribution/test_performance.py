"""Channel performance: what a channel cost and earned, in numbers a reader can check."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from core.attribution import attribute
from core.attribution.performance import channel_facts, channel_performance
from core.attribution.recommendation import PerformanceSettings, Verdict
from core.attribution.results import JourneySettings, Level, Question
from core.attribution.spend import channel_spend
from core.engine import open_engine
from core.errors import InvalidParameterError, UnknownNameError
from core.scope import Scope
from tests.builders import Company

ENGINES = ("duckdb:", "polars:")
JUNE = Scope("EUR", date(2024, 6, 1), date(2024, 6, 30))
MODELS = ("first_touch", "last_touch", "linear")
FEW = PerformanceSettings(fewest_closed_deals=1)


@pytest.fixture(params=ENGINES)
def spent(request):
    def answer(company, scope=JUNE):
        with company.workspace() as workspace:
            return channel_spend(open_engine(workspace, request.param), scope)

    return answer


@pytest.fixture(params=ENGINES)
def performance(request):
    def answer(company, model="linear", settings=FEW, **changes):
        question = replace(Question(JUNE, MODELS), **changes)
        with company.workspace() as workspace:
            engine = open_engine(workspace, request.param)
            credit = attribute(engine, question, "state")
            return channel_performance(channel_facts(engine, question), credit, model, settings)

    return answer


def rows(answer):
    return {row["channel"]: row for row in answer.frame.iter_rows(named=True)}


def minor(answer):
    return dict(answer.frame.select("channel", "spend_minor").iter_rows())


def two_channels():
    """Two deals won and one lost; Email touched all, Events the first and the lost one."""
    return (
        Company()
        .deal("D1", "1000.00", "2024-06-10")
        .deal("D2", "501.00", "2024-06-20")
        .deal("D3", "900.00", "2024-06-25", is_won=False)
        .touch("T1", "2024-05-01", "Email", deal="D1")
        .touch("T2", "2024-05-02", "Events", deal="D1")
        .touch("T3", "2024-05-03", "Email", deal="D2")
        .touch("T4", "2024-05-04", "Email", deal="D3")
        .touch("T5", "2024-05-05", "Events", deal="D3")
        .spend("Email", "2024-06-01", "200.00")
        .spend("Events", "2024-06-30", "800.00")
        .spend("Events", "2024-07-01", "5000.00")
    )


def test_only_costs_of_days_in_the_period_count(spent):
    assert minor(spent(two_channels())) == {"Email": 20_000, "Events": 80_000}


def test_a_channel_takes_its_costs_from_one_table_so_that_nothing_counts_twice(spent):
    company = (
        Company()
        .spend("Email", "2024-06-01", "10.00")
        .touch("T1", "2024-06-02", "Email", cost="1.00")
        .touch("T2", "2024-06-03", "Events", cost="2.00")
        .touch("T3", "2024-06-04", "Events", cost="3.50")
        .campaign("C1", channel="Events", cost="99.00", started_on=date(2024, 6, 5))
        .campaign("C2", channel="Partner", cost="7.00", started_on=date(2024, 6, 5))
    )
    answer = spent(company)

    assert answer.frame.rows() == [
        ("Email", 1_000, "spend"),
        ("Events", 550, "touchpoints"),
        ("Partner", 700, "campaigns"),
    ]
    assert "left out for 2 channels" in answer.warnings[-1]


def test_the_table_a_channel_is_read_from_does_not_change_with_the_period(spent):
    company = Company().spend("Email", "2024-01-01", "10.00")
    company.campaign("C1", channel="Email", cost="99.00", started_on=date(2024, 6, 5))

    assert minor(spent(company)) == {}


def test_a_campaigns_cost_is_spread_over_its_days_and_its_parts_sum_to_it(spent):
    company = Company().campaign(
        "C1", channel="Events", cost="100.00", started_on=date(2024, 5, 30),
        ended_on=date(2024, 7, 1),
    )  # fmt: skip
    # 33 days: 2 in May, 30 in June, 1 in July. Due through day 2: 606.06 cents, through 32:
    # 9,696.97, through 33: 10,000; rounded 606, 9,697, 10,000.
    months = [
        Scope("EUR", date(2024, 5, 1), date(2024, 5, 31)),
        JUNE,
        Scope("EUR", date(2024, 7, 1), None),
    ]
    parts = [minor(spent(company, month))["Events"] for month in months]

    assert parts == [606, 9_091, 303]
    assert minor(spent(company, Scope("EUR"))) == {"Events": sum(parts)}


def test_a_cost_in_another_currency_takes_the_rate_of_its_day(spent):
    company = (
        Company()
        .spend("Email", "2024-06-03", "110.00", currency="USD")
        .spend("Email", "2024-06-04", "1.00")
        .rate("USD", "2024-06-03", 1.1)
        .rate("EUR", "2024-06-03", 1.0)
    )
    # 110 dollars / 1.1 = 100 euros, and 1 euro.
    assert minor(spent(company)) == {"Email": 10_100}


def test_a_cost_without_a_rate_makes_the_spend_unknown_and_is_named(spent):
    company = Company().spend("Email", "2024-06-03", "110.00", currency="XXX")
    answer = spent(company.spend("Email", "2024-06-04", "1.00"))

    assert minor(answer) == {"Email": None}
    assert "Email: 1 cost in XXX without an exchange rate into EUR" in answer.warnings[0]


def test_a_cost_without_an_amount_makes_the_spend_unknown(spent):
    answer = spent(Company().spend("Email", "2024-06-03", None))

    assert minor(answer) == {"Email": None}
    assert "without an amount" in answer.warnings[0]


def test_a_campaign_without_a_first_day_is_unknown_in_a_period_and_known_without_one(spent):
    company = Company().campaign("C1", channel="Events", cost="100.00")

    assert minor(spent(company)) == {"Events": None}
    assert "without a first day" in spent(company).warnings[0]
    assert minor(spent(company, Scope("EUR"))) == {"Events": 10_000}


def test_a_workspace_without_costs_has_no_spend(spent):
    answer = spent(Company().touch("T1", "2024-06-01"))

    assert answer.frame.is_empty()
    assert answer.warnings == ()


def test_return_and_cost_of_a_deal_follow_their_formulas(performance):
    found = rows(performance(two_channels()))

    # Linear: Email 500.00 + 501.00 = 1,001.00 of 1.5 deals, Events 500.00 of half a deal.
    email, events = found["Email"], found["Events"]
    assert (email["revenue_minor"], email["deals"]) == (100_100, 1.5)
    assert email["roi"] == pytest.approx((1001 - 200) / 200)
    assert email["cac_minor"] == 13_333  # 200.00 / 1.5 = 133.333
    assert events["roi"] == pytest.approx((500 - 800) / 800)
    assert events["cac_minor"] == 160_000  # 800.00 / 0.5
    assert email["share"] == pytest.approx(1001 / 1501)


def test_the_range_of_the_return_spans_the_models(performance):
    events = rows(performance(two_channels()))["Events"]

    # First touch gives Events nothing, last touch D1's 1,000.00.
    assert (events["roi_low"], events["roi_high"]) == (-1.0, pytest.approx(0.25))
    assert events["verdict"] == Verdict.DEPENDS
    assert events["reason"] == (
        "depends on the model: returns more than it costs under 1 of 3 models compared "
        "(ROI -100% to 25%)"
    )


def test_the_win_rate_counts_each_closed_deal_the_channel_touched_once(performance):
    company = two_channels().touch("T6", "2024-05-06", "Email", deal="D3")
    found = rows(performance(company))

    assert (found["Email"]["influenced_deals"], found["Email"]["closed_deals"]) == (2, 3)
    assert found["Email"]["win_rate"] == pytest.approx(2 / 3)
    # Wilson, z = 1.2816, n = 3: z2 = 1.6424: middle (2/3 + z2/6) / (1 + z2/3) = 0.6077,
    # reach z / (1 + z2/3) x sqrt(2/27 + z2/36) = 0.2865.
    assert found["Email"]["win_low"] == pytest.approx(0.3212, abs=0.0001)
    assert found["Email"]["win_high"] == pytest.approx(0.8942, abs=0.0001)
    assert found["Events"]["win_rate"] == pytest.approx(1 / 2)


def test_all_models_agreeing_is_said(performance):
    company = two_channels().spend("Email", "2024-06-02", "0.00")
    email = rows(performance(company, models=("linear", "last_touch")))["Email"]

    # Linear 1,001.00 and last touch 501.00, against 200.00.
    assert email["verdict"] == Verdict.PAYS
    assert "under all 2 models compared (ROI 150% to 400%)" in email["reason"]


def test_a_channel_that_earns_less_than_it_costs_under_all_models_is_said(performance):
    company = two_channels().spend("Events", "2024-06-02", "9000.00")

    assert rows(performance(company))["Events"]["verdict"] == Verdict.LOSES


def test_too_few_deals_are_not_judged(performance):
    email = rows(performance(two_channels(), settings=PerformanceSettings()))["Email"]

    assert email["reason"] == "too few deals to say: touched 3 closed deals, the rule asks for 20"


def test_one_model_alone_cannot_agree(performance):
    email = rows(performance(two_channels(), models=("linear",)))["Email"]

    assert email["verdict"] == Verdict.ONE_MODEL


@pytest.mark.parametrize("amount", [None, "0.00"])
def test_without_spend_return_and_cost_of_a_deal_are_not_defined(performance, amount):
    company = Company().deal("D1", "10.00", "2024-06-10").touch("T1", "2024-06-01", deal="D1")
    if amount:
        company.spend("Email", "2024-06-02", amount)
    email = rows(performance(company))["Email"]

    assert (email["roi"], email["roi_low"], email["cac_minor"]) == (None, None, None)
    assert email["verdict"] == Verdict.NO_SPEND


def test_a_channel_that_costs_but_meets_no_deal_is_there_without_a_cost_a_deal(performance):
    partner = rows(performance(two_channels().spend("Partner", "2024-06-03", "50.00")))["Partner"]

    assert (partner["revenue_minor"], partner["roi"], partner["cac_minor"]) == (0, -1.0, None)
    assert (partner["win_rate"], partner["verdict"]) == (None, Verdict.TOO_FEW)


def test_an_excluded_channel_is_not_judged(performance):
    journeys = JourneySettings(excluded_channels=("Events",))

    assert set(rows(performance(two_channels(), journeys=journeys))) == {"Email"}


def test_the_deals_of_some_owners_are_not_set_against_everybodys_spend(performance):
    company = two_channels().deal("D4", "5.00", "2024-06-11", owner_id="u1")
    company.touch("T9", "2024-06-01", "Email", deal="D4")
    answer = performance(company, scope=replace(JUNE, owner_ids=("u1",)))

    assert rows(answer)["Email"]["spend_minor"] == 20_000
    assert answer.frame["roi"].is_null().all()
    assert answer.frame["cac_minor"].is_null().all()
    assert "not told apart by owner" in answer.warnings[0]


def test_revenue_of_the_channels_is_what_the_credits_say(performance):
    frame = performance(two_channels()).frame

    # 1,000.00 + 501.00, all of it with touches.
    assert frame["revenue_minor"].sum() == 150_100
    assert frame["revenue_minor"].dtype == pl.Int64


def test_no_deals_and_no_costs_are_an_empty_answer(performance):
    assert performance(Company()).frame.is_empty()


def test_credit_by_campaign_and_unknown_models_are_refused(performance):
    with pytest.raises(InvalidParameterError):
        performance(two_channels(), level=Level.CAMPAIGN)
    with pytest.raises(UnknownNameError):
        performance(two_channels(), model="markov_1")


def test_an_impossible_level_is_refused():
    with pytest.raises(InvalidParameterError):
        PerformanceSettings(level=1.0)
