"""The catalogue explains every figure in words a reader can check."""

import pytest

from core.errors import UnknownNameError
from core.metrics import METRICS, metric
from core.schema import TABLES


@pytest.mark.parametrize("entry", METRICS.values(), ids=METRICS)
def test_every_metric_says_what_it_means_how_it_is_computed_and_from_what(entry):
    assert entry.meaning.endswith(".")
    assert set(entry.tables) <= set(TABLES)
    assert entry.formula in entry.help


def test_an_unknown_metric_is_named_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="Did you mean 'win_rate'"):
        metric("winrate")
