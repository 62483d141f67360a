"""What the analyst knows of a period is what the page shows of it."""

import pytest

from app.analyst_services import ExplainQuestion
from core.analyst.facts import Claim
from core.analyst.writers.registry import WriterSettings
from core.periods import Preset
from tests.fakes import small_services

RULES = WriterSettings()


@pytest.fixture(scope="module")
def analyst():
    return small_services().analyst


def test_a_fact_carries_value_unit_noun_definition_and_the_way_back(analyst):
    sheet = analyst.sheet(ExplainQuestion("overview", preset=Preset.QUARTER_TO_DATE))

    fact = sheet["won_deals"]
    assert (fact.value, fact.unit, fact.noun, fact.text) == (3, "count", "won deal", "3 won deals")
    assert fact.definition == "won_deals"
    assert str(fact.link) == "overview?period=Quarter to date&currency=EUR"


def test_what_may_be_said_of_a_figure_follows_from_the_period_before(analyst):
    sheet = analyst.sheet(ExplainQuestion("overview", preset=Preset.QUARTER_TO_DATE))

    # 6,500.50 against 1,000.00 of the same days a quarter earlier.
    assert sheet["closed_won"].claims == {Claim.UP, Claim.BETTER}
    assert sheet["closed_won_change"].text == (
        "\u20ac6.50k of closed-won revenue (up 550.0% on the same days of Q3 2026)"
    )


@pytest.mark.parametrize("topic", ["overview", "attribution"])
@pytest.mark.parametrize("preset", list(Preset))
def test_rules_have_no_sentence_that_fails_the_check(analyst, topic, preset):
    written = analyst.explain(ExplainQuestion(topic, preset=preset), RULES)

    assert written.sentences
    assert written.dropped == ()


def test_a_text_by_rules_says_who_wrote_it_and_that_nothing_was_sent(analyst):
    written = analyst.explain(ExplainQuestion("overview"), RULES)

    assert written.label == f"Written by rules from {len(written.sheet.facts)} facts. " + (
        "Nothing was sent anywhere."
    )
    assert [fact.name for fact in written.footnotes][:2] == ["closed_won", "won_deals"]


@pytest.mark.parametrize(
    ("model", "said"),
    [("linear", "the linear model"), ("markov_1", "the Markov model (order 1)")],
)
def test_a_model_is_named_as_a_sentence_needs_it(analyst, model, said):
    asked = ExplainQuestion("attribution", model=model)

    assert analyst.sheet(asked)["model"].text == said
    assert f"By {said}, " in analyst.explain(asked, RULES).text
