"""For any journeys and any rule model: credits keep their sign and sum to revenue to the cent."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.attribution.closed_won import won_deals
from core.attribution.credit import attribute
from core.attribution.results import Question
from core.attribution.rules.registry import RULES, rule
from core.attribution.rules.running import CREDIT, SHARE
from core.attribution.splitting import touches_split
from core.engine import collect, open_engine
from core.scope import Scope
from tests.builders import Company

CHANNELS = ["Email", "Web", "Webinar", "Direct", "E"]
QUESTION = Question(Scope("EUR"), tuple(RULES))
CLOSE = datetime(2024, 6, 30, tzinfo=UTC)

touch = st.tuples(st.integers(0, 12), st.integers(0, 2), st.sampled_from(CHANNELS))
deal = st.tuples(st.integers(0, 10**9), st.lists(touch, max_size=7))
deals = st.lists(deal, min_size=1, max_size=4)
some = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def company_of(deals, *, factor=1, rename=str, backwards=False):
    company = Company()
    touches = []
    for number, (minor, journey) in enumerate(deals):
        company.deal(f"D{number}", str(minor * factor / 100), "2024-06-30")
        for index, (days, hours, channel) in enumerate(journey):
            at = (CLOSE - timedelta(days=days * 5, hours=hours)).isoformat()[:19]
            touches.append((f"D{number}-{index}", at, rename(channel), f"D{number}"))
    for touch_id, at, channel, deal_id in reversed(touches) if backwards else touches:
        company.touch(touch_id, at, channel, deal=deal_id)
    return company


def touches_of(company, url="duckdb:"):
    with company.workspace() as workspace:
        engine, models = open_engine(workspace, url), [rule(name) for name in RULES]
        deals = won_deals(engine, QUESTION.scope, QUESTION.journeys.anchor)
        return collect(touches_split(engine, QUESTION, deals, models)).sort("deal_key", "position")


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
@some
@given(deals)
def test_credits_are_not_negative_and_sum_to_the_deal(url, deals):
    rows = touches_of(company_of(deals), url)
    for name in RULES:
        assert rows.select((pl.col(CREDIT + name) >= 0).all()).item()
        assert rows.select((pl.col(SHARE + name) >= 0).all()).item()
        by_deal = rows.group_by("deal_id").agg(
            pl.col(CREDIT + name).sum().alias("credit"), pl.col("revenue_minor").first()
        )
        assert by_deal["credit"].to_list() == by_deal["revenue_minor"].to_list()


@some
@given(deals)
def test_totals_reconcile_with_closed_won_whatever_the_engine(deals):
    with company_of(deals).workspace() as workspace:
        results = [
            attribute(open_engine(workspace, url), QUESTION, "f") for url in ("duckdb:", "polars:")
        ]
    closed = sum(minor for minor, _ in deals)
    for result in results:
        assert all(line.holds for line in result.reconciliation.values())
        assert {line.closed_won_minor for line in result.reconciliation.values()} == {closed}
    assert results[0].frame.drop("deals").equals(results[1].frame.drop("deals"))


@some
@given(deals)
def test_the_order_of_rows_and_the_names_of_channels_change_nothing(deals):
    credit_columns = [CREDIT + name for name in RULES]
    plain = touches_of(company_of(deals))
    backwards = touches_of(company_of(deals, backwards=True))
    renamed = touches_of(company_of(deals, rename=lambda name: f"{name}{name}"))
    assert plain.select(credit_columns).equals(backwards.select(credit_columns))
    others = [column for column in credit_columns if column not in READS_NAMES]
    assert plain.select(others).equals(renamed.select(others))


READS_NAMES = {CREDIT + "last_non_direct"}
"""Credits of models that know a channel by its name."""


@some
@given(deals)
def test_doubled_revenue_doubles_credit_to_the_cent_that_rounding_moves(deals):
    plain, doubled = touches_of(company_of(deals)), touches_of(company_of(deals, factor=2))
    for name in RULES:
        assert (doubled[CREDIT + name] - 2 * plain[CREDIT + name]).abs().max() in {None, 0, 1, 2}
