"""A deal's score is explained by its parts, by deals like it, and by what would change it."""

from datetime import date

import numpy as np
import pytest

from core.deals.explanation import explain, factor_of
from core.deals.learning import learn
from core.deals.moments import next_stages
from core.deals.next_action import NextAction
from core.deals.scoring import score_deals
from core.deals.settings import SignalSettings
from core.deals.similar import neighbours, similar_deals
from core.deals.timeline import timeline
from core.errors import UnknownNameError
from core.forecasting.histories import end_of
from tests.pipelines import Pipeline
from tests.scored import AS_OF, company_data, company_scores, data_of


@pytest.fixture(scope="module")
def explained():
    data, scores = company_data(), company_scores()
    return [explain(data, scores, deal_id) for deal_id in scores.frame["deal_id"].head(25)]


def test_start_and_factors_sum_to_the_log_odds_of_every_deal(explained):
    for one in explained:
        assert np.log(one.chance / (1 - one.chance)) == pytest.approx(one.log_odds, abs=1e-9)


def test_the_factor_that_matters_most_comes_first(explained):
    for one in explained:
        sizes = [abs(factor.contribution) for factor in one.factors]
        assert sizes == sorted(sizes, reverse=True)


def test_a_factor_says_what_is_known(explained):
    stage = next(factor for factor in explained[0].factors if factor.name == "Stage")

    assert stage.facts[0].startswith("stage: ")


def test_similar_deals_are_closed_and_listed_by_outcome(explained):
    for one in explained:
        assert all(deal.is_won for deal in one.similar_won)
        assert not any(deal.is_won for deal in one.similar_lost)
        assert all(deal.closed_on <= AS_OF for deal in (*one.similar_won, *one.similar_lost))
        assert all(deal.days_to_close >= 0 for deal in one.similar_won)


def test_a_deal_is_its_own_nearest_neighbour_when_it_is_among_the_past():
    scores = company_scores()
    near = neighbours(scores, 0)
    rows = similar_deals(company_data(), scores, near.won[:5])

    assert len(near.won) == len(set(scores.model.taught.deal[near.won].tolist()))
    assert len(rows) == 5


def test_what_would_change_the_chance_is_ordered_by_how_much(explained):
    for one in explained:
        changes = [abs(case.change) for case in one.what_ifs]
        assert changes == sorted(changes, reverse=True)
        for case in one.what_ifs:
            assert case.chance == pytest.approx(one.chance + case.change)


def test_the_next_stage_is_the_one_won_deals_went_on_to():
    pipeline = Pipeline()
    for number in range(3):
        name = f"W{number}"
        pipeline = (
            pipeline.deal(name, "2024-01-01", won="2024-03-01")
            .change(name, "2024-01-01", "Lead")
            .change(name, "2024-02-01", "Offer" if number else "Demo")
        )
    following = next_stages(pipeline.histories(), end_of(date(2024, 6, 1)))

    assert following == {"Lead": "Offer"}


def test_the_timeline_tells_creation_stages_dates_amounts_and_touches_the_latest_first():
    pipeline = (
        Pipeline()
        .deal("D1", "2024-01-01")
        .change("D1", "2024-01-01", "Lead", 10_000, "2024-03-01")
        .change("D1", "2024-02-01", "Demo", 12_000, "2024-04-01")
    )
    data = data_of(pipeline, [("D1", "2024-01-15", "Email", "click", None)])
    told = timeline(data, 0, end_of(date(2024, 2, 10)))

    assert told["happened_at"].is_sorted(descending=True)
    assert told.select("event", "detail").rows() == [
        ("stage", "Demo"),
        ("close date", "1 Apr 2024"),
        ("amount", "€120"),
        ("touch", "Email: click"),
        ("created", ""),
        ("stage", "Lead"),
        ("close date", "1 Mar 2024"),
        ("amount", "€100"),
    ]


def _with_meetings():
    """Return a company whose won deals had a meeting next, and whose lost ones never had."""
    pipeline, touches = Pipeline(), []
    for number in range(30):
        fate = {"won": "2024-04-10"} if number % 2 else {"lost": "2024-04-10"}
        pipeline = pipeline.deal(f"D{number:02}", "2024-02-01", **fate)
        touches.append((f"D{number:02}", "2024-02-03", "Web", "click", "c1"))
        if number % 2:
            touches += [
                (f"D{number:02}", f"2024-{month}-0{day}", "Sales", "meeting", "c1")
                for month in ("02", "03", "04")
                for day in (5, 9)
            ]
    return data_of(pipeline.deal("O1", "2024-04-01"), touches)


def test_the_next_action_is_what_similar_won_deals_did_and_lost_ones_did_not():
    data = _with_meetings()
    scores = score_deals(data, learn(data, date(2024, 4, 20), date(2024, 6, 30)))
    action = explain(data, scores, "O1").action

    assert (action.channel, action.kind) == ("Sales", "meeting")
    assert (action.won, action.of_won, action.lost, action.of_lost) == (15, 15, 0, 15)
    assert action.in_words == "Meeting (Sales)."


def test_what_a_seller_cannot_do_is_not_recommended():
    data = _with_meetings()
    scores = score_deals(data, learn(data, date(2024, 4, 20), date(2024, 6, 30)))
    action = explain(data, scores, "O1", SignalSettings(seller_actions=("fax",))).action

    assert action.kind == ""


def test_where_similar_deals_say_nothing_a_risk_is_answered():
    answered = NextAction(signal="inactive", remedy="Get in touch.")

    assert answered.in_words == "Get in touch."
    assert NextAction(is_person=True).in_words == "Meet another person of the company."


def test_a_deal_that_is_not_open_cannot_be_explained():
    with pytest.raises(UnknownNameError, match="no open deal called 'D9'"):
        explain(company_data(), company_scores(), "D9")


def test_the_fact_that_brings_most_of_a_factor_is_named_first():
    parts = [(0.1, "1,459 employees"), (1.4, "kind: Renewal"), (-0.2, ""), (0.0, "region: UK")]
    against = [(0.2, "2 deals won before"), (-0.5, "1 deal lost before")]

    assert factor_of("Segment", parts).facts == ("kind: Renewal", "1,459 employees", "region: UK")
    assert factor_of("Past deals", against).facts[0] == "1 deal lost before"
