"""Both kinds of model find what is there and are sums of what each feature adds."""

import numpy as np
import pytest

from core.deals.additive import mean_of, probability
from core.deals.boosting import Boosting, fit_boosting
from core.deals.logistic import Ridge, fit_logistic
from core.deals.model import CANDIDATES
from tests.scored import features_of

ROWS = 1500


def world(seed=1):
    """Return features of which two matter, one bent, and outcomes drawn from them."""
    random = np.random.default_rng(seed)
    plain, bent, idle = random.normal(size=(3, ROWS))
    plain[::7] = np.nan
    colour = random.integers(-1, 2, ROWS)
    log_odds = -1 + 1.2 * np.nan_to_num(plain) + 1.5 * (bent > 0) + 0.8 * (colour == 0)
    won = (random.random(ROWS) < probability(log_odds)).astype(float)
    features = features_of(
        {"plain": plain, "bent": bent, "idle": idle}, {"colour": (colour, ("red", "blue"))}
    )
    return features, won, log_odds


FITS = {
    "straight": fit_logistic,
    "bent": lambda *rows: fit_logistic(*rows, Ridge(4, (0.2, 0.5, 0.8))),
    "boosting": fit_boosting,
}


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_the_contributions_and_the_start_are_the_log_odds(fit):
    features, won, _ = world()
    model = fit(features, won, np.ones(ROWS))
    total = model.start + model.contributions(features).sum(axis=1)

    assert np.abs(total - model.log_odds(features)).max() < 1e-9


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_a_feature_that_matters_contributes_more_than_one_that_does_not(fit):
    features, won, _ = world()
    spread = fit(features, won, np.ones(ROWS)).contributions(features).std(axis=0)

    assert min(spread[0], spread[1]) > 3 * spread[2]


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_contributions_average_nought_on_what_was_learned_from(fit):
    features, won, _ = world()
    model = fit(features, won, np.ones(ROWS))

    assert np.abs(model.contributions(features).mean(axis=0)).max() < 1e-9


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_scores_come_near_the_truth_on_unseen_rows(fit):
    features, won, _ = world(1)
    unseen, _, truth = world(2)
    found = probability(fit(features, won, np.ones(ROWS)).log_odds(unseen))

    assert np.corrcoef(found, probability(truth))[0, 1] > 0.9


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_outcomes_that_are_nearly_sure_do_not_run_away(fit):
    features = features_of({"tells all": np.repeat([0.0, 1.0], 50)})
    model = fit(features, np.repeat([0.0, 1.0], 50), np.ones(100))

    assert np.abs(model.log_odds(features)).max() < 12


def test_a_coefficient_follows_the_penalised_likelihood():
    # One column of -1 and 1 already has mean 0 and deviation 1; at the optimum
    # sum of x (won - p) = belief x coefficient.
    x = np.tile([-1.0, 1.0], 50)
    won = np.concatenate([np.tile([0.0, 1.0], 30), np.tile([1.0, 0.0], 20)])
    model = fit_logistic(features_of({"x": x}), won, np.ones(100), Ridge(belief=2.0))
    slope = (model.curves[0].of(np.array([1.0])) - model.curves[0].of(np.array([-1.0])))[0] / 2
    chance = probability(model.log_odds(features_of({"x": x})))

    assert x @ (won - chance) == pytest.approx(2.0 * slope, abs=1e-6)


def test_a_stump_takes_the_newton_step_of_its_side():
    # Two bins of 10, 8 and 2 won, share 0.5: step = rate x (8 - 5) / (10 x 0.25 + belief).
    x, won = np.repeat([1.0, 0.0], 10), np.array([1.0] * 8 + [0.0] * 2 + [1.0] * 2 + [0.0] * 8)
    one = Boosting(rounds=1, rate=0.5, fewest=1, belief=1.0)
    model = fit_boosting(features_of({"x": x}), won, np.ones(20), one)

    assert model.log_odds(features_of({"x": [1.0]}))[0] == pytest.approx(0.5 * 3 / 3.5)


def test_a_calibrated_sum_is_still_a_sum():
    features, won, _ = world()
    model = fit_logistic(features, won, np.ones(ROWS))
    scaled = model.scaled(0.8, 0.1)

    assert scaled.log_odds(features) == pytest.approx(0.8 * model.log_odds(features) + 0.1)


def test_the_mean_of_models_says_the_mean_of_what_they_say_value_by_value():
    random = np.random.default_rng(5)
    x = random.normal(size=600)
    x[::17] = np.nan
    codes = random.integers(-1, 2, 600)
    features = features_of({"x": x}, {"kind": (codes, ("a", "b"))})
    won = (random.random(600) < probability(np.nan_to_num(x) + codes)).astype(float)
    models = [one.fit(features, won, np.ones(600)) for one in CANDIDATES]

    expected = np.mean([model.contributions(features) for model in models], axis=0)
    blend = mean_of(models)
    assert blend.contributions(features) == pytest.approx(expected, abs=1e-12)
    assert blend.log_odds(features) == pytest.approx(
        np.mean([model.log_odds(features) for model in models], axis=0), abs=1e-12
    )
