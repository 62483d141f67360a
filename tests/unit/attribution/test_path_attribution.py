import pytest

from core.attribution.data_driven import MODELS, data_driven
from core.attribution.path_attribution import attribute_paths
from core.attribution.paths import PathCounts
from core.errors import EmptyWorkspaceError, InvalidParameterError, UnknownNameError

COUNTS = PathCounts.from_rows(
    [(("A", "B"), 2, 10.0, 8), (("A",), 6, 60.0, 2), (("B", "C"), 1, 5.0, 0)]
)


def test_models_come_in_the_order_asked_for_each_once():
    frame = attribute_paths(COUNTS, ["shapley", "markov_1", "shapley"]).frame
    assert frame.columns == ["model", "channel", "conversions", "value"]
    assert frame["model"].unique(maintain_order=True).to_list() == ["shapley", "markov_1"]


def test_a_value_nobody_knows_is_blank_and_not_zero():
    counts = PathCounts.from_rows([(("A",), 1, None, 0)])
    for model in MODELS:
        assert attribute_paths(counts, [model]).frame["value"].to_list() == [None]


def test_conversions_that_are_worth_nothing_give_a_value_of_zero():
    counts = PathCounts.from_rows([(("A",), 1, 0.0, 1)])
    for model in MODELS:
        assert attribute_paths(counts, [model]).frame["value"].to_list() == [0.0]


def test_a_channel_that_lowers_the_rate_gets_nothing_and_is_named():
    # With v(A) = 6/8, v(B) = 0 and v(AB) = 8/18 the value of B is (0 + (8/18 - 6/8)) / 2 < 0.
    counts = PathCounts.from_rows([(("A", "B"), 2, None, 8), (("A",), 6, None, 2)])
    answer = attribute_paths(counts, ["shapley_rate"])
    credit = dict(answer.frame.select("channel", "conversions").iter_rows())
    assert credit["B"] == 0.0
    assert sum(credit.values()) == pytest.approx(8.0)
    assert "B" in answer.warnings[0]


def test_no_model_an_unknown_model_and_no_conversion_are_refused():
    with pytest.raises(InvalidParameterError):
        attribute_paths(COUNTS, [])
    with pytest.raises(UnknownNameError, match="markov_1"):
        attribute_paths(COUNTS, ["markov1"])
    with pytest.raises(EmptyWorkspaceError):
        attribute_paths(PathCounts.from_rows([(("A",), 0, None, 1)]), ["shapley"])
    with pytest.raises(UnknownNameError):
        data_driven("markov_5")
