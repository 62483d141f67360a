import numpy as np
import pytest

from core.attribution.results import Question
from core.attribution.trust import model_intervals, model_signal
from core.engine import open_engine
from core.errors import EmptyWorkspaceError, UnknownNameError
from core.scope import Scope
from tests.builders import Company

QUESTION = Question(Scope("EUR"), ("linear",))
ENGINES = ("duckdb:", "polars:")


@pytest.fixture(scope="module")
def workspace():
    """Sixty accounts with two deals each; deals with an Event are won far more often."""
    rng = np.random.default_rng(2)
    company = Company()
    for account in range(60):
        company.account(f"A{account}", name=f"Account {account}")
        for number in range(2):
            deal = f"D{account}-{number}"
            path = rng.choice(["Email", "Web", "Event"], size=rng.integers(1, 4))
            won = bool(rng.random() < (0.9 if "Event" in path else 0.2))
            company.deal(deal, "100.00", account_id=f"A{account}", is_won=won)
            for place, channel in enumerate(path):
                company.touch(f"{deal}-{place}", f"2024-02-0{place + 1}", str(channel), deal=deal)
    with company.workspace() as workspace:
        yield workspace


@pytest.mark.parametrize("model", ["linear", "markov_1", "markov_3", "shapley", "shapley_rate"])
def test_intervals_of_a_workspace_hold_the_share_on_every_engine(workspace, model):
    first, second = (
        model_intervals(open_engine(workspace, url), QUESTION, model, seed=4) for url in ENGINES
    )
    assert first.frame["channel"].to_list() == ["Email", "Event", "Web"]
    assert first.frame["share"].sum() == pytest.approx(1)
    assert (first.frame["low"] <= first.frame["share"]).all()
    assert (first.frame["share"] <= first.frame["high"]).all()
    assert first.frame["p_first"][1] > 0.5
    for column in ("share", "low", "high"):
        assert first.frame[column].to_list() == pytest.approx(second.frame[column].to_list())


@pytest.mark.parametrize("model", ["markov_1", "markov_2", "shapley", "shapley_rate"])
def test_a_channel_that_wins_deals_is_a_signal(workspace, model):
    assert model_signal(open_engine(workspace), QUESTION, model, seed=4).found


def test_a_rule_has_no_signal_to_test(workspace):
    with pytest.raises(UnknownNameError):
        model_signal(open_engine(workspace), QUESTION, "linear", seed=4)


def test_a_workspace_without_touches_is_refused():
    with Company().deal("D1").workspace() as workspace:
        engine = open_engine(workspace)
        with pytest.raises(EmptyWorkspaceError):
            model_signal(engine, QUESTION, "markov_1", seed=1)
        with pytest.raises(EmptyWorkspaceError):
            model_intervals(engine, QUESTION, "markov_1", seed=1)
        with pytest.raises(EmptyWorkspaceError):
            model_intervals(engine, QUESTION, "linear", seed=1)
