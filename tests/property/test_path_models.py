"""What must hold for every model on any path counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.chains import ORDERS, chain_of
from core.attribution.markov import conversion_effects, value_effects
from core.attribution.path_attribution import PATH_MODELS, attribute_paths
from core.attribution.paths import PathCounts

# Names contain one another, so that a model that matched parts of names would be found out.
NAMES = ("A", "AB", "B", "A - B", "BA")

ROW = st.tuples(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=6).map(tuple),
    st.integers(0, 5),
    st.integers(0, 1_000),
    st.integers(0, 5),
)


def priced(row):
    path, conversions, price, nulls = row
    return path, conversions, float(price * conversions), nulls


ROWS = (
    st.lists(ROW.map(priced), min_size=1, max_size=12)
    .filter(lambda rows: sum(row[1] for row in rows) > 0)
)  # fmt: skip


def credit(rows, model):
    frame = attribute_paths(PathCounts.from_rows(rows), [model]).frame
    return {channel: (won, worth) for _, channel, won, worth in frame.iter_rows()}


@pytest.mark.parametrize("model", PATH_MODELS)
@given(rows=ROWS)
@settings(max_examples=15, deadline=None)
def test_credits_are_not_negative_and_sum_to_the_total(model, rows):
    found = list(credit(rows, model).values())
    assert min(min(pair) for pair in found) >= 0
    assert sum(won for won, _ in found) == pytest.approx(sum(row[1] for row in rows))
    assert sum(worth for _, worth in found) == pytest.approx(sum(row[2] for row in rows))


@pytest.mark.parametrize("model", PATH_MODELS)
@given(rows=ROWS, order=st.permutations(NAMES), seed=st.randoms())
@settings(max_examples=15, deadline=None)
def test_renaming_channels_or_reordering_rows_changes_nothing(model, rows, order, seed):
    renamed = dict(zip(NAMES, order, strict=True))
    other = [(tuple(renamed[name] for name in path), *rest) for path, *rest in rows]
    seed.shuffle(other)
    before, after = credit(rows, model), credit(other, model)
    for name, pair in before.items():
        assert after[renamed[name]] == pytest.approx(pair, abs=1e-7)


@pytest.mark.parametrize("model", PATH_MODELS)
@given(rows=ROWS)
@settings(max_examples=10, deadline=None)
def test_doubling_every_weight_doubles_every_credit(model, rows):
    doubled = [(path, 2 * won, 2 * worth, 2 * lost) for path, won, worth, lost in rows]
    before, after = credit(rows, model), credit(doubled, model)
    for name, (won, worth) in before.items():
        assert after[name] == pytest.approx((2 * won, 2 * worth), abs=1e-7)


@pytest.mark.parametrize("order", ORDERS)
@given(rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_the_fitted_rate_equals_the_observed_rate_for_every_order(order, rows):
    counts = PathCounts.from_rows(rows)
    chain = chain_of(counts, order)
    observed = counts.total_conversions / counts.journeys
    assert conversion_effects(chain).base == pytest.approx(observed, rel=1e-12)
    worth = value_effects(chain)
    if worth is not None:
        assert worth.base == pytest.approx(counts.total_value / counts.journeys, rel=1e-12)


@given(rows=ROWS)
@settings(deadline=None)
def test_the_totals_game_is_the_split_over_distinct_channels(rows):
    split = dict.fromkeys({name for path, *_ in rows for name in path}, 0.0)
    for path, won, _, _ in rows:
        for name in set(path):
            split[name] += won / len(set(path))
    found = {name: won for name, (won, _) in credit(rows, "shapley").items()}
    assert found == pytest.approx(split)


@pytest.mark.parametrize("order", ORDERS)
@given(rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_without_nulls_an_effect_of_full_memory_is_the_share_of_journeys_touched(order, rows):
    """No path here is longer than the memory, so the chain is the data themselves."""
    short = [(path[:order], *rest) for path, *rest in rows]
    counts = PathCounts.from_rows(short).without_nulls()
    effects = conversion_effects(chain_of(counts, order)).effects
    total = sum(row[1] for row in short)
    touched = [
        sum(won for path, won, *_ in short if name in path) / total for name in counts.channels
    ]
    assert np.allclose(effects, touched, atol=1e-9)
