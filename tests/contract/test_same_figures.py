"""One company, one figure: each entry of the catalogue reads the same by every way in.

The table says where each metric is shown, or why a way in does not show it; an entry of the
catalogue without a row fails, and so does a card of a page that no row reads.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import pytest
import streamlit as st

from app.navigation import ENTRIES
from core import formats
from core.deals.scoring import Band
from core.metrics import METRICS, Unit
from tests import ways
from tests.ui.conftest import words
from tests.ways import ALL, COMPARED, FORECAST, Reading, Ways, Written

DEALS = 500
"""Few enough to be quick, enough for every figure to be there."""
Reader = Callable[[Ways], Reading]

QUARTER = "Q4 2026"
ENDS_ON = "2026-12-31"
HALF = 0.5
LINEAR = 3
"""Place of the linear model in the report's table of all models."""
LEADER = r"model,? (?P<of>[A-Z][a-z ]+) earned \S+ of attributed revenue\S*, (\S+?%)"
UNEXPLAINED = r"an unexplained share of (\S+?%)"
MONEY = ways.figure(Unit.MONEY)

COHORT = "Created cohort"
PIPELINE = ("Open pipeline", "Coverage", "Velocity a day", "Within 180 days", "Slippage")
"""Titles of the cards of the pipeline, which stand in one row of the document."""

LISTED = "in the list of figures, which every metric is read of"
PRINTED_NOT = "no part of the report is about it"
RECORD_PRINTED = "the report shows the record of the methods by error and coverage only"


@dataclass(frozen=True)
class Places:
    """Where one metric is read by each way in; a text is the reason why it is not."""

    page: Reader | str
    api: Reader | str
    cli: Reader | str
    pdf: Reader | str
    also: tuple[Reader, ...] = ()

    def readers(self) -> dict[str, Reader]:
        """Return the places that show the metric, by the way in."""
        every = {"page": self.page, "api": self.api, "cli": self.cli, "pdf": self.pdf}
        shown = {name: one for name, one in every.items() if not isinstance(one, str)}
        return shown | {f"place {number}": one for number, one in enumerate(self.also, 5)}


def period_figure(name, title):
    """Return the places of a figure of the period."""
    unit = METRICS[name].unit
    return Places(
        page=ways.card("overview.py", title, unit),
        api=ways.overview_of(name),
        cli=ways.fact_by_command("overview", name),
        pdf=ways.printed_card(title, COMPARED, unit),
    )


def channel_figure(name, column, place):
    """Return the places of a figure of a channel."""
    unit = METRICS[name].unit
    is_told = name in ("spend", "roi")
    return Places(
        page=ways.column("attribution.py", "channel", column, unit),
        api=ways.fact_by_api("performance", name) if is_told else LISTED,
        cli=ways.fact_by_command("performance", name) if is_told else LISTED,
        pdf=ways.printed_row("Channel performance by linear", ways.channels, place, unit),
    )


def outcome(column, unit, place):
    """Return the places of a median over won and over lost deals."""
    printed = ways.printed_row(
        "Journeys by outcome",
        lambda _ways: ("Won", "Lost"),
        place,
        unit,
        lambda value: figure_alone(value, unit),
    )
    return Places(
        ways.column("journeys.py", "outcome", column, unit),
        ways.journeys_by_api("outcomes", "outcome", column),
        LISTED,
        ways.called_by(printed, lambda _ways, of: of.lower()),
    )


def figure_alone(value, unit):
    """Write a figure without the name of its unit."""
    return ways.figure(unit)(value).split()[0]


def has_a_whole_path(row):
    """Tell whether the steps shown are all there were, and there were some."""
    return row["names"] and not row["longer"]


def pipeline_figure(page, printed=PRINTED_NOT):
    """Return the places of a figure of the Pipeline page."""
    return Places(page, LISTED, LISTED, printed)


def pipeline_card(title, unit, printed=""):
    """Return the places of a card of the Pipeline page."""
    on_paper = ways.printed_card(printed or title, PIPELINE, unit)
    return pipeline_figure(ways.card("pipeline.py", title, unit), on_paper)


def forecast_figure(name, title, column, printed, *others):
    """Return the places of an amount of the forecast by quarter."""
    return Places(
        page=ways.card("forecast.py", title, Unit.MONEY, of=QUARTER),
        api=ways.period_by_api(name),
        cli=ways.period_by_command(name),
        pdf=ways.printed_row("Forecast by period", ways.quarters, column, Unit.MONEY),
        also=(
            ways.printed_card(printed, FORECAST, Unit.MONEY, of=QUARTER),
            ways.only(QUARTER, ways.fact_by_command("forecast", METRICS_OF_PERIODS[name])),
            *others,
        ),
    )


METRICS_OF_PERIODS = {
    "forecast": "forecast", "booked": "booked", "pipeline": "expected_revenue",
    "new_business": "new_business",
}  # fmt: skip
"""What the columns of a forecast are called in the catalogue."""


def chance(name, place):
    """Return the places of a chance of an open deal."""
    return Places(
        page=ways.column("deals.py", "deal", name, Unit.SHARE),
        api=ways.deals_by_api(name),
        cli=ways.deals_by_command(name),
        pdf=ways.printed_deals("Open deals at high risk", place, Unit.SHARE)
        if place
        else "the table of risks shows the chances to win in the period and to slip",
    )


def record_of_scores(title):
    """Return the places of what the chances were worth."""
    page = ways.cell_text("deals.py", "measure", "value", title, formats.percent)
    return Places(page, LISTED, LISTED, PRINTED_NOT)


def check(name):
    """Return the places of a check of the data."""
    title, unit = METRICS[name].title, METRICS[name].unit
    printed = ways.printed_row("Rows to know of", lambda _ways: (title,), 1, unit)
    page = ways.card("data_quality.py", title, unit)
    return Places(page, ways.check_by_api(name), LISTED, ways.only(ALL, printed, title))


def is_at_high_risk(row):
    """Tell whether a deal is in the band of high risk."""
    return row["band"] == Band.HIGH


def is_slipping(row):
    """Tell whether somebody expects a deal in the quarter that will more likely come later."""
    return row["due_on"] and row["due_on"] <= ENDS_ON and row["p_slip"] >= HALF


PLACES = {
    "closed_won": period_figure("closed_won", "Closed won"),
    "won_deals": period_figure("won_deals", "Deals won"),
    "win_rate": period_figure("win_rate", "Win rate"),
    "average_deal": period_figure("average_deal", "Average deal"),
    "sales_cycle": period_figure("sales_cycle", "Sales cycle"),
    "open_pipeline": Places(
        page=ways.card("pipeline.py", "Open pipeline", Unit.MONEY),
        api=ways.overview_of("open_pipeline"),
        cli=ways.fact_by_command("overview", "open_pipeline"),
        pdf=ways.printed_sentence(r"Still in play: (\S+) of open pipeline", MONEY),
        also=(
            ways.card("deals.py", "Open pipeline", Unit.MONEY),
            ways.deals_summed("amount"),
            ways.printed_sentence(r"open deals worth (\S+); expected by", MONEY),
        ),
    ),
    "attributed_revenue": Places(
        page=ways.column("attribution.py", "name", "linear", Unit.MONEY),
        api=ways.credit_by_api("revenue"),
        cli=ways.credit_by_command("revenue"),
        pdf=ways.printed_row("Revenue each model gives", ways.channels, LINEAR, Unit.MONEY),
        also=(ways.column("attribution.py", "channel", "revenue_minor", Unit.MONEY),),
    ),
    "attributed_deals": Places(
        page=ways.column("attribution.py", "channel", "deals", Unit.DEALS),
        api=ways.credit_by_api("deals"),
        cli=ways.credit_by_command("deals"),
        pdf="the report shows revenue by model, and deals as shares with their intervals",
    ),
    "credit_share": Places(
        page=ways.sentence("attribution.py", LEADER, formats.percent),
        api=ways.credit_by_api("share"),
        cli=ways.credit_by_command("share"),
        pdf=ways.printed_sentence(LEADER, formats.percent),
    ),
    "unattributed_share": Places(
        page=ways.sentence("attribution.py", UNEXPLAINED, formats.percent),
        api=ways.fact_by_api("overview", "unattributed_share"),
        cli=ways.fact_by_command("attribution", "unattributed_share"),
        pdf=ways.printed_sentence(UNEXPLAINED, formats.percent),
        also=(ways.sentence("overview.py", UNEXPLAINED, formats.percent),),
    ),
    "spend": channel_figure("spend", "spend_minor", 2),
    "roi": channel_figure("roi", "roi", 3),
    "cac": channel_figure("cac", "cac_minor", 4),
    "channel_win_rate": channel_figure("channel_win_rate", "win_rate", 5),
    "journey_touches": outcome("touches", Unit.TOUCHES, 2),
    "journey_steps": outcome("steps", Unit.TOUCHES, 3),
    "journey_days": outcome("days", Unit.DAYS, 4),
    "path_win_rate": Places(
        ways.column("journeys.py", "in_words", "win_rate", Unit.SHARE),
        ways.journeys_by_api("rows", "names", "win_rate", has_a_whole_path),
        LISTED,
        "the report lists the most frequent paths, most of which are longer than what it shows",
    ),
    "met_share": Places(
        ways.drawn("journeys.py", "name", "share", Unit.SHARE, "outcome=Won"),
        ways.journeys_by_api("met", "name", "won_share"),
        LISTED,
        ways.printed_row("How many won and lost deals met", ways.channels, 2, Unit.SHARE),
    ),
    "forecast": forecast_figure(
        "forecast",
        f"Forecast, {QUARTER}",
        1,
        f"Forecast, {QUARTER}",
        ways.card("forecast.py", f"{QUARTER}, base", Unit.MONEY, of=QUARTER),
    ),
    "booked": forecast_figure("booked", "Booked", 6, "Booked"),
    "expected_revenue": forecast_figure("pipeline", "Open deals, expected", 7, "From open deals"),
    "new_business": forecast_figure("new_business", "New business", 8, "Not yet created"),
    "forecast_chance": Places(
        page=ways.column("forecast.py", "name", "p_win", Unit.SHARE),
        api=LISTED,
        cli=LISTED,
        pdf=ways.printed_deals(
            "Open deals that move", 2, Unit.SHARE, ("name", "account", "owner", "stage")
        ),
    ),
    "pipeline_velocity": pipeline_card("Velocity a day", Unit.MONEY),
    "win_rate_by_age": pipeline_card("Won within 180 days", Unit.SHARE, "Within 180 days"),
    "created_win_rate": pipeline_figure(
        ways.only(COHORT, ways.column("pipeline.py", "basis", "rate", Unit.SHARE), COHORT),
        ways.printed_row("Win rate, three ways", lambda _ways: (COHORT,), 1, Unit.SHARE),
    ),
    "slippage": pipeline_card("Slippage", Unit.SHARE),
    "push_count": pipeline_figure(ways.column("pipeline.py", "name", "pushes", Unit.DEALS)),
    "pipeline_coverage": pipeline_card("Pipeline coverage", Unit.TIMES, "Coverage"),
    "coverage_needed": pipeline_figure(
        ways.beside_card("pipeline.py", "Pipeline coverage", r"(\S+) needed", formats.times),
        ways.printed_sentence(r"(\S+) needed", formats.times),
    ),
    "pipeline_flow": pipeline_figure(
        ways.column("pipeline.py", "line", "amount_minor", Unit.MONEY),
        ways.called_by(
            ways.printed_row("The bridge line by line", ways.lines_of_bridge, 2, Unit.MONEY),
            lambda demo, line: ways.line_name(demo, line.lower()),
        ),
    ),
    "pipeline_category": pipeline_figure(
        ways.drawn("pipeline.py", "name", "amount", Unit.MONEY, "expected"),
        ways.printed_row("Open deals by their chance", ways.categories, 2, Unit.MONEY),
    ),
    "quota": Places(
        page=ways.beside_card("forecast.py", "Chance of the quota", r"of (\S+)", MONEY),
        api=ways.fact_by_api("forecast", "quota"),
        cli=ways.fact_by_command("forecast", "quota"),
        pdf=ways.printed_sentence(r"Against a target of (\S+),", MONEY),
    ),
    "quota_chance": Places(
        page=ways.card("forecast.py", "Chance of the quota", Unit.SHARE),
        api=ways.fact_by_api("forecast", "quota_chance"),
        cli=ways.fact_by_command("forecast", "quota_chance"),
        pdf=ways.printed_card("Chance of quota", FORECAST, Unit.SHARE, formats.chance),
        also=(ways.printed_sentence(r"a chance of (\S+) to reach", formats.percent),),
    ),
    "forecast_error": Places(
        page=ways.cell_text("forecast.py", "title", "error", "Outlook", formats.percent),
        api=ways.record_by_api("wape", "Outlook"),
        cli=ways.fact_by_command("forecast", "forecast_error"),
        pdf=ways.printed_sentence(r"a mean error of (\S+) in past", formats.percent),
    ),
    "forecast_bias": Places(
        page=ways.column("forecast.py", "title", "bias_minor", Unit.MONEY),
        api=ways.record_by_api("bias"),
        cli=LISTED,
        pdf=RECORD_PRINTED,
    ),
    "mase": Places(
        page=ways.column("forecast.py", "title", "mase", Unit.TIMES),
        api=ways.record_by_api("mase"),
        cli=LISTED,
        pdf=RECORD_PRINTED,
    ),
    "forecast_skill": Places(
        page=ways.column("forecast.py", "title", "skill", Unit.SHARE),
        api=LISTED,
        cli=LISTED,
        pdf="the record says in words how a method compares",
    ),
    "interval_coverage": Places(
        page=ways.only(ALL, ways.column("forecast.py", "title", "inside80", Unit.SHARE), "Outlook"),
        api=ways.fact_by_api("forecast", "interval_coverage"),
        cli=ways.fact_by_command("forecast", "interval_coverage"),
        pdf=ways.printed_sentence(r"the interval kept (\S+) of past", formats.percent),
    ),
    "win_chance": Places(
        page=ways.column("deals.py", "deal", "chance", Unit.SHARE),
        api=ways.deals_by_api("chance"),
        cli=ways.deals_by_command("chance"),
        pdf="the report shows the chances of the period",
    ),
    "p_win": chance("p_win", 2),
    "p_lose": chance("p_lose", None),
    "p_slip": chance("p_slip", 3),
    "chance_moved": Places(  # one import, so nothing to compare with, said alike everywhere
        page=ways.column("deals.py", "deal", "moved", Unit.SHARE),
        api=ways.deals_by_api("change"),
        cli=ways.deals_by_command("change"),
        pdf=PRINTED_NOT,
    ),
    "expected_value": Places(
        page=ways.card("deals.py", "Expected in the period", Unit.MONEY),
        api=ways.only(ALL, ways.period_by_api("pipeline"), QUARTER),
        cli=ways.only(ALL, ways.period_by_command("pipeline"), QUARTER),
        pdf=ways.printed_sentence(r"expected by 31 Dec 2026: (\S+)\.", MONEY),
    ),
    "calibration_error": record_of_scores("Calibration error"),
    "auc": record_of_scores("Won ranked above lost"),
    "brier_skill": record_of_scores("Better than the base rate"),
    "slipping_value": Places(
        page=ways.card("deals.py", "Due, but likely to slip", Unit.MONEY),
        api=ways.deals_summed("amount", is_slipping),
        cli=LISTED,
        pdf=PRINTED_NOT,
    ),
    "open_at_risk": Places(
        page=ways.card("deals.py", "Deals at high risk", Unit.DEALS),
        api=ways.deals_summed("", is_at_high_risk),
        cli=ways.deals_by_command("", is_at_high_risk),
        pdf=ways.printed_sentence(r"(\d+) of \d+ open deals are at high risk", formats.count),
    ),
    "value_at_risk": Places(
        page=ways.answered("how much is at high risk", r"(\S+) at high risk", MONEY),
        api=ways.deals_summed("amount", is_at_high_risk),
        cli=LISTED,
        pdf="the report shows the open deals at high risk, one by one",
    ),
    "quality_score": Places(
        ways.score_cards,
        ways.scores_by_api,
        LISTED,
        ways.printed_row("How good each table is", ways.tables_scored, 2, Unit.POINTS),
    ),
    "deals_without_touches": check("deals_without_touches"),
    "contacts_without_account": check("contacts_without_account"),
    "tied_touches": check("tied_touches"),
    "touches_after_close": check("touches_after_close"),
    "deals_without_amount": check("deals_without_amount"),
    "won_without_close_date": check("won_without_close_date"),
    "stale_open_deals": check("stale_open_deals"),
}


OF_METHODS = ("forecast_error", "interval_coverage")
"""Figures of every method of which the other ways show that of the outlook."""
IN_LIST = {
    **dict.fromkeys(
        ("closed_won", "won_deals", "win_rate", "average_deal", "sales_cycle", "open_pipeline"),
        ("overview", None),
    ),
    **dict.fromkeys(
        (
            "attributed_revenue", "attributed_deals", "credit_share", "unattributed_share",
            "spend", "roi", "cac", "channel_win_rate",
        ),
        ("attribution", None),
    ),
    **dict.fromkeys(
        ("journey_touches", "journey_steps", "journey_days", "path_win_rate"), ("journeys", None)
    ),
    "met_share": ("journeys", ways.without(", won")),
    "pipeline_velocity": ("pipeline", None),
    "created_win_rate": ("pipeline", None),
    "pipeline_category": ("pipeline", ways.title_of),
    "win_rate_by_age": ("pipeline", ways.one("Within 180 days")),
    "slippage": ("pipeline", ways.one("Q3 2026")),
    "push_count": ("pipeline", ways.deal_name),
    "pipeline_coverage": ("pipeline", ways.one(QUARTER)),
    "coverage_needed": ("pipeline", ways.one(QUARTER)),
    "pipeline_flow": ("pipeline", ways.line_name),
    **dict.fromkeys(
        ("forecast", "booked", "expected_revenue", "new_business"), ("forecast", ways.period_name)
    ),
    "quota": ("forecast", ways.one("2026-Q4")),
    "quota_chance": ("forecast", ways.one("2026-Q4")),
    "forecast_chance": ("forecast", ways.deal_name),
    **dict.fromkeys(("mase", "forecast_bias", "forecast_skill"), ("forecast", None)),
    **dict.fromkeys(OF_METHODS, ("forecast", ways.one("Outlook"))),
    **dict.fromkeys(
        (
            "expected_value", "slipping_value", "open_at_risk", "calibration_error", "auc",
            "brier_skill",
        ),
        ("deals", None),
    ),
    **dict.fromkeys(
        ("win_chance", "p_win", "p_lose", "p_slip", "chance_moved"), ("deals", ways.deal_name)
    ),
    "value_at_risk": ("ask", None),
    "quality_score": ("data_quality", ways.title_of),
    **dict.fromkeys(
        (
            "deals_without_touches", "contacts_without_account", "tied_touches",
            "touches_after_close", "deals_without_amount", "won_without_close_date",
            "stale_open_deals",
        ),
        ("data_quality", None),
    ),
}  # fmt: skip
"""The page of the list of figures that has a metric, and how what it is of is called elsewhere."""


def in_list(name):
    """Return the two lists of figures that have a metric: the API's, the command line's."""
    if name not in IN_LIST:
        return {}
    page, called = IN_LIST[name]
    return {
        "the list of the API": ways.list_by_api(page, name, called),
        "the list of the command": ways.list_by_command(page, name, called),
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return the four ways in to one demo company."""
    st.cache_data.clear()
    opened = ways.open_ways(tmp_path_factory.mktemp("same"), DEALS)
    yield opened
    opened.services.close()
    st.cache_data.clear()


def test_every_metric_of_the_catalogue_has_a_place_by_each_way_in_or_a_reason():
    assert set(PLACES) == set(METRICS)


def test_every_metric_that_is_shown_is_in_the_list_of_figures():
    assert {name for name, places in PLACES.items() if places.readers()} == IN_LIST.keys()


@pytest.mark.parametrize("name", METRICS)
def test_a_figure_is_the_same_by_every_way_in(demo, name):
    places = {**PLACES[name].readers(), **in_list(name)}
    read = {way: reader(demo) for way, reader in places.items()}

    assert all(values_of(reading) for reading in read.values())
    for listed in in_list(name):
        left_out = values_of(read["page"]).keys() - values_of(read[listed]).keys()
        assert left_out <= demo.shared_names_of_deals
    for (one, left), (other, right) in combinations(read.items(), 2):
        assert_same(left, right, f"{name} by {one} and by {other}")


def test_every_card_of_every_page_is_read_as_a_metric_of_the_catalogue(demo):
    for places in PLACES.values():
        for reader in places.readers().values():
            reader(demo)

    for entry in ENTRIES:
        shown = {(entry.script, one.label) for one in demo.page(entry.script).metric}
        assert shown <= demo.cards_read


def test_page_and_document_name_as_many_deciding_deals_with_the_same_part_of_the_doubt(demo):
    page = re.search(r"(\d+) open deals with (\S+%)", words(demo.page("forecast.py")))
    paper = re.search(r"(\d+) deals worth \S+ carry (\S+%)", " ".join(demo.paper))
    assert page.groups() == paper.groups()


def assert_same(left, right, where):
    """Compare what two readings have in common; an exact value is written as the other reads."""
    of_left, of_right = values_of(left), values_of(right)
    common = of_left.keys() & of_right.keys()
    assert common, f"{where}: nothing in common of {list(of_left)[:5]} and {list(of_right)[:5]}"
    for of in common:
        one, other = of_left[of], of_right[of]
        if isinstance(left, Written) and isinstance(right, Written):
            precise = left.write is right.write or repr(left.write) == repr(right.write)
            assert not precise or one == other, (where, of)
        elif isinstance(left, Written):
            assert one == left.write(other), (where, of)
        elif isinstance(right, Written):
            assert right.write(one) == other, (where, of)
        else:
            assert is_equal(one, other), (where, of, one, other)


def values_of(reading):
    """Return what was read, by what it is of."""
    return reading.texts if isinstance(reading, Written) else reading


def is_equal(one, other):
    """Tell whether two exact values are the same; a share may differ in its last digits."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
