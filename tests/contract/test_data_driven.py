"""What every data-driven model keeps once it splits the deals of a workspace, on every engine."""

import math

import numpy as np
import polars as pl
import pytest

from core.attribution.credit import attribute
from core.attribution.data_driven import MODELS, PATH_MODELS, data_driven
from core.attribution.drill import credited_deals, deal_credits
from core.attribution.path_attribution import attribute_paths
from core.attribution.paths import PathCounts
from core.attribution.results import Level, Question
from core.attribution.rules.running import CREDIT, SHARE
from core.engine import open_engine
from core.errors import UnknownNameError
from core.schema import UNATTRIBUTED
from core.scope import Scope
from tests.builders import Company
from tests.engines import EVERYWHERE

CHANNELS = ["Email", "Web", "Event", "Call"]


def journeys():
    """Channels, amount (None is lost) of forty deals; every channel also works with others."""
    rng = np.random.default_rng(11)
    for number in range(40):
        path = [str(channel) for channel in rng.choice(CHANNELS, size=rng.integers(1, 6))]
        amount = f"{rng.integers(1, 90_000)}.{rng.integers(100):02}"
        yield f"D{number:02}", path, amount if rng.random() < 0.5 else None


@pytest.fixture(scope="module")
def workspace():
    company = Company().deal("untouched", "77.77").deal("open", "5.00", None, is_won=None)
    company.touch("open-0", "2024-01-05", "Email", deal="open")
    for deal, path, amount in journeys():
        company.deal(deal, amount or "9.99", is_won=amount is not None)
        for place, channel in enumerate(path):
            day = f"2024-02-{1 + place:02}"
            campaign = f"{channel} {place % 2}"
            company.touch(f"{deal}-{place}", day, channel, deal=deal, campaign=campaign)
    with company.workspace() as workspace:
        yield workspace


def question(*models, level=Level.CHANNEL):
    return Question(Scope("EUR"), models, level=level)


def revenue_minor() -> int:
    return sum(round(float(amount) * 100) for _, _, amount in journeys() if amount)


def expected(name):
    """Return the model's answer on the journeys themselves, without a workspace."""
    rows = [
        (tuple(path), int(amount is not None), float(amount or 0) * 100, int(amount is None))
        for _, path, amount in journeys()
    ]
    frame = attribute_paths(PathCounts.from_rows(rows), [name]).frame
    return {channel: (won, worth) for _, channel, won, worth in frame.iter_rows()}


@pytest.mark.parametrize("url", EVERYWHERE)
@pytest.mark.parametrize("name", [name for name in PATH_MODELS if name != "shapley_rate"])
def test_channels_get_what_the_model_says(workspace, url, name):
    result = attribute(open_engine(workspace, url), question(name), "f")
    deals = len([amount for _, _, amount in journeys() if amount])
    for channel, won, minor in result.frame.select("channel", "deals", "revenue_minor").iter_rows():
        if channel != UNATTRIBUTED:
            assert won == pytest.approx(expected(name)[channel][0], abs=1e-8)
            assert abs(minor - expected(name)[channel][1]) <= deals  # a cent of rounding a deal


@pytest.mark.parametrize("url", EVERYWHERE)
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("name", MODELS)
def test_credited_and_unattributed_revenue_equal_closed_won_to_the_cent(
    workspace, url, level, name
):
    result = attribute(open_engine(workspace, url), question(name, level=level), "f")
    line = result.reconciliation[name]
    assert line.holds
    assert line.closed_won_minor == revenue_minor() + 7777
    # Only a model that estimates what touches added may leave more than the deal without a touch.
    assert line.unattributed_minor == 7777 or name not in PATH_MODELS
    assert result.frame["revenue_minor"].min() >= 0
    assert result.frame["deals"].sum() == pytest.approx(result.won_deals, abs=1e-8)


@pytest.mark.parametrize("name", MODELS)
def test_campaigns_of_a_channel_sum_to_the_channel(workspace, name):
    engine = open_engine(workspace)
    channels = attribute(engine, question(name), "f").frame
    campaigns = attribute(engine, question(name, level=Level.CAMPAIGN), "f").frame
    for channel, revenue in channels.select("channel", "revenue_minor").iter_rows():
        own = campaigns.filter(pl.col("campaign").str.starts_with(channel))
        assert own["revenue_minor"].sum() == revenue


@pytest.mark.parametrize("url", EVERYWHERE)
@pytest.mark.parametrize("name", ["markov_1", "shapley_ordered", "shapley_rate"])
def test_the_deals_behind_a_bar_sum_to_the_bar_and_touches_to_the_deal(workspace, url, name):
    engine = open_engine(workspace, url)
    bars = attribute(engine, question(name), "f").frame
    for channel, revenue in bars.select("channel", "revenue_minor").iter_rows():
        assert (
            credited_deals(engine, question(name), name, channel)["credit_minor"].sum() == revenue
        )
    deal, _, amount = next(row for row in journeys() if row[2] and len(set(row[1])) > 1)
    touches = deal_credits(engine, question(name), deal)
    assert touches[CREDIT + name].sum() == round(float(amount) * 100)
    assert math.fsum(touches[SHARE + name]) == pytest.approx(1, abs=1e-9)


def test_engines_give_the_same_integer_credits(workspace):
    frames = [
        attribute(open_engine(workspace, url), question(*MODELS), "f").frame for url in EVERYWHERE
    ]
    assert frames[0].drop("deals").equals(frames[1].drop("deals"))


def test_rules_and_data_driven_models_answer_one_question_in_its_order(workspace):
    result = attribute(open_engine(workspace), question("markov_2", "linear"), "f")
    assert result.frame["model"].unique(maintain_order=True).to_list() == ["markov_2", "linear"]


def test_without_a_lost_deal_the_answer_says_what_it_rests_on():
    company = Company().deal("D1").touch("T1", "2024-02-01", "Email", deal="D1")
    with company.workspace() as workspace:
        result = attribute(open_engine(workspace), question("markov_1"), "f")
    assert result.frame["revenue_minor"].to_list() == [10000]
    assert "No lost deal" in result.warnings[-1]


@pytest.mark.parametrize("name", MODELS)
def test_without_a_touch_all_revenue_is_unattributed(name):
    with Company().deal("D1").workspace() as workspace:
        result = attribute(open_engine(workspace), question(name), "f")
    assert result.frame["channel"].to_list() == [UNATTRIBUTED]
    assert result.reconciliation[name].holds


def test_what_deals_cannot_give_is_said():
    # E alone won much more than its share of removal effects, which are 1 for A to D.
    company = Company()
    for number in range(4):
        company.deal(f"D{number}", "100.00")
        for place, channel in enumerate("ABCD"):
            company.touch(f"D{number}-{place}", f"2024-02-0{place + 1}", channel, deal=f"D{number}")
    for number in range(4):
        company.deal(f"E{number}", "100.00").touch(
            f"E{number}", "2024-02-01", "E", deal=f"E{number}"
        )
    with company.workspace() as workspace:
        result = attribute(open_engine(workspace), question("markov_1"), "f")
    credit = dict(result.frame.select("channel", "revenue_minor").iter_rows())
    assert credit["E"] == 40000
    assert any("cannot carry it" in warning for warning in result.warnings)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_says_what_it_does_and_when_not_to_use_it(name):
    model = data_driven(name)
    assert model.name == name
    assert all((model.title, model.summary, model.formula, model.caution))


def test_an_unknown_model_is_answered_with_the_names_of_all(workspace):
    with pytest.raises(UnknownNameError, match="Did you mean 'markov_1'") as caught:
        attribute(open_engine(workspace), question("markov1"), "f")
    assert all(name in caught.value.hint for name in ("linear", *MODELS))
