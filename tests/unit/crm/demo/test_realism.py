"""A simulated company looks like a real one: ranges a RevOps manager would not frown at."""

from datetime import date

import numpy as np
import pytest

from core.crm.demo import DemoOptions, simulate
from core.crm.demo.channels import NAMES
from core.crm.demo.realism import observe
from core.crm.demo.story import tell
from core.crm.demo.touches import possible_touches

ENDS_ON = date(2026, 11, 20)
HARVESTERS = ("Direct", "Review sites")


@pytest.fixture(scope="module", params=[7, 1, 2])
def seen(request):
    return observe(simulate(DemoOptions(seed=request.param, ends_on=ENDS_ON)))


def test_win_rate_and_cycle_are_those_of_b2b_software(seen):
    assert 0.15 <= seen.win_rate <= 0.35
    assert 45 <= seen.cycle_days <= 120


def test_won_deals_have_5_to_40_touches_with_a_long_tail(seen):
    assert seen.touches_low >= 4
    assert 10 <= seen.touches_median <= 25
    assert seen.touches_high <= 60
    assert seen.touches_most > 3 * seen.touches_median


def test_amounts_are_log_normal(seen):
    assert abs(seen.log_amount_skew) < 0.5


def test_quarter_ends_and_december_stand_out(seen):
    assert 0.22 <= seen.quarter_end_share <= 0.40  # 0.153 if spread evenly
    assert seen.december_to_august > 1.3


def test_the_company_grows(seen):
    assert 1.0 < seen.growth < 2.0


def test_marketing_spends_one_to_three_percent_of_revenue(seen):
    assert 0.01 <= seen.spend_share <= 0.03


def test_each_stage_loses_deals_but_none_loses_nearly_all(seen):
    kept = [after / before for before, after in zip(seen.reached, seen.reached[1:], strict=False)]
    assert seen.reached[0] == 1.0
    assert all(0.45 <= share <= 0.95 for share in kept)


def test_close_dates_are_pushed_and_some_are_left_overdue(seen):
    assert 0.4 <= seen.pushes <= 2.0
    assert 0.3 <= seen.pushed_share <= 0.75
    assert 0.03 <= seen.overdue_share <= 0.3


def test_stages_are_skipped_and_taken_back_sometimes(seen):
    assert 0.03 <= seen.moved_back_share <= 0.15
    assert 0.1 <= seen.skipped_share <= 0.35


def test_few_open_deals_have_no_amount(seen):
    assert 0.0 < seen.blank_share < 0.12


def test_part_of_the_revenue_would_have_come_anyway(seen):
    assert 0.3 <= seen.untouched_share <= 0.6


def test_where_exposure_follows_intent_the_eager_get_more_touches():
    def correlation(scenario):
        story = tell(DemoOptions(deals=2_000, scenario=scenario, ends_on=ENDS_ON))
        touches = possible_touches(story.market, story.deals)
        counts = np.bincount(touches.opportunity, minlength=len(story.deals))
        return np.corrcoef(np.log1p(counts), story.deals.intent)[0, 1]

    assert correlation("saturating_confounded") > 0.25
    assert abs(correlation("saturating")) < 0.06


def test_harvest_channels_hold_the_last_touch_where_they_harvest():
    def last_share(scenario):
        story = tell(DemoOptions(deals=800, scenario=scenario, ends_on=ENDS_ON))
        of, won = story.touches.opportunity, story.decisions.won & story.closed
        before = story.touches.at <= story.decisions.decided[of]
        last = np.full(len(story.deals), -1)
        last[of[before]] = story.touches.channel[before]  # touches are in order of time
        harvest = np.isin(last, [NAMES.index(name) for name in HARVESTERS])
        return harvest[won].mean()

    assert last_share("additive_harvest") > 0.5
    assert last_share("additive") < 0.25


def test_two_seeds_give_different_companies_with_the_same_channels():
    one, other = (
        simulate(DemoOptions(deals=200, seed=seed, ends_on=ENDS_ON)).tables for seed in (1, 2)
    )
    assert set(one["accounts"]["name"]) != set(other["accounts"]["name"])
    assert not one["deals"]["amount_minor"].equals(other["deals"]["amount_minor"])
    assert set(one["touchpoints"]["channel"]) == set(other["touchpoints"]["channel"]) == set(NAMES)
