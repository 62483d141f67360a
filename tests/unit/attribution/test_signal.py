import numpy as np
import pytest

from core.attribution.chains import chain_of
from core.attribution.data_driven import ShapleyRate, ShapleyTotals
from core.attribution.paths import PathCounts
from core.attribution.signal import game_signal, markov_signal
from core.errors import EmptyWorkspaceError, InvalidParameterError


def simulated(rate_with_b: float, seed: int, journeys: int = 400) -> PathCounts:
    """Journeys over five channels; B alone may change the conversion rate from 0.2."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(journeys):
        path = tuple(rng.choice(list("ABCDE"), size=rng.geometric(0.4)))
        won = float(rng.random() < (rate_with_b if "B" in path else 0.2))
        rows.append((path, won, None, 1 - won))
    return PathCounts.from_rows(rows)


def signals(counts: PathCounts, seed: int):
    sets = counts.channel_sets()
    return [
        markov_signal(chain_of(counts, 1), seed),
        markov_signal(chain_of(counts, 2), seed),
        game_signal(ShapleyTotals(), sets, seed, shuffles=99),
        game_signal(ShapleyRate(), sets, seed, shuffles=99),
    ]


def test_a_channel_that_works_is_a_signal():
    for signal in signals(simulated(0.7, seed=1), seed=2):
        assert signal.found
        assert "differs" in signal.verdict


def test_shuffled_outcomes_say_no_signal_in_at_least_95_percent_of_runs():
    alarms = np.zeros(4)
    for run in range(40):
        counts = simulated(0.2, seed=run, journeys=80)
        alarms += [signal.found for signal in signals(counts, seed=1_000 + run)]
    assert alarms.max() <= 0.05 * 40


def test_the_band_is_where_the_shares_of_shuffled_outcomes_lie():
    signal = markov_signal(chain_of(simulated(0.7, seed=1), 1), seed=2)
    assert signal.frame.columns == ["channel", "share", "low", "high"]
    b = signal.frame.row(1, named=True)
    assert b["share"] > b["high"] > b["low"] > 0


def test_the_same_seed_gives_the_same_answer():
    chain = chain_of(simulated(0.3, seed=4), 1)
    assert markov_signal(chain, 5).frame.equals(markov_signal(chain, 5).frame)


def test_journeys_that_all_converted_hold_no_signal():
    counts = simulated(0.7, seed=1).without_nulls()
    signal = markov_signal(chain_of(counts, 1), seed=2)
    assert (signal.found, signal.p_value) == (False, 1.0)
    assert "No signal" in signal.verdict


def test_weighted_journeys_and_journeys_without_a_conversion_are_refused():
    with pytest.raises(InvalidParameterError, match="whole numbers"):
        markov_signal(chain_of(PathCounts.from_rows([(("A",), 0.5, None, 1)]), 1), seed=1)
    with pytest.raises(EmptyWorkspaceError):
        markov_signal(chain_of(PathCounts.from_rows([(("A",), 0, None, 1)]), 1), seed=1)
