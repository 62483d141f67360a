"""What channels have in common is found from counts, and from nothing else."""

import numpy as np
import pytest

from core.attribution.incremental.eagerness import eagerness, loadings

DEALS = 40_000
FOLLOWS = np.array([0.9, 0.6, 0.3, 0.5, 0.0, 0.7])
BUSY = np.array([0.4, 0.4, 0.4, 0.4, 0.4, 0.4])
RATES = np.array([1.5, 2.0, 1.0, 0.8, 2.5, 0.6])


def counted(loading, seed=5):
    """Return standing, touches and expected touches of deals whose counts follow some loadings."""
    rng = np.random.default_rng(seed)
    standing = rng.standard_normal((DEALS, loading.shape[1]))
    rates = RATES * np.exp(standing @ loading.T)
    touches = rng.poisson(rates).astype(np.float64)
    return standing, touches, np.tile(touches.mean(axis=0), (DEALS, 1))


def test_loadings_reproduce_what_channels_have_in_common():
    true = np.stack([FOLLOWS, BUSY], axis=1)
    _, touches, expected = counted(true)

    found = loadings(touches, expected, 2)

    off = ~np.eye(RATES.size, dtype=bool)
    assert (found @ found.T)[off] == pytest.approx((true @ true.T)[off], abs=0.08)


def test_channels_that_come_independently_have_nothing_in_common():
    _, touches, expected = counted(np.zeros((RATES.size, 1)))

    found = loadings(touches, expected, 2)

    off = ~np.eye(RATES.size, dtype=bool)
    assert np.abs(found @ found.T)[off].max() < 0.03


def test_standing_is_told_by_touches_and_is_the_surer_the_more_there_are():
    standing, touches, expected = counted(FOLLOWS[:, None])
    few = np.full_like(expected, 0.0)
    deals = np.arange(2 * DEALS) // 2  # a row before any touch, then one at the end
    rows = np.stack([few, touches], axis=1).reshape(-1, RATES.size)
    would = np.stack([few, expected], axis=1).reshape(-1, RATES.size)

    told = eagerness(rows, would, deals)

    assert np.all(told[::2, :2] == 0.0)
    assert np.abs(np.corrcoef(told[1::2, :2].T, standing[:, 0])[-1, :2]).max() > 0.7
    assert told[1::2, 2].mean() < told[::2, 2].mean()


def test_a_deals_row_does_not_know_what_comes_after_it():
    _, touches, expected = counted(FOLLOWS[:, None])
    rows, would = touches.copy(), expected.copy()
    changed = touches.copy()
    changed[1] += 3  # the second row of the first deal, not its last
    deals = np.repeat(np.arange(DEALS // 4), 4)

    before, after = (eagerness(one, would, deals) for one in (rows, changed))

    assert np.delete(before, 1, axis=0) == pytest.approx(np.delete(after, 1, axis=0))
    assert not np.allclose(before[1], after[1])


def test_few_channels_tell_one_factor_or_none():
    _, touches, expected = counted(FOLLOWS[:, None])
    deals = np.arange(DEALS)

    assert eagerness(touches[:, :2], expected[:, :2], deals).shape == (DEALS, 0)
    assert eagerness(touches[:, :3], expected[:, :3], deals).shape == (DEALS, 2)
    assert eagerness(touches, expected, deals).shape == (DEALS, 5)


def test_no_touch_at_all_tells_nothing():
    none = np.zeros((10, 6))
    assert np.all(eagerness(none, none, np.arange(10))[:, :2] == 0.0)
