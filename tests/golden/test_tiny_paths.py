"""The reference numbers of a tiny data set, computed by hand outside this project."""

from pathlib import Path

import polars as pl
import pytest

from core.attribution.chains import chain_of
from core.attribution.markov import conversion_effects, value_effects
from core.attribution.path_attribution import attribute_paths
from core.attribution.path_files import read_path_file
from core.attribution.shapley import rate_values

HERE = Path(__file__).parent / "attribution"
COUNTS = read_path_file((HERE / "tiny_paths.csv").read_bytes()).counts
EXPECTED = {row[0]: list(row[1:4]) for row in pl.read_csv(HERE / "tiny_expected.csv").iter_rows()}


def credited(model: str, column: str, counts=COUNTS) -> list[float]:
    return attribute_paths(counts, [model]).frame[column].to_list()


def close(expected: str):
    return pytest.approx(EXPECTED[expected], abs=1e-9)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("nulls", ["null", "nonull"])
def test_markov_equals_the_reference(order, nulls):
    counts = COUNTS if nulls == "null" else COUNTS.without_nulls()
    name = f"markov_o{order}_{nulls}"
    chain = chain_of(counts, order)
    assert credited(f"markov_{order}", "conversions", counts) == close(f"{name}_conv")
    assert credited(f"markov_{order}", "value", counts) == close(f"{name}_value")
    assert conversion_effects(chain).effects.tolist() == close(f"{name}_conv_removal")
    assert value_effects(chain).effects.tolist() == close(f"{name}_value_removal")


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first_touch", "first"),
        ("last_touch", "last"),
        ("linear", "linear"),
        ("linear_distinct", "linear_unique"),
        ("position_based", "position"),
    ],
)
def test_rules_equal_the_reference(model, expected):
    assert credited(model, "conversions") == close(expected)
    assert credited(model, "value") == close(f"{expected}_value")


@pytest.mark.parametrize("model", ["shapley", "shapley_ordered"])
def test_the_totals_game_equals_the_reference(model):
    assert credited(model, "conversions") == close("shapley_totals")
    assert credited(model, "value") == close("shapley_totals_value")
    assert credited(model, "conversions") == close("linear_unique")


def test_the_rate_game_equals_the_reference():
    assert rate_values(COUNTS, COUNTS.conversions).tolist() == close("shapley_rate_subset_raw")
    scaled = [value * COUNTS.journeys for value in EXPECTED["shapley_rate_subset_raw"]]
    assert credited("shapley_rate", "conversions") == pytest.approx(scaled, abs=1e-9)


def test_the_file_itself_reads_without_a_reject():
    file = read_path_file((HERE / "tiny_paths.csv").read_bytes())
    assert (file.rejects, file.counts.journeys, file.counts.total_conversions) == ((), 17.0, 6.0)
