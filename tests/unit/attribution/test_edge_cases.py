"""Every rule model against the hand-computed shares of tests/golden/attribution."""

import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from core.attribution.credit import attribute
from core.attribution.drill import deal_credits
from core.attribution.results import Question, RuleSettings
from core.attribution.rules.registry import RULES
from core.attribution.rules.running import SHARE
from core.engine import open_engine
from core.schema import UNATTRIBUTED
from core.scope import Scope
from tests.builders import Company

CASES = Path(__file__).parents[2] / "golden" / "attribution" / "edge_cases_expected.csv"
CLOSE = date(2024, 12, 31)

# The file's names for models, ours, and the parameters the name implies.
MODELS = {
    "first": ("first_touch", RuleSettings()),
    "last": ("last_touch", RuleSettings()),
    "linear_touch": ("linear", RuleSettings()),
    "position_40_20_40": ("position_based", RuleSettings()),
    "position_30_20_50": ("position_based", RuleSettings(first_share=0.3, last_share=0.5)),
    "time_decay": ("time_decay", RuleSettings()),
    "linear_unique": ("linear_distinct", RuleSettings()),
    "last_non_direct": ("last_non_direct", RuleSettings()),
    "W_shaped": ("w_shaped", RuleSettings()),
    "full_path": ("full_path", RuleSettings()),
    "J_shaped": ("j_shaped", RuleSettings()),
    "inverse_J": ("inverse_j", RuleSettings()),
}

# Touches the file counts by channel, not one by one: the journey they come from.
JOURNEYS = {"repeat": "A > B > A > A"}

# Places, from 0, of the touches behind lead and deal creation (the close is always the last).
MILESTONES = {
    "W 6 touches ms 0,2,4": (2, 4),
    "W first=lead": (0, 2),
    "W all on one of one": (0, 0),
    "W no middle": (1, 2),
    "Z 7 touches ms 0,2,4,6": (2, 4),
    "Z no middle": (1, 2),
}

# Days before the close where the case is about time; otherwise a touch a day.
DAYS_BEFORE = {
    "decay 14,7,0 days h=7": [14, 7, 0],
    "decay single old touch 70 days h=7": [70],
    "decay tie": [3, 3],
}


def rows():
    with CASES.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["model"] != "any"]


ROWS = rows()


@pytest.fixture(scope="module")
def workspace():
    """Hold a deal for each case, which is called by its place in the file."""
    company = Company()
    for place, row in enumerate(ROWS):
        add_deal(company, place, row)
    with company.workspace() as made:
        yield made


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
@pytest.mark.parametrize(
    ("place", "row"), list(enumerate(ROWS)), ids=[f"{row['case']}-{row['model']}" for row in ROWS]
)
def test_shares_are_the_hand_computed_ones(workspace, place, row, url):
    name, settings = MODELS[row["model"]]
    question = Question(Scope("EUR"), (name,), rules=settings)
    touches = deal_credits(open_engine(workspace, url), question, f"D{place}")
    expected = [float(Fraction(share)) for share in row["credit"].split(" | ")]
    if name == "linear_distinct":
        touches = touches.group_by("channel", maintain_order=True).agg(pl.col(SHARE + name).sum())
    assert touches["channel"].to_list() == row["touches"].split(" > ")
    assert touches[SHARE + name].to_list() == pytest.approx(expected, abs=1e-12)


def test_a_deal_without_touches_is_unattributed_under_every_model():
    with Company().deal("D", "100.00").workspace() as workspace:
        result = attribute(open_engine(workspace), Question(Scope("EUR"), tuple(RULES)), "f")
    assert set(result.frame["channel"]) == {UNATTRIBUTED}
    assert set(result.frame["revenue_minor"]) == {10_000}


def add_deal(company, place, row):
    """Add a deal whose journey is the row's."""
    journey = JOURNEYS.get(row["case"], row["touches"]) if _by_channel(row) else row["touches"]
    channels = journey.split(" > ")
    days_before = DAYS_BEFORE.get(row["case"], range(len(channels), 0, -1))
    days = [(CLOSE - timedelta(days=before)).isoformat() for before in days_before]
    lead, created = MILESTONES.get(row["case"], (0, 0))
    deal, contact = f"D{place}", f"C{place}"
    company.contact(contact, created_at=days[lead]).role(deal, contact)
    company.deal(deal, "100.00", CLOSE.isoformat(), created_at=days[created])
    for number, (channel, day) in enumerate(zip(channels, days, strict=True)):
        company.touch(f"T{place:02}-{number}", day, channel, deal=deal)


def _by_channel(row):
    return row["model"] == "linear_unique"
