"""Why a deal is split as it is, and how it would be split if something had not happened."""

import pytest

from core.attribution.data_driven import MODELS
from core.attribution.explanation import Removal, counterfactual, explain_deal
from core.attribution.reasons import why
from core.attribution.results import MilestoneWeights, Question, RuleSettings
from core.attribution.rules.registry import RULES, rule
from core.engine import open_engine
from core.errors import UnknownNameError
from core.schema import UNATTRIBUTED
from core.scope import Scope
from tests.builders import Company

EVERY = (*RULES, *MODELS)
SCOPE = Scope("EUR")


def company():
    """Return D1 with Email on 1 February, Web on 1 April and Email on 20 June, and others.

    Its lead date is 10 February, it was created on 1 March and won on 30 June.
    """
    made = (
        Company()
        .account("A", name="Acme")
        .contact("P", account_id="A", created_at="2024-02-10")
        .deal("D1", "90.00", created_at="2024-03-01", account_id="A", name="Acme one")
        .role("D1", "P")
        .touch("T1", "2024-02-01", "Email", deal="D1", campaign="Spring")
        .touch("T2", "2024-04-01", "Web", deal="D1")
        .touch("T3", "2024-06-20", "Email", deal="D1")
        .deal("D2", "10.00")
        .touch("T4", "2024-04-01", "Web", deal="D2")
        .deal("D3", None)
        .touch("T5", "2024-04-01", "Web", deal="D3")
        .touch("T6", "2024-05-01", "Direct", deal="D3")
        .deal("D5", "10.00")
    )
    for number in range(6):
        made.deal(f"L{number}", "5.00", is_won=False)
        made.touch(f"L{number}", "2024-05-01", "Web" if number else "Email", deal=f"L{number}")
    return made


@pytest.fixture(scope="module", params=["duckdb:", "polars:"])
def engine(request):
    with company().workspace() as workspace:
        yield open_engine(workspace, request.param)


def asked(*models, **rules):
    return Question(SCOPE, models, rules=RuleSettings(**rules))


def reason(engine, model, deal="D1", **rules):
    return explain_deal(engine, asked(model, **rules), deal).reasons[model]


def test_every_model_has_words_of_its_own(engine):
    found = explain_deal(engine, asked(*EVERY), "D1")

    assert found.deal == "Acme one"
    assert set(found.reasons) == set(EVERY)
    assert not [name for name, said in found.reasons.items() if said.startswith("The model ")]


@pytest.mark.parametrize("name", RULES)
def test_no_rule_is_explained_by_the_sentence_of_last_resort(name):
    assert why.dispatch(type(rule(name))) is not why.dispatch(object)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("first_touch", "Of 3 eligible touches the first takes it all: Email on 1 Feb 2024."),
        ("linear", "33.3% each of 3 eligible touches: Email 2 times and Web 1 time."),
        ("linear_distinct", "50.0% each of 2, at its first touch: Email and Web."),
        ("position_based", "the 1 touch between share 20.0%"),
        # 2^(-10/7) of 2^(-10/7) + 2^(-90/7) + 2^(-150/7): .3715 of .3716.
        ("time_decay", "every 7 days before the close. Email, 10 days before, gets 100.0%"),
        ("w_shaped", "First touch: Email on 1 Feb 2024 (90.0%); lead: Email on 1 Feb 2024 (90.0%)"),
        ("full_path", "Milestones on one touch add up. The other 1 touch share"),
        ("shapley", "Every channel of the journey weighs the same here, 50.0% each."),
        ("markov_1", "Learnt from all closed journeys"),
    ],
)
def test_the_sentence_says_what_decided(engine, model, said):
    assert said in reason(engine, model)


def test_a_milestone_without_a_touch_before_it_is_said(engine):
    # D2 has no person, so no lead date.
    found = reason(engine, "custom", "D2", custom=MilestoneWeights(1, 1, 0, 0, 0))

    assert "No touch came before the lead" in found


def test_a_direct_last_touch_is_passed_over_and_said(engine):
    assert "The last touch that is not direct takes it all: Web" in reason(
        engine, "last_non_direct", "D3"
    )


def test_without_a_touch_the_others_share_the_deal(engine):
    found = counterfactual(engine, asked("linear", "last_touch"), "D1", Removal(touch_id="T3"))

    rows = found.frame.rows_by_key("channel", named=True)
    assert (found.removed, found.left) == (1, 2)
    assert (rows["Email"][0]["now_linear"], rows["Email"][0]["then_linear"]) == (6000, 4500)
    assert (rows["Web"][0]["now_last_touch"], rows["Web"][0]["then_last_touch"]) == (0, 9000)


def test_without_a_channel_all_its_touches_are_gone(engine):
    found = counterfactual(engine, asked("linear"), "D1", Removal(channel="Email"))

    assert found.removed == 2
    assert dict(found.frame.select("channel", "then_linear").iter_rows()) == {
        "Email": 0,
        "Web": 9000,
    }


def test_without_its_only_touch_the_deal_is_nobodys(engine):
    found = counterfactual(engine, asked("linear"), "D2", Removal(channel="Web"))

    assert found.left == 0
    assert dict(found.frame.select("channel", "then_linear").iter_rows()) == {
        "Web": 0,
        UNATTRIBUTED: 1000,
    }


@pytest.mark.parametrize("model", EVERY)
def test_what_moves_is_neither_lost_nor_made(engine, model):
    found = counterfactual(engine, asked(model), "D1", Removal(touch_id="T2"))

    assert found.frame[f"now_{model}"].sum() == found.frame[f"then_{model}"].sum() == 9000


def test_the_credit_of_an_unknown_amount_stays_unknown(engine):
    found = counterfactual(engine, asked("linear"), "D3", Removal(channel="Web"))

    assert found.frame["now_linear"].to_list() == [None, None]
    assert found.frame["then_linear"].to_list() == [None, None]


def test_a_deal_without_an_eligible_touch_is_said(engine):
    with pytest.raises(UnknownNameError, match="No deal 'D5' with an eligible touch"):
        explain_deal(engine, asked("linear"), "D5")
