"""Which channels follow the others: those that collect what the others sowed, and no other."""

import numpy as np
import polars as pl
import pytest

from benchmarks import incremental_lab as lab
from core.attribution.incremental.followers import followers
from core.attribution.incremental.journeys import DAY_SECONDS, read_journeys
from core.attribution.incremental.lift import LiftTest
from core.attribution.incremental.model import attribute_incremental
from core.attribution.incremental.panel import build_panel
from core.attribution.incremental.results import IncrementalSettings

DEALS = 2_500


def named(company, touches=None):
    told = company.touches if touches is None else touches
    journeys = read_journeys(company.deals, told, company.ends_epoch)
    return followers(build_panel(journeys), journeys.channels, most_rows=20_000)


@pytest.fixture(scope="module")
def company():
    return lab.simulate(lab.Plan("additive", confounded=True, deals=DEALS, seed=3))


def test_channels_that_come_when_a_purchase_is_likely_follow_and_no_other_does(company):
    assert named(company) == {"Brand search", "Retargeting"}


def test_where_no_channel_harvests_none_follows():
    plan = lab.Plan("saturating", confounded=True, deals=1_000, seed=3, harvest=False)
    assert named(lab.simulate(plan)) == frozenset()


def test_calls_to_whoever_was_at_a_webinar_follow_one_channel_and_not_the_wish_to_buy(company):
    webinars = company.touches.filter(pl.col("channel") == "Webinar")
    called = np.random.default_rng(1).random(webinars.height) < 0.8
    calls = webinars.filter(pl.Series(called)).with_columns(
        channel=pl.lit("Calls"),
        occurred_at_epoch=pl.col("occurred_at_epoch") + 5 * int(DAY_SECONDS),
    )
    assert "Calls" not in named(company, pl.concat([company.touches, calls]))


def test_a_follower_is_named_and_gets_no_credit_unless_an_experiment_says_otherwise(company):
    journeys = read_journeys(company.deals, company.touches, company.ends_epoch)
    settings = IncrementalSettings(
        resamples=2, most_rows=12_000, lift_tests=(LiftTest("Retargeting", 0.10, 0.09, 0.11),)
    )
    result = attribute_incremental(journeys, company.ends_epoch / DAY_SECONDS, settings)
    credited = set(result.channels["channel"])
    assert result.followers == ("Brand search",)
    assert "Brand search" not in credited
    assert any(warning.startswith("Brand search: touches come more") for warning in result.warnings)
    assert "Retargeting" in credited


def test_too_few_channels_do_not_tell_who_follows(company):
    few = company.touches.filter(pl.col("channel").is_in(["Brand search", "Events", "Webinar"]))
    assert named(company, few) == frozenset()
