"""Stored numbers of whole journeys: the same credits as a pass along them."""

from dataclasses import replace

import polars as pl
import pytest

from core.attribution.closed_won import won_deals
from core.attribution.credit import attribute
from core.attribution.results import (
    Anchor,
    JourneySettings,
    Level,
    MilestoneWeights,
    Question,
    RuleSettings,
)
from core.attribution.rules.registry import RULES, rule
from core.attribution.rules.running import CREDIT
from core.attribution.splitting import touches_split
from core.attribution.whole import are_whole
from core.engine import collect, open_engine
from core.schema import UNATTRIBUTED
from core.scope import Scope
from tests.builders import Company

QUESTION = Question(Scope("EUR"), tuple(RULES))
NAMES = ("Email", "Direct", "Web", "Event", "Web", "direct", "Call")


@pytest.fixture(scope="module")
def workspace():
    company = (
        Company().contact("C1", created_at="2024-03-07").contact("C2", created_at="2023-01-01")
    )
    for number in range(14):
        deal = f"D{number}"
        created = f"2024-0{1 + number % 5}-1{number % 3}"
        company.deal(deal, f"{37 * number + 1}.{number:02}", created_at=created)
        company.role(deal, f"C{1 + number % 2}") if number % 3 else company
        for step in range(number % 8):
            company.touch(
                f"{deal}-{step}",
                f"2024-0{1 + step % 6}-0{1 + number % 7}",
                NAMES[(number + step * step) % len(NAMES)],
                deal=deal,
                campaign=f"Spring {step % 3}",
            )
    company.deal("undated", "12.00", None).touch("u-0", "2024-02-02", "Web", deal="undated")
    company.deal("lost", "50.00", is_won=False).touch("l-0", "2024-02-02", "Web", deal="lost")
    with company.workspace() as made:
        yield made


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize(
    "custom",
    [
        MilestoneWeights(0.2, 0.2, 0.2, 0.2, 0.2),
        MilestoneWeights(0.0, 0.5, 0.5, 0.0, 0.0),
        MilestoneWeights(0.0, 0.3, 0.0, 0.7, 0.1),
    ],
)
def test_every_rule_gives_each_name_what_a_pass_along_the_journeys_gives(
    workspace, url, level, custom
):
    asked = replace(QUESTION, level=level, rules=RuleSettings(custom=custom))
    engine, rules = open_engine(workspace, url), [rule(name, asked.rules) for name in RULES]
    bars = attribute(engine, asked, "f").frame.filter(pl.col(level.value) != UNATTRIBUTED)
    deals = won_deals(engine, asked.scope, asked.journeys.anchor)
    assert are_whole(counted(engine), asked.journeys)
    touches = collect(touches_split(engine, asked, deals, rules))
    for name in RULES:
        passed = touches.group_by(level.value).agg(pl.col(CREDIT + name).sum())
        found = bars.filter(pl.col("model") == name).select(level.value, "revenue_minor")
        assert dict(found.rows()) == dict(passed.rows())


@pytest.mark.parametrize(
    "settings",
    [
        JourneySettings(lookback_days=60),
        JourneySettings(anchor=Anchor.CREATED),
        JourneySettings(account_touches=False),
        JourneySettings(excluded_channels=("Web",)),
        JourneySettings(excluded_kinds=("click",)),
        JourneySettings(since_creation=True),
    ],
)
def test_journeys_that_a_setting_cuts_are_numbered_anew(workspace, settings):
    assert not are_whole(counted(open_engine(workspace), settings.anchor), settings)


def counted(engine, anchor=Anchor.WON):
    return won_deals(engine, QUESTION.scope, anchor, names=False)
