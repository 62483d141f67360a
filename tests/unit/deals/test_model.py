"""The model is chosen by what it would have said of later deals, and only believed if it knew."""

from dataclasses import replace

import numpy as np
import pytest

from core import companion
from core.companion import asked, begun
from core.deals.additive import probability
from core.deals.columns import OWNER_RATE
from core.deals.model import CANDIDATES, Verdict, choose_model
from core.deals.validation import Sample, folds, platt
from core.forecasting.histories import DAY
from tests.scored import features_of


def past_deals(deals=400, signal=1.5, seed=3):
    """Return three snapshots each of decided deals, one feature of which tells the outcome."""
    random = np.random.default_rng(seed)
    x = random.normal(size=deals)
    won = random.random(deals) < probability(-0.5 + signal * x)
    closed = np.sort(random.uniform(60, 700, deals))
    deal = np.repeat(np.arange(deals), 3)
    at = np.repeat(closed, 3) - np.tile([45, 30, 15], deals)
    noise = random.normal(size=(2, deals * 3))
    return Sample(
        features=features_of({"x": x[deal] + 0.1 * noise[0], "idle": noise[1]}),
        won=won[deal].astype(float),
        at=(at * DAY).astype(np.int64),
        closed_at=np.repeat(closed, 3) * DAY,
        deal=deal,
        company=deal,
        amount=np.full(deals * 3, 100.0),
        known_until=701 * DAY,
    )


def test_no_deal_and_no_company_is_on_both_sides_of_a_cut():
    rows = replace(past_deals(), company=past_deals().deal // 2)
    split = folds(rows)

    assert len(split) > 2
    for fold in split:
        assert not set(rows.company[fold.learned]) & set(rows.company[fold.asked])
        assert rows.closed_at[fold.learned].max() < rows.at[fold.asked].min() + 1


def test_a_signal_is_found_and_its_model_named():
    win = choose_model(past_deals())

    assert win.verdict is Verdict.FOUND
    assert win.surety > 2
    assert win.name in {"logistic", "bent_logistic", "boosting", "blend"}


def test_below_300_closed_deals_only_the_straight_lines_are_tried():
    assert [one.name for one in choose_model(past_deals(250)).tried] == ["logistic"]
    assert len(choose_model(past_deals(400)).tried) == 4


def test_without_a_signal_every_deal_gets_the_base_rate():
    rows = past_deals(signal=0.0)
    win = choose_model(rows)

    assert win.verdict is Verdict.NONE
    assert np.ptp(win.score.log_odds(rows.features)) == 0
    assert win.record is not None


def test_fewer_than_twenty_wins_are_too_few():
    rows = past_deals(60)
    won = np.where(rows.deal < 15, 1.0, 0.0)

    assert choose_model(replace(rows, won=won)).verdict is Verdict.TOO_FEW


@pytest.mark.slow
def test_shuffled_outcomes_are_called_no_signal():
    found = 0
    for seed in range(20):
        rows = past_deals(seed=seed)
        fate = np.random.default_rng(seed).permutation(rows.won[::3])
        found += choose_model(replace(rows, won=np.repeat(fate, 3))).verdict is Verdict.FOUND

    assert found <= 1


def test_platt_recovers_a_slope_that_is_too_steep():
    random = np.random.default_rng(0)
    truth = random.normal(size=20_000)
    won = (random.random(20_000) < probability(0.5 * truth - 0.3)).astype(float)
    slope, intercept = platt(truth, won, np.arange(20_000))

    assert slope == pytest.approx(0.5, abs=0.04)
    assert intercept == pytest.approx(-0.3, abs=0.04)


def test_platt_without_a_past_leaves_log_odds_alone():
    assert platt(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)) == (1.0, 0.0)


def test_an_owner_s_record_never_speaks_against_a_win():
    rows = past_deals(250)
    # Whoever gets the deals that are lost anyway wins most of the others: learned from few deals,
    # a good record would speak against a deal.
    record = -rows.features.numbers[0].values
    named = replace(rows.features.numbers[0], name=OWNER_RATE, values=record)
    both = replace(rows.features, numbers=(*rows.features.numbers[1:], named))

    for one in CANDIDATES:
        model = replace(rows, features=both).fitted(one.fit)
        assert np.abs(model.contributions(both)[:, -1]).max() < 1e-12

    rising = replace(both, numbers=(*both.numbers[:-1], replace(named, values=-record)))
    for one in CANDIDATES:
        model = replace(rows, features=rising).fitted(one.fit)
        assert np.ptp(model.contributions(rising)[:, -1]) > 1


def test_a_companion_learns_the_same_to_the_bit(monkeypatch):
    monkeypatch.setattr(companion, "cores", lambda: 2)
    rows = past_deals()
    with begun():
        there = asked(choose_model, rows)()
    here = choose_model(rows)

    assert (there.name, there.tried, there.surety) == (here.name, here.tried, here.surety)
    assert (
        there.score.contributions(rows.features).tobytes()
        == here.score.contributions(rows.features).tobytes()
    )
