"""What is given to the wrong name, and the record of it."""

import pytest

from core.attribution.data_driven import MODELS
from core.attribution.misallocation import misallocated
from core.attribution.rules.registry import RULES
from core.attribution.trust_record import by_model, measured, recorded
from core.schema import UNATTRIBUTED


def test_the_part_that_would_have_to_move_is_what_is_misallocated():
    truth = {"Email": 0.2, "Web": 0.4, UNATTRIBUTED: 0.4}
    found = misallocated(truth, {"Email": 0.5, "Web": 0.5})
    assert found.of_won == pytest.approx(0.4)  # (.3 + .1 + .4) / 2
    assert found.among_channels == pytest.approx(1 / 6)  # (|1/3 - 1/2| + |2/3 - 1/2|) / 2


def test_the_truth_misallocates_nothing():
    truth = {"Email": 0.6, UNATTRIBUTED: 0.4}
    assert misallocated(truth, truth).of_won == 0.0


def test_every_model_of_the_product_is_on_record_over_fifteen_companies():
    rows = by_model(recorded(won_deals=500))
    assert set(rows["model"]) == {*RULES, *MODELS} - {"custom"}
    assert rows["companies"].to_list() == [15] * rows.height


def test_the_incremental_model_errs_least_on_record():
    assert by_model(recorded(won_deals=500))["model"][0] == "incremental"


def test_a_model_nobody_measured_has_no_figure():
    assert measured("custom", won_deals=100) is None
