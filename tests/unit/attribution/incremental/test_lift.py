"""Lift tests: read with care, and decisive where they are sharp."""

from dataclasses import replace

import pytest

from benchmarks import incremental_lab as lab
from core.attribution.incremental.journeys import read_journeys
from core.attribution.incremental.lift import (
    LiftTest,
    effect_of,
    prior_of,
    read_lift_lines,
    read_lift_tests,
)
from core.attribution.incremental.model import learn
from core.attribution.incremental.results import IncrementalSettings
from core.errors import InvalidParameterError

SETTINGS = IncrementalSettings(most_rows=2_000)


@pytest.fixture(scope="module")
def journeys():
    company = lab.simulate(lab.Plan("additive", confounded=False, deals=300))
    return read_journeys(company.deals, company.touches, company.ends_epoch), company.ends_epoch


def lost_without(journeys, channel, tests):
    deals, ends_epoch = journeys
    learnt = learn(deals, ends_epoch / 86_400, replace(SETTINGS, lift_tests=tests))
    return learnt.shares.without[:, learnt.journeys.channels.index(channel)].mean(), learnt


@pytest.mark.parametrize("lift", [0.02, 0.2])
def test_a_sharp_test_decides_what_its_channel_brings(journeys, lift):
    sharp = (LiftTest("Webinar", lift, lift - 0.005, lift + 0.005),)
    found, learnt = lost_without(journeys, "Webinar", sharp)
    assert found == pytest.approx(lift, abs=0.03)
    assert any("Calibrated by lift tests of Webinar" in warning for warning in learnt.warnings)


def test_a_blunt_test_only_leans(journeys):
    without_test, _ = lost_without(journeys, "Events", ())
    blunt, _ = lost_without(journeys, "Events", (LiftTest("Events", 0.02, 0.0, 0.9),))
    sharp, _ = lost_without(journeys, "Events", (LiftTest("Events", 0.02, 0.015, 0.025),))
    assert abs(blunt - without_test) < abs(sharp - without_test)


def test_a_test_of_a_channel_without_touches_says_so(journeys):
    _, learnt = lost_without(journeys, "Events", (LiftTest("Radio", 0.1, 0.05, 0.15),))
    assert any("No touch of Radio" in warning for warning in learnt.warnings)


def test_the_prior_is_centred_where_the_effect_gives_the_lift():
    # lift e / (1 + e): 0.5 at e = 1; from 1/3 at 0.5 to 0.6 at 1.5, so sd = 1 / (2 x 1.2816)
    centre, precision = prior_of(LiftTest("A", 0.5, 1 / 3, 0.6), lambda e: e / (1 + e))
    assert centre == pytest.approx(1.0)
    assert precision**-0.5 == pytest.approx(1 / (2 * 1.2816))


def test_a_lift_beyond_any_effect_is_held_at_the_largest():
    assert effect_of(0.9, lambda effect: 0.01 * effect) == 50.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("channel,lift\nA,0.1\n", "need the columns"),
        ("channel,lift,lo,hi\nA,ten,0,1\n", "Line 2"),
        ("channel,lift,lo,hi\nA,0.1,0.2,0.3\n", "lo <= lift <= hi"),
        ("channel,lift,lo,hi\nA,0.1,0.0,0.3\nA,0.2,0.0,0.3\n", "more than one"),
    ],
)
def test_what_is_no_lift_test_is_refused(text, said):
    with pytest.raises(InvalidParameterError, match=said):
        read_lift_tests(text)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Events"], "'Events' is not a channel and three numbers"),
        (["Events,0.1,0,0.2,9"], "three numbers"),
        ([""], "three numbers"),
        (["Events,0.1,0,0.2", "Events,0.2,0,0.3"], "more than one"),
    ],
)
def test_what_is_typed_as_a_lift_test_is_read_with_the_same_care(lines, said):
    with pytest.raises(InvalidParameterError, match=said):
        read_lift_lines(lines)


def test_a_test_leaves_as_many_links_standing_as_observation_does(journeys):
    _, before = lost_without(journeys, "Events", ())
    _, after = lost_without(journeys, "Events", (LiftTest("Events", 0.1, 0.05, 0.15),))

    weights = [[one.weight for one in learnt.choice.standing] for learnt in (before, after)]
    assert weights[0] == weights[1]
    assert len(weights[0]) > 1
