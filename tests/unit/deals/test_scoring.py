"""Every open deal gets chances that add up, to one and to the forecast, from what was known."""

from datetime import date, timedelta

import numpy as np
import pytest

from core.deals.learning import learn
from core.deals.model import Verdict
from core.deals.scoring import score_deals
from core.deals.settings import ScoreSettings
from core.errors import InvalidParameterError
from core.forecasting.pipeline import forecast_pipeline
from core.periods import quarter_end_after
from tests.pipelines import Pipeline
from tests.scored import AS_OF, company_data, company_scores, data_of, without_future


def test_won_lost_and_open_sum_to_one_for_each_deal():
    frame = company_scores().frame

    assert (frame["p_win"] + frame["p_lose"] + frame["p_slip"] - 1).abs().max() < 1e-12
    assert min(frame[name].min() for name in ("p_win", "p_lose", "p_slip")) >= 0


def test_the_deals_add_up_to_the_pipeline_forecast_of_the_same_period():
    scores = company_scores()
    forecast = forecast_pipeline(company_data().histories, AS_OF, scores.model.ends_on)

    assert scores.frame["expected_minor"].sum() == pytest.approx(forecast.from_pipeline, rel=1e-9)
    assert scores.frame["deal_id"].to_list() == forecast.deals["deal_id"].to_list()


def test_no_deal_is_likelier_won_or_lost_in_the_period_than_in_the_end():
    frame = company_scores().frame

    assert (frame["p_win"] <= frame["chance"]).all()
    assert (frame["p_lose"] <= 1 - frame["chance"]).all()


def test_contributions_and_start_are_the_log_odds_of_the_chance():
    scores = company_scores()
    chance = scores.frame["chance"].to_numpy()

    assert np.abs(np.log(chance / (1 - chance)) - scores.log_odds).max() < 1e-9


def test_a_company_with_enough_history_gets_a_model_that_beat_the_base_rate():
    win = company_scores().model.win

    assert win.verdict is Verdict.FOUND
    assert win.record.brier < win.record.base_brier
    assert win.record.auc > 0.7


def test_scores_of_a_past_day_do_not_know_what_came_after_it():
    past, data = AS_OF - timedelta(days=200), company_data()
    hindsight = score_deals(data, learn(data, past, quarter_end_after(past)))
    blind = without_future(data, past)
    honest = score_deals(blind, learn(blind, past, quarter_end_after(past)))

    assert hindsight.frame["deal_id"].to_list() == honest.frame["deal_id"].to_list()
    for name in ("chance", "p_win", "p_lose", "before"):
        assert hindsight.frame[name].to_list() == pytest.approx(honest.frame[name].to_list())


def test_the_change_is_to_the_chance_of_the_same_model_thirty_days_ago():
    scores = company_scores()
    earlier = scores.frame.filter(scores.frame["age_days"] < 30)

    assert earlier["before"].is_null().all()
    assert scores.frame["change"].drop_nulls().abs().max() > 0


def test_bands_follow_the_limits():
    scores = company_scores()
    data = company_data()
    strict = score_deals(data, scores.model, ScoreSettings(low_risk=0.99, medium_risk=0.98))

    for chance, band in scores.frame.select("chance", "band").iter_rows():
        assert band == ("low" if chance >= 0.5 else "medium" if chance >= 0.2 else "high")
    assert strict.frame["band"].value_counts().height == 1


def test_few_deals_get_the_base_rate_and_are_told_so():
    pipeline = Pipeline()
    for number in range(6):
        pipeline = pipeline.deal(f"W{number}", "2024-01-01", won=f"2024-02-0{number + 1}")
        pipeline = pipeline.deal(f"L{number}", "2024-01-01", lost=f"2024-02-0{number + 1}")
    data = data_of(pipeline.deal("O1", "2024-03-01").deal("O2", "2024-03-05"))
    scores = score_deals(data, learn(data, date(2024, 3, 10), date(2024, 3, 31)))

    assert scores.model.win.verdict is Verdict.TOO_FEW
    assert scores.frame["chance"].to_list() == [0.5, 0.5]
    assert set(scores.frame["band"]) == {"none"}
    assert "6 deals won and 6 lost are too few" in scores.warnings[-1]


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(InvalidParameterError, match="not after"):
        learn(company_data(), AS_OF, AS_OF)


def test_a_day_before_the_first_deal_is_refused():
    with pytest.raises(InvalidParameterError, match="No deal had been created"):
        learn(company_data(), date(2001, 1, 1), date(2001, 3, 31))


@pytest.mark.parametrize("limits", [(0.3, 0.6), (1.2, 0.3), (0.5, 0.5)])
def test_limits_of_bands_must_rise(limits):
    with pytest.raises(InvalidParameterError, match="rise"):
        ScoreSettings(low_risk=limits[0], medium_risk=limits[1])
