"""Every rule model against the hand-computed shares of tests/golden/attribution."""

import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from core.attribution.credit import SHARE
from core.attribution.drill import deal_credits
from core.attribution.results import Question, RuleSettings
from core.engine import open_engine
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
}

# Days before the close where the case is about time; otherwise a touch a day.
DAYS_BEFORE = {
    "decay 14,7,0 days h=7": [14, 7, 0],
    "decay single old touch 70 days h=7": [70],
    "decay tie": [3, 3],
}


def rows():
    with CASES.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["model"] in MODELS]


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['case']}-{row['model']}")
def test_shares_are_the_hand_computed_ones(row, url):
    channels = row["touches"].split(" > ")
    name, settings = MODELS[row["model"]]
    company = Company().deal("D", "100.00", CLOSE.isoformat())
    days_before = DAYS_BEFORE.get(row["case"], range(len(channels), 0, -1))
    for number, (channel, days) in enumerate(zip(channels, days_before, strict=True)):
        day = (CLOSE - timedelta(days=days)).isoformat()
        company.touch(f"T{number}", day, channel, deal="D")
    question = Question(Scope("EUR"), (name,), rules=settings)
    with company.workspace() as workspace:
        touches = deal_credits(open_engine(workspace, url), question, "D")
    expected = [float(Fraction(share)) for share in row["credit"].split(" | ")]
    assert touches["channel"].to_list() == channels
    assert touches[SHARE + name].to_list() == pytest.approx(expected, abs=1e-12)
