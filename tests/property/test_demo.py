"""Whatever the seed, size, world and last day: a simulated company is consistent."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from core import schema
from core.crm.demo import SCENARIOS, DemoOptions, simulate
from core.crm.demo.channels import CHANNELS

any_options = st.builds(
    DemoOptions,
    seed=st.integers(0, 2**62),
    deals=st.integers(1, 60),
    scenario=st.sampled_from(sorted(SCENARIOS)),
    ends_on=st.dates(date(2005, 1, 1), date(2030, 12, 31)),
)
few = settings(max_examples=10, deadline=None)


@few
@given(any_options)
def test_keys_are_unique_and_every_reference_leads_somewhere(options):
    tables = simulate(options).tables
    for name, table in schema.TABLES.items():
        keys = tables[name].select(table.key)
        assert keys.is_unique().all(), name
        assert keys.null_count().sum_horizontal().item() == 0, name
    for name, frame in tables.items():
        for column, home in (
            ("account_id", "accounts"),
            ("contact_id", "contacts"),
            ("deal_id", "deals"),
            ("owner_id", "owners"),
            ("campaign_id", "campaigns"),
        ):
            if column in frame.columns:
                lost = frame.filter(pl.col(column).is_not_null()).join(
                    tables[home], on=column, how="anti"
                )
                assert lost.is_empty(), (name, column)


@few
@given(any_options)
def test_time_runs_forward_and_stops_on_the_last_day(options):
    tables = simulate(options).tables
    deals = tables["deals"]
    assert deals.filter(pl.col("closed_at") < pl.col("created_at")).is_empty()
    for name, column in (
        ("deals", "created_at"),
        ("deals", "closed_at"),
        ("stage_changes", "changed_at"),
        ("touchpoints", "occurred_at"),
    ):
        latest = tables[name][column].max()
        assert latest is None or latest.date() <= options.ends_on
    changes = tables["stage_changes"]
    back = pl.col("changed_at_epoch").diff().over("deal_id") < 0
    assert changes.filter(back).is_empty()


@few
@given(any_options)
def test_the_outcome_agrees_with_the_stage_and_the_close(options):
    tables = simulate(options).tables
    outcomes = tables["deals"].join(tables["stages"], on=["pipeline", "stage"])
    assert outcomes.height == options.deals
    said = (
        pl.when(pl.col("is_won").is_null())
        .then(pl.lit("open"))
        .when(pl.col("is_won"))
        .then(pl.lit("won"))
        .otherwise(pl.lit("lost"))
    )
    assert outcomes.filter(said != pl.col("outcome")).is_empty()
    assert outcomes.filter(pl.col("is_won").is_null() != pl.col("closed_at").is_null()).is_empty()
    assert outcomes.filter(pl.col("is_won") & pl.col("amount").is_null()).is_empty()
    assert (tables["deals"]["amount_minor"].drop_nulls() > 0).all()


@few
@given(any_options)
def test_no_channel_loses_deals_and_an_idle_one_does_nothing(options):
    truth = simulate(options).truth
    assert (truth.channels["incremental_deals"] >= 0).all()
    assert truth.untouched_deals <= truth.won_deals
    idle = truth.channels.filter(
        pl.col("channel").is_in([channel.name for channel in CHANNELS if channel.harvests])
    )
    assert idle["incremental_revenue_minor"].sum() == 0
