"""What every rule model keeps, whichever it is, on every engine."""

import math

import polars as pl
import pytest

from core.attribution.credit import attribute
from core.attribution.drill import (
    credited_campaigns,
    credited_deals,
    credited_touches,
    deal_credits,
)
from core.attribution.results import Level, Question
from core.attribution.rules.registry import RULES, rule
from core.attribution.rules.running import CREDIT, SHARE
from core.engine import open_engine
from core.errors import UnknownNameError
from core.schema import UNATTRIBUTED
from core.scope import Scope
from tests.builders import Company
from tests.engines import EVERYWHERE


@pytest.fixture(scope="module")
def workspace():
    company = (
        Company()
        .account("A1", name="Acme")
        .contact("C1", account_id="A1", created_at="2024-01-20")
        .deal("D1", "100.00", account_id="A1", created_at="2024-03-01")
        .deal("D2", "0.01", "2024-05-01 10:00", created_at="2024-02-01")
        .deal("D3", "777.77")
        .deal("D4", None)
        .deal("D5", "-33.34")
        .deal("D6", "12.35", created_at="2024-06-01")
        .role("D1", "C1")
    )
    channels = ["Email", "Web", "Direct", "Event", "Email"]
    for deal, touches in (("D1", 5), ("D2", 4), ("D4", 2), ("D5", 3), ("D6", 1)):
        for number in range(touches):
            day = f"2024-0{1 + number}-1{number}"
            company.touch(
                f"{deal}-{number}",
                day,
                channels[number],
                deal=deal,
                campaign=f"Spring {number % 4}",
            )
    company.touch("C1-1", "2024-04-04", "Call", contact="C1")
    with company.workspace() as workspace:
        yield workspace


def question(*models, level=Level.CHANNEL):
    return Question(Scope("EUR"), models or tuple(RULES), level=level)


@pytest.mark.parametrize("url", EVERYWHERE)
@pytest.mark.parametrize("level", list(Level))
def test_credited_and_unattributed_revenue_equal_closed_won_to_the_cent(workspace, url, level):
    result = attribute(open_engine(workspace, url), question(level=level), "f")
    for name, line in result.reconciliation.items():
        rows = result.frame.filter(pl.col("model") == name)
        assert line.holds
        assert line.closed_won_minor == 10000 + 1 + 77777 - 3334 + 1235
        assert line.unattributed_minor == 77777
        assert rows["revenue_minor"].sum() == line.closed_won_minor
        assert rows["deals"].sum() == pytest.approx(result.won_deals, abs=1e-9)
    assert list(result.reconciliation) == list(RULES)


def test_engines_give_the_same_integer_credits(workspace):
    frames = [attribute(open_engine(workspace, url), question(), "f").frame for url in EVERYWHERE]
    assert frames[0].drop("deals").equals(frames[1].drop("deals"))
    assert frames[0]["deals"].to_list() == pytest.approx(frames[1]["deals"].to_list(), abs=1e-9)


# Each bar of each model is a query of its own: Polars, the quicker here, drills into all of them.
@pytest.mark.parametrize("name", RULES)
def test_the_deals_behind_a_bar_sum_to_the_bar(workspace, name):
    engine = open_engine(workspace, "polars:")
    bars = attribute(engine, question(name), "f").frame
    for channel, revenue in bars.select("channel", "revenue_minor").iter_rows():
        deals = credited_deals(engine, question(name), name, channel)
        assert deals["credit_minor"].sum() == revenue
        assert deals["deal_id"].is_unique().all()


@pytest.mark.parametrize("name", RULES)
def test_campaigns_touches_and_deals_each_sum_to_the_bar_and_to_each_other(workspace, name):
    engine, asked = open_engine(workspace, "polars:"), question(name)
    bars = attribute(engine, asked, "f").frame.filter(pl.col("channel") != UNATTRIBUTED)
    for channel, revenue in bars.select("channel", "revenue_minor").iter_rows():
        campaigns = credited_campaigns(engine, asked, name, channel)
        assert campaigns["credit_minor"].sum() == revenue
        assert credited_touches(engine, asked, name, channel)["credit_minor"].sum() == revenue
        for campaign, credit in campaigns.select("campaign", "credit_minor").iter_rows():
            for behind in (credited_touches, credited_deals):
                assert (
                    behind(engine, asked, name, channel, campaign)["credit_minor"].sum() == credit
                )


@pytest.mark.parametrize("drilled", [credited_deals, credited_campaigns, credited_touches])
def test_what_is_behind_a_bar_does_not_depend_on_the_engine(workspace, drilled):
    found = [
        drilled(open_engine(workspace, url), question("linear"), "linear", "Email")
        for url in EVERYWHERE
    ]
    kept = [rows.drop("share", "deals", strict=False) for rows in found]
    assert kept[0].equals(kept[1])


@pytest.mark.parametrize("url", EVERYWHERE)
@pytest.mark.parametrize(
    ("deal", "amount"), [("D1", 10000), ("D2", 1), ("D5", -3334), ("D6", 1235)]
)
def test_the_touches_of_a_deal_sum_to_the_deal(workspace, url, deal, amount):
    touches = deal_credits(open_engine(workspace, url), question(), deal)
    for name in RULES:
        assert touches[CREDIT + name].sum() == amount
        assert math.fsum(touches[SHARE + name]) == pytest.approx(1, abs=1e-12)
        assert touches[SHARE + name].min() >= 0
        off = touches[CREDIT + name] - touches[SHARE + name] * amount
        assert off.abs().max() < 1


@pytest.mark.parametrize("url", EVERYWHERE)
def test_one_touch_takes_the_whole_deal(workspace, url):
    touches = deal_credits(open_engine(workspace, url), question(), "D6")
    assert {touches[SHARE + name].item() for name in RULES} == {1.0}
    assert {touches[CREDIT + name].item() for name in RULES} == {1235}


def test_an_unknown_amount_gives_a_share_of_the_deal_and_no_money(workspace):
    touches = deal_credits(open_engine(workspace), question(), "D4")
    for name in RULES:
        assert math.fsum(touches[SHARE + name]) == pytest.approx(1, abs=1e-12)
        assert touches[CREDIT + name].to_list() == [None, None]


@pytest.mark.parametrize("name", RULES)
def test_a_model_says_what_it_does_and_when_not_to_use_it(name):
    model = rule(name)
    assert model.name == name
    assert all((model.title, model.summary, model.formula, model.caution))
    assert all(value is not None for value in model.parameters.values())
    assert isinstance(hash(model), int)


def test_an_unknown_model_is_answered_with_the_names():
    with pytest.raises(UnknownNameError, match="Did you mean 'linear'") as caught:
        rule("liner")
    assert all(name in caught.value.hint for name in RULES)


def test_the_unattributed_row_lists_the_deals_no_touch_explains(workspace):
    deals = credited_deals(open_engine(workspace), question("linear"), "linear", UNATTRIBUTED)
    assert deals["deal_id"].to_list() == ["D3"]
    assert deals["touches"].to_list() == [0]


def test_the_frame_is_ordered_by_model_then_revenue_with_unattributed_last(workspace):
    frame = attribute(open_engine(workspace), question("last_touch", "linear"), "f").frame
    assert frame["model"].unique(maintain_order=True).to_list() == ["last_touch", "linear"]
    linear = frame.filter(pl.col("model") == "linear")
    assert linear["channel"][-1] == UNATTRIBUTED
    assert linear["revenue_minor"][:-1].is_sorted(descending=True)
