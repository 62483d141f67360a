"""Parameters of rule models, and shares the reference file does not hold."""

import pytest

from core.attribution.credit import CREDIT
from core.attribution.drill import deal_credits
from core.attribution.results import MilestoneWeights, Question, RuleSettings
from core.attribution.rules.decay import StepDecay, TimeDecay
from core.attribution.rules.position import PositionBased
from core.attribution.rules.running import SHARE
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


def shares_with_milestones(lead, created, model, custom=None):
    """Return shares of four touches on 1 to 4 May, with the lead and deal created on those days."""
    company = Company().deal("D", "100.00", created_at=created)
    if lead:
        company.contact("C", created_at=lead).role("D", "C")
    for number in range(4):
        company.touch(f"T{number}", f"2024-05-0{number + 1}", deal="D")
    settings = RuleSettings(custom=custom) if custom else RuleSettings()
    with company.workspace() as workspace:
        question = Question(Scope("EUR"), (model,), rules=settings)
        return deal_credits(open_engine(workspace), question, "D")[SHARE + model].to_list()


def test_u_shaped_favours_the_first_touch_and_the_last_before_the_lead():
    # first on 1, lead on 3, two others share 0.2
    shares = shares_with_milestones("2024-05-03", "2024-05-04", "u_shaped")
    assert shares == pytest.approx([0.4, 0.1, 0.4, 0.1], abs=1e-12)


def test_a_milestone_before_every_touch_is_dropped_and_the_rest_scaled_up():
    # no lead date: 0.4 first and 0.2 for three others, over 0.6
    shares = shares_with_milestones(None, "2024-05-04", "u_shaped")
    assert shares == pytest.approx([0.4 / 0.6] + [0.2 / 3 / 0.6] * 3, abs=1e-12)


def test_milestones_on_the_last_touch_add_up():
    # w_shaped with lead and deal created on the last touch: 0.3 first, 0.6 last, 0.05 between
    shares = shares_with_milestones("2024-05-04", "2024-05-04", "w_shaped")
    assert shares == pytest.approx([0.3, 0.05, 0.05, 0.6], abs=1e-12)


def test_full_path_puts_deal_creation_and_close_on_one_touch_where_they_coincide():
    shares = shares_with_milestones("2024-05-02", "2024-06-01", "full_path")
    assert shares == pytest.approx([0.225, 0.225, 0.1, 0.45], abs=1e-12)


def test_custom_weights_are_scaled_to_the_milestones_there_are():
    # first 1, close 2, others 1 shared by three less none: touches 2 and 3 are plain
    custom = MilestoneWeights(first=1.0, lead=0.0, deal=0.0, close=2.0, others=1.0)
    shares = shares_with_milestones("2024-05-02", "2024-05-03", "custom", custom)
    assert shares == pytest.approx([0.25, 0.125, 0.125, 0.5], abs=1e-12)


def test_custom_weights_on_the_lead_alone_fall_back_to_even_where_there_is_no_lead():
    custom = MilestoneWeights(first=0.0, lead=1.0, deal=0.0, close=0.0, others=0.0)
    shares = shares_with_milestones("2024-05-02", "2024-05-03", "custom", custom)
    assert shares == pytest.approx([0, 1, 0, 0], abs=1e-12)
    shares = shares_with_milestones(None, "2024-05-03", "custom", custom)
    assert shares == pytest.approx([0.25] * 4, abs=1e-12)


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
        lambda: MilestoneWeights(0, 0, 0, 0, 0),
        lambda: MilestoneWeights(1, -1, 0, 0, 0),
    ],
)
def test_parameters_outside_their_range_are_refused(build):
    with pytest.raises(InvalidParameterError, match=r"\."):
        build()
