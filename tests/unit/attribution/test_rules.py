"""Parameters of rule models, and shares the reference file does not hold."""

import pytest

from core.attribution.credit import CREDIT, SHARE
from core.attribution.drill import deal_credits
from core.attribution.results import Question
from core.attribution.rules.decay import StepDecay, TimeDecay
from core.attribution.rules.position import PositionBased
from core.engine import open_engine
from core.errors import InvalidParameterError
from core.scope import Scope
from tests.builders import Company


def credits_of(company, model):
    with company.workspace() as workspace:
        engine = open_engine(workspace)
        return deal_credits(engine, Question(Scope("EUR"), (model,)), "D")


def three_touches(amount="100.00"):
    company = Company().deal("D", amount)
    for number, day in enumerate(("2024-05-01", "2024-05-02", "2024-05-03")):
        company.touch(f"T{number}", day, deal="D")
    return company


def test_step_decay_keeps_seven_tenths_a_step():
    # 0.49, 0.7, 1 over 2.19
    shares = credits_of(three_touches(), "step_decay")[SHARE + "step_decay"]
    assert shares.to_list() == pytest.approx([0.49 / 2.19, 0.7 / 2.19, 1 / 2.19], abs=1e-12)


def test_running_totals_are_rounded_and_so_the_parts_sum():
    # 100.00 / 3: running totals 3333.33, 6666.67, 10000 -> 3333, 6667, 10000
    assert credits_of(three_touches(), "linear")[CREDIT + "linear"].to_list() == [3333, 3334, 3333]


def test_a_credit_note_is_split_into_parts_that_are_not_positive():
    # running totals -33.33, -66.67, -100 -> -33, -67, -100
    credits_minor = credits_of(three_touches("-1.00"), "linear")[CREDIT + "linear"]
    assert credits_minor.to_list() == [-33, -34, -33]


def test_touches_years_apart_do_not_underflow():
    company = Company().deal("D", "1.00", "2024-06-30").touch("T", "2023-07-02", deal="D")
    company.touch("U", "2023-07-02 12:00", deal="D")
    shares = credits_of(company, "time_decay")[SHARE + "time_decay"]
    later = 1 / (1 + 2 ** (-0.5 / 7))
    assert shares.to_list() == pytest.approx([1 - later, later], abs=1e-11)


@pytest.mark.parametrize(
    "build",
    [
        lambda: TimeDecay(0.0),
        lambda: TimeDecay(float("inf")),
        lambda: StepDecay(0.0),
        lambda: StepDecay(1.0),
        lambda: PositionBased(0.7, 0.4),
        lambda: PositionBased(-0.1, 0.4),
        lambda: PositionBased(0.0, 0.0),
    ],
)
def test_parameters_outside_their_range_are_refused(build):
    with pytest.raises(InvalidParameterError, match=r"\."):
        build()
