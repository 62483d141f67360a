"""Outcome probabilities: hand-computed, blind to the future, summing to one."""

from datetime import date

import numpy as np
import pytest

from core.errors import InvalidParameterError
from core.forecasting.competing_risks import RiskSettings, learn_outcomes, typical_cycle_days
from core.forecasting.histories import DAY, end_of
from core.forecasting.landmarks import Landmarks, landmarks, weekly_instants
from core.forecasting.outcomes import step_ends
from tests.pipelines import Pipeline

UNKNOWN = np.array([np.nan])
PLAIN = RiskSettings(memories=(None,), by_amount=False, shrinkage=1.0)


def marks(at_days, won_days, lost_days, amounts=None, stages=None, due=None):
    """Snapshot rows of deals of one stage, all just entered it."""
    count = len(at_days)
    infinite = [np.inf if moment is None else moment * DAY for moment in [*won_days, *lost_days]]
    return Landmarks(
        at=np.asarray(at_days, dtype=np.int64) * DAY,
        deal=np.arange(count),
        stage=np.asarray(stages or [0] * count, dtype=np.int64),
        age_days=np.zeros(count),
        due_days=np.asarray([np.nan] * count if due is None else due, dtype=float),
        amount=np.asarray(amounts or [100.0] * count),
        won_at=np.asarray(infinite[:count]),
        lost_at=np.asarray(infinite[count:]),
        won_amount=np.full(count, np.nan),
        stages=("Demo", "Offer"),
    )


def test_a_hazard_is_events_over_deals_at_risk_pulled_to_the_stage():
    # Day 0, four deals, week 1: one won, one lost. All of one stage and band, so stage, band and
    # pipeline agree: (1 + 1 x 1/4) / (4 + 1) = 1/4 for each cause.
    seen = marks([0] * 4, [3, None, None, None], [None, 5, None, None])
    table = learn_outcomes(seen, 7 * DAY, step_ends(7), PLAIN)
    outcomes = table.of(np.array([0]), np.array([0.0]), UNKNOWN)

    assert outcomes.won[0, 0] == pytest.approx(1 / 4)
    assert outcomes.lost[0, 0] == pytest.approx(1 / 4)


def test_a_second_step_applies_to_those_still_open():
    # Week 1: 1 of 4 won. Week 2: 1 of 3 left won: 1/4 + 3/4 x 1/3 = 1/2.
    seen = marks([0] * 4, [3, 10, None, None], [None] * 4)
    won = learn_outcomes(seen, 14 * DAY, step_ends(14), PLAIN).won

    assert won[0, 0, 1] == pytest.approx([1 / 4, 1 / 2])


def test_a_step_not_over_yet_teaches_nothing():
    # The snapshot of day 7 has seen no whole week on day 13: only that of day 0 counts, none won.
    seen = marks([0, 7], [None, 9], [None, None])

    assert learn_outcomes(seen, 13 * DAY, step_ends(7), PLAIN).won.max() == 0


def test_what_happened_later_changes_nothing():
    before = marks([0, 0, 7], [3, None, None], [None, None, None])
    after = marks([0, 0, 7, 14], [3, 30, 20, 15], [None, None, None, None])

    one = learn_outcomes(before, 14 * DAY, step_ends(14), PLAIN)
    other = learn_outcomes(after, 14 * DAY, step_ends(14), PLAIN)

    np.testing.assert_array_equal(one.won, other.won)
    np.testing.assert_array_equal(one.age_edges_days, other.age_edges_days)


def test_a_stage_with_few_deals_is_pulled_to_the_whole_pipeline():
    # 100 deals of Demo, 20 won; one deal of Offer, not won. With a shrinkage of 1 the stage is
    # (0 + 20/101) / (1 + 1), and the age band of that one deal (0 + that) / (1 + 1).
    seen = marks([0] * 101, [3] * 20 + [None] * 81, [None] * 101, stages=[0] * 100 + [1])
    won = learn_outcomes(seen, 7 * DAY, step_ends(7), PLAIN).won

    assert won[1, 0, 1, 0] == pytest.approx(20 / 101 / 4)


def test_large_deals_that_do_not_convert_weigh_by_their_amount():
    # Nine small deals of 1 of which all are won, one of 9 that is not: by amount half is won. The
    # cut is off, so weights are 1/1.8 and 9/1.8.
    settings = RiskSettings(memories=(None,), shrinkage=1e-9, largest_weight=1.0)
    seen = marks([0] * 10, [3] * 9 + [None], [None] * 10, amounts=[1.0] * 9 + [9.0])

    assert learn_outcomes(seen, 7 * DAY, step_ends(7), settings).won[0, 0, 1, 0] == pytest.approx(
        0.5
    )


def test_deals_due_soon_are_told_from_deals_due_later():
    # Of 50 due within a week all are won, of 50 due in 80 days none; the cycle is 3 days.
    seen = marks([0] * 100, [3] * 50 + [None] * 50, [None] * 100, due=[0.5] * 50 + [80.0] * 50)
    table = learn_outcomes(seen, 7 * DAY, step_ends(7), PLAIN)
    soon, later = table.of(np.array([0, 0]), np.zeros(2), np.array([0.5, 80.0])).won[:, 0]

    # Stage and age: 50/100 pulled to 1/2; then (50 + 1 x 1/2) / (50 + 1) and (0 + 1/2) / 51.
    assert (soon, later) == pytest.approx((50.5 / 51, 0.5 / 51))


def test_a_short_memory_follows_what_changed():
    # Nothing was won in the first ten weeks, everything in the next ten.
    days = list(range(0, 140, 7))
    seen = marks(days, [None if day < 70 else day + 3 for day in days], [None] * 20)
    short = RiskSettings(memories=(2.0,), by_amount=False)
    long = RiskSettings(memories=(None,), by_amount=False)

    rate = [learn_outcomes(seen, 140 * DAY, step_ends(7), s).won[0, 0, 1, 0] for s in (short, long)]

    assert rate[1] == pytest.approx(0.5)
    assert rate[0] > 0.7


def test_the_three_outcomes_of_every_deal_sum_to_one():
    random = np.random.default_rng(3)
    at = random.integers(0, 200, 3000)
    ends = at + random.exponential(40, 3000)
    won = [day if flip else None for day, flip in zip(ends, random.random(3000) < 0.3, strict=True)]
    lost = [None if one else day for day, one in zip(ends, won, strict=True)]
    table = learn_outcomes(
        marks(at, won, lost, due=random.normal(20, 40, 3000)), 210 * DAY, step_ends(60)
    )
    outcomes = table.of(
        random.integers(-1, 2, 500), random.exponential(40, 500), random.normal(0, 40, 500)
    )

    total = outcomes.won + outcomes.lost + outcomes.slipped
    assert np.abs(total - 1).max() <= 1e-12
    assert min(outcomes.won.min(), outcomes.lost.min(), outcomes.slipped.min()) >= 0
    assert (np.diff(outcomes.won, axis=1) >= 0).all()


def test_a_stage_never_seen_behaves_like_the_whole_pipeline():
    seen = marks([0] * 4, [3, None, None, None], [None] * 4)
    table = learn_outcomes(seen, 7 * DAY, step_ends(7), PLAIN)

    assert table.of(np.array([-1]), np.array([0.0]), UNKNOWN).won[0, 0] == pytest.approx(1 / 4)


def test_without_any_past_nothing_is_expected_to_happen():
    table = learn_outcomes(marks([], [], []), 0, step_ends(7))

    assert table.won.max() == 0
    assert (table.wins_seen, table.losses_seen) == (0, 0)


def test_the_cycle_is_the_median_of_the_wins_known():
    histories = (
        Pipeline()
        .deal("A", "2024-01-01", won="2024-01-21")
        .deal("B", "2024-01-01", won="2024-02-10")
        .deal("C", "2024-01-01", won="2024-03-01")
        .histories()
    )
    seen = landmarks(histories, weekly_instants(histories.starts_at, end_of(date(2024, 3, 10))))

    assert typical_cycle_days(seen) == 40


def test_a_horizon_without_a_future_is_refused():
    with pytest.raises(InvalidParameterError, match="no future"):
        step_ends(0)


@pytest.mark.parametrize("bad", [{"step_days": 0}, {"shrinkage": 0.0}, {"memories": ()}])
def test_settings_that_cannot_work_are_refused(bad):
    with pytest.raises(InvalidParameterError, match="Use the defaults"):
        RiskSettings(**bad)
