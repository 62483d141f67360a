"""The model as a whole: exact money, nobody's share, and what it refuses to credit."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from benchmarks import incremental_lab as lab
from core.attribution.incremental.journeys import read_journeys
from core.attribution.incremental.model import attribute_incremental
from core.attribution.incremental.results import IncrementalSettings
from core.errors import InvalidParameterError
from core.schema import UNATTRIBUTED

QUICK = IncrementalSettings(resamples=20, most_rows=2_000)
PLAN = lab.Plan("additive", confounded=False, deals=300)


@pytest.fixture(scope="module")
def company():
    return lab.simulate(PLAN)


def answer(company, deals=None, touches=None, settings=QUICK):
    deals = company.deals if deals is None else deals
    touches = company.touches if touches is None else touches
    journeys = read_journeys(deals, touches, company.ends_epoch)
    return attribute_incremental(journeys, company.ends_epoch / 86_400, settings)


@pytest.fixture(scope="module")
def result(company):
    return answer(company)


def test_credit_and_nobodys_share_are_won_revenue_to_the_cent(company, result):
    won = company.deals.filter(pl.col("outcome") == "won")
    assert result.channels["revenue_minor"].sum() == won["revenue_minor"].sum()
    assert result.channels["deals"].sum() == pytest.approx(won.height)
    by_deal = result.deals.group_by("deal_id").agg(pl.col("revenue_minor").sum())
    same = won.join(by_deal, on="deal_id")
    assert same["revenue_minor"].to_list() == same["revenue_minor_right"].to_list()


def test_no_credit_is_negative_and_some_of_the_revenue_is_nobodys(result):
    assert result.channels["revenue_minor"].min() >= 0
    nobody = result.channels.filter(pl.col("channel") == UNATTRIBUTED)
    assert 0.0 < nobody["share"].item() <= 1.0


def test_intervals_hold_the_estimate_of_the_largest_channel(result):
    top = result.channels.filter(pl.col("channel") != UNATTRIBUTED).sort("share").tail(1)
    row = top.row(0, named=True)
    assert row["share_low"] <= row["share"] <= row["share_high"]


def test_names_and_the_order_of_rows_change_nothing(company, result):
    renamed = company.touches.with_columns(
        channel=pl.col("channel").replace_strict({n: f"Z {n[::-1]}" for n in lab.CHANNELS})
    )
    other = answer(company, company.deals.reverse(), renamed.sample(fraction=1.0, shuffle=True))
    credit = dict(other.channels.select("channel", "share").iter_rows())
    for name, share in result.channels.select("channel", "share").iter_rows():
        key = name if name == UNATTRIBUTED else f"Z {name[::-1]}"
        assert credit[key] == pytest.approx(share, abs=2e-3)


def test_doubling_revenue_doubles_credit(company, result):
    # revenue is a covariate on a log scale, so only the scale of money may change
    doubled = answer(company, company.deals.with_columns(pl.col("revenue_minor") * 2))
    np.testing.assert_allclose(
        doubled.channels["revenue_minor"], 2 * result.channels["revenue_minor"], rtol=1e-3, atol=20
    )


def test_the_same_seed_gives_the_same_intervals(company, result):
    assert answer(company).channels.equals(result.channels)


def test_a_channel_that_gathers_before_every_decision_gets_no_credit(company):
    closed = company.deals.filter(pl.col("outcome") != "open")
    herald = closed.select(
        "deal_id",
        channel=pl.lit("Contract desk"),
        occurred_at_epoch=pl.col("closed_at_epoch") - 2 * 86_400,
    )
    result = answer(company, touches=pl.concat([company.touches, herald]))
    assert "Contract desk" in result.harvesters
    assert "Contract desk" not in result.channels["channel"]
    assert any("Contract desk" in warning for warning in result.warnings)


def test_a_channel_excluded_by_setting_gets_no_credit(company):
    settings = replace(QUICK, excluded=frozenset({"Events"}))
    assert "Events" not in answer(company, settings=settings).channels["channel"]


def test_a_company_without_touches_owes_everything_to_nobody(company):
    result = answer(company, touches=company.touches.clear())
    assert result.channels["channel"].to_list() == [UNATTRIBUTED]
    assert result.channels["share"].to_list() == [1.0]


def test_a_deal_without_an_amount_counts_as_a_deal_and_not_as_revenue(company):
    first = company.deals.filter(pl.col("outcome") == "won")["deal_id"][0]
    blank = pl.when(pl.col("deal_id") != first).then("revenue_minor").alias("revenue_minor")
    result = answer(company, company.deals.with_columns(blank))
    part = result.deals.filter(pl.col("deal_id") == first)
    assert part["share"].sum() == pytest.approx(1.0)
    assert part["revenue_minor"].sum() == 0


def test_every_result_says_that_observation_cannot_prove_cause(result):
    assert "cannot prove cause" in result.warnings[0]


@pytest.mark.parametrize("wrong", [{"level": 1.0}, {"resamples": 0}, {"most_rows": 0}])
def test_settings_outside_their_range_are_refused(wrong):
    with pytest.raises(InvalidParameterError, match="level between 0 and 1"):
        IncrementalSettings(**wrong)
