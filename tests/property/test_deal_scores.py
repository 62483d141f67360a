"""Whatever the deals: parts sum to the score, chances to one, amounts to the forecast."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.deals.additive import probability
from core.deals.boosting import Boosting, fit_boosting
from core.deals.logistic import Ridge, fit_logistic
from core.deals.period import Forecast, in_period
from tests.scored import features_of

EXAMPLES = settings(max_examples=60)
seeds = st.integers(0, 10_000)


@st.composite
def periods(draw):
    """Return deals with log-odds, what three facts say, and a forecast."""
    random = np.random.default_rng(draw(seeds))
    deals = draw(st.integers(1, 40))
    won, lost, _ = random.dirichlet([draw(st.floats(0.1, 4)) for _ in range(3)], deals).T
    amounts = random.lognormal(9, draw(st.floats(0, 2)), deals)
    spread = draw(st.floats(0, 4))
    return (
        random.normal(draw(st.floats(-4, 4)), spread, deals),
        random.normal(-1, 1, deals),
        Forecast(won, lost, amounts),
    )


@EXAMPLES
@given(periods())
def test_the_three_outcomes_sum_to_one_and_none_is_negative(period):
    outcomes = in_period(*period)

    assert np.abs(outcomes.won + outcomes.lost + outcomes.slipped - 1).max() < 1e-12
    assert min(outcomes.won.min(), outcomes.lost.min(), outcomes.slipped.min()) >= 0


@EXAMPLES
@given(periods())
def test_the_amounts_add_up_to_the_forecast(period):
    says = period[2]
    outcomes = in_period(*period)

    assert says.amounts @ outcomes.won == pytest.approx(says.amounts @ says.won, rel=1e-9)
    assert says.amounts @ outcomes.lost == pytest.approx(says.amounts @ says.lost, rel=1e-9)


@st.composite
def worlds(draw):
    """Return features with gaps and rare names, and outcomes."""
    random = np.random.default_rng(draw(seeds))
    rows = draw(st.integers(20, 120))
    x, y = random.normal(size=(2, rows))
    x[random.random(rows) < draw(st.floats(0, 0.9))] = np.nan
    features = features_of(
        {"x": x, "y": np.round(y), "same": np.zeros(rows)},
        {"name": (random.integers(-1, 3, rows), ("a", "b", "c"))},
    )
    won = (random.random(rows) < draw(st.floats(0.1, 0.9))).astype(float)
    return features, won, np.full(rows, draw(st.floats(0.05, 1.0)))


@EXAMPLES
@given(worlds(), st.sampled_from(["straight", "bent", "boosting"]))
def test_contributions_sum_to_the_log_odds(world, kind):
    fit = {
        "straight": fit_logistic,
        "bent": lambda *rows: fit_logistic(*rows, Ridge(4, (0.2, 0.5, 0.8))),
        "boosting": lambda *rows: fit_boosting(*rows, Boosting(rounds=20, fewest=1)),
    }[kind]
    model = fit(*world).scaled(0.7, -0.2)
    log_odds = model.log_odds(world[0])
    parts = model.contributions(world[0])

    assert np.isfinite(log_odds).all()
    assert np.abs(model.start + parts.sum(axis=1) - log_odds).max() < 1e-9
    assert ((probability(log_odds) > 0) & (probability(log_odds) < 1)).all()


@EXAMPLES
@given(worlds(), seeds)
def test_the_order_of_rows_does_not_matter(world, seed):
    features, won, weights = world
    order = np.random.default_rng(seed).permutation(len(won))
    straight = fit_logistic(features, won, weights)
    shuffled = fit_logistic(features.at(order), won[order], weights[order])

    assert shuffled.log_odds(features) == pytest.approx(straight.log_odds(features), abs=1e-5)
