import pytest

from core.attribution.data_driven import data_driven
from core.attribution.order import suggest_order
from core.attribution.path_attribution import PATH_MODELS, attribute_paths, path_model_names
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
    for model in PATH_MODELS:
        assert attribute_paths(counts, [model]).frame["value"].to_list() == [None]


def test_conversions_that_are_worth_nothing_give_a_value_of_zero():
    counts = PathCounts.from_rows([(("A",), 1, 0.0, 1)])
    for model in PATH_MODELS:
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


def test_a_model_that_needs_dates_is_not_offered_for_paths():
    with pytest.raises(UnknownNameError, match="for paths"):
        attribute_paths(COUNTS, ["time_decay"])


def test_rules_split_a_path_as_they_split_a_deal():
    counts = PathCounts.from_rows([(("Web", "Email", "Web", "Direct"), 1, 100.0, 0)])
    expected = {  # credit of Direct, Email, Web
        "last_non_direct": [0, 0, 1],
        "j_shaped": [0.6, 0.1, 0.3],
        "inverse_j": [0.2, 0.1, 0.7],
        # With q = 0.7 the weights are q^3, q^2, q, 1: 0.343, 0.49, 0.7, 1 of 2.533.
        "step_decay": [1 / 2.533, 0.49 / 2.533, 1.043 / 2.533],
    }
    for model, shares in expected.items():
        frame = attribute_paths(counts, [model]).frame
        assert frame["conversions"].to_list() == pytest.approx(shares)
        assert frame["value"].to_list() == pytest.approx([100 * share for share in shares])


def test_all_and_markov_stand_for_models():
    assert path_model_names(["all"], None, COUNTS) == list(PATH_MODELS)
    assert path_model_names(["linear", "markov", "markov_3"], 3, COUNTS) == ["linear", "markov_3"]
    assert path_model_names(["markov"], None, COUNTS) == [f"markov_{suggest_order(COUNTS).order}"]
