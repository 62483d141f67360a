"""Where touches of a channel tire, the link that knows it finds what the others get wrong."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.incremental.fit import Penalty, maximise
from core.attribution.incremental.likelihood import Coefficients, Design, respond
from core.attribution.incremental.links import Additive, Tiring

EFFECTS = st.lists(st.floats(0.3, 3.0), min_size=3, max_size=3)
LEVEL = np.log([0.01])


def expected_wins(link, effects):
    """Return rows at all levels of three channels, with the wins that are to be expected."""
    levels = np.array([0.0, 0.5, 1.0, 2.0, 4.0])
    stock = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    rows = Design(np.ones((len(stock), 1)), stock, np.full(len(stock), 1e4), np.zeros(len(stock)))
    hazard = np.exp(respond(rows, link, Coefficients(LEVEL, effects)).log_hazard)
    return Design(rows.baseline, rows.stock, rows.days, rows.days * hazard)


def fitted(rows, link):
    return maximise(rows, link, Penalty(np.zeros(1)), Coefficients(LEVEL, np.full(3, 0.1)))


@given(effects=EFFECTS.map(np.array), ceiling=st.sampled_from([1.0, 2.0]))
@settings(max_examples=25, deadline=None)
def test_effects_are_found_where_channels_tire_and_missed_by_plain_adding(effects, ceiling):
    rows = expected_wins(Tiring(ceiling), effects)
    known, plain = fitted(rows, Tiring(ceiling)), fitted(rows, Additive())
    assert np.allclose(known.coefficients.effects, effects, rtol=1e-3)
    assert known.log_likelihood > plain.log_likelihood
    fresh = np.abs(plain.coefficients.effects - effects)
    assert fresh.sum() > np.abs(known.coefficients.effects - effects).sum()


@given(effects=EFFECTS.map(np.array))
@settings(max_examples=25, deadline=None)
def test_plain_adding_stays_the_likelier_where_no_channel_tires(effects):
    rows = expected_wins(Additive(), effects)
    assert fitted(rows, Additive()).log_likelihood > fitted(rows, Tiring(1.0)).log_likelihood
