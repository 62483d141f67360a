"""Touches kept between questions: the same answers, read from the tables once."""

from dataclasses import replace

import pytest

from core.attribution.credit import attribute
from core.attribution.data_driven import PATH_MODELS
from core.attribution.kept import closed_touches, won_touches
from core.attribution.results import JourneySettings, Level, Question
from core.attribution.rules.registry import RULES
from core.engine import open_engine
from core.scope import Scope
from tests.builders import Company

QUESTION = Question(Scope("EUR"), (*RULES, *PATH_MODELS))


def company():
    names = ("Email", "Web", "Direct", "Event")
    built = Company()
    for number in range(12):
        deal = f"D{number}"
        if number % 3:
            built.deal(deal, f"{100 + 7 * number}.35", "2024-06-30")
        else:
            built.deal(deal, "10.00", "2024-06-30", is_won=False)
        for step in range(1 + number % 4):
            built.touch(
                f"{deal}-{step}",
                f"2024-05-{1 + 3 * step:02}",
                names[(number + step * step) % 4],
                deal=deal,
                campaign=f"Spring {step % 2}",
            )
    return built


@pytest.fixture(scope="module")
def workspace():
    with company().workspace() as made:
        yield made


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("lookback", [365, 55], ids=["whole", "cut"])
def test_every_model_answers_the_same_from_memory(workspace, url, level, lookback):
    asked = replace(QUESTION, level=level, journeys=JourneySettings(lookback_days=lookback))
    read, kept = (
        attribute(open_engine(workspace, url, keeps=keeps), asked, "f") for keeps in (0, 1000)
    )
    assert kept.frame.drop("deals", "share").equals(read.frame.drop("deals", "share"))
    assert kept.frame["deals"].to_list() == pytest.approx(read.frame["deals"].to_list(), abs=1e-9)
    assert kept.reconciliation == read.reconciliation
    assert kept.warnings == read.warnings


def test_touches_are_read_once_for_all_models_and_again_for_another_lookback(workspace):
    counted = CountingEngine(open_engine(workspace, keeps=1000))
    for models in (("linear",), ("markov_2",)):
        won_touches(counted, replace(QUESTION, models=models))([])
        closed_touches(counted, replace(QUESTION, models=models))
    once = counted.read.count("deal_touches")
    won_touches(counted, replace(QUESTION, journeys=JourneySettings(lookback_days=20)))([])
    assert once == 1
    assert counted.read.count("deal_touches") == 2 * once


def test_more_touches_than_may_be_kept_stay_in_the_engine(workspace):
    few = won_touches(open_engine(workspace, keeps=1000), QUESTION)([])
    many = won_touches(
        open_engine(workspace, keeps=3), replace(QUESTION, journeys=JourneySettings(99))
    )([])
    assert few.implementation.is_polars()
    assert many.implementation.is_duckdb()


class CountingEngine:
    """An engine that notes which tables are read."""

    def __init__(self, engine):
        self._engine = engine
        self.keeps = engine.keeps
        self.read = []

    def table(self, name):
        self.read.append(name)
        return self._engine.table(name)

    def lend(self, rows, name):
        return self._engine.lend(rows, name)

    def remembered(self, key, compute, kind="fits"):
        return self._engine.remembered(("counted", key), compute, kind)

    def once(self, key, build):
        return build()
