"""Charts of deal scores draw every factor, and what was said against what came."""

import polars as pl

from core.charts.scores import (
    OTHERS,
    contributions,
    contributions_alt,
    reliability,
    reliability_alt,
)

NAMES = [f"Factor {number}" for number in range(12)]
VALUES = [1.2, -0.9, *[0.1] * 10]


def rows(chart):
    return next(iter(chart.to_dict()["datasets"].values()))


def test_factors_beyond_the_largest_are_added_up_so_that_the_sum_stays():
    drawn = rows(contributions(NAMES, VALUES, [""] * 12, most=5))

    assert [row["name"] for row in drawn] == [*NAMES[:5], OTHERS]
    assert abs(sum(row["value"] for row in drawn) - sum(VALUES)) < 1e-12
    assert drawn[1]["label"] == "-0.90"


def test_the_words_name_the_factor_that_matters_most():
    assert "Factor 0 speaks most clearly for a win" in contributions_alt(NAMES, VALUES)
    assert "against a win" in contributions_alt(["Stage"], [-1.0])
    assert contributions_alt([], []) == "No factor contributes."


def test_the_reliability_chart_has_a_diagonal_bands_and_points():
    curve = pl.DataFrame(
        {"said": [0.1, 0.6], "came": [0.12, 0.5], "lo": [0.05, 0.4], "hi": [0.2, 0.6],
         "snapshots": [50, 50], "deals": [20, 20]}
    )  # fmt: skip
    layers = reliability(curve).to_dict()["layer"]

    assert [layer["mark"]["type"] for layer in layers] == ["line", "rule", "point"]
    assert "2.0% apart" in reliability_alt(0.02)
