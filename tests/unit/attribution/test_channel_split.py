"""Deals split over their channels by weight: the cents of a deal, and totals a set of channels."""

from dataclasses import replace

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from core.attribution.channel_split import ChannelSplit, with_channel_parts
from core.attribution.channel_totals import MOST_ROWS, ChannelTotals
from core.attribution.closed_won import won_deals
from core.attribution.credit import attribute
from core.attribution.data_driven import PATH_MODELS
from core.attribution.fitted import fitted_splits
from core.attribution.kept import closed_touches_of_engine
from core.attribution.paths import PathCounts
from core.attribution.reductions import chain_of_journeys, channels_of, sets_of_journeys
from core.attribution.results import JourneySettings, Level, Question
from core.attribution.rules.running import CREDIT, SHARE
from core.attribution.splitting import touches_split
from core.engine import collect, open_engine
from core.schema import UNATTRIBUTED
from core.scope import Scope
from tests.builders import Company

QUESTION = Question(Scope("EUR"), tuple(PATH_MODELS))
NAMES = ("Email", "Web", "Event", "Call")


def test_a_deal_is_split_by_channel_in_the_order_of_names_and_then_by_touch():
    touches = pl.DataFrame(
        {
            "deal_key": [1, 1, 1],
            "sequence": [1, 2, 3],
            "channel": ["Web", "Call", "Web"],
            "revenue_minor": [101, 101, 101],
        }
    )
    split = ChannelSplit("model", by_money={"Call": 0.25, "Web": 0.75})
    rows = collect(with_channel_parts(nw.from_native(touches.lazy()), [split])).sort("sequence")
    # Due by name: Call floor(25.25 + .5) = 25; Web's first floor(101 x .625 + .5) = 63, then 101.
    assert rows[CREDIT + "model"].to_list() == [38, 25, 38]
    assert rows[SHARE + "model"].to_list() == [0.25, 0.5, 0.25]


@pytest.fixture(scope="module")
def workspace():
    rng = np.random.default_rng(5)
    company = Company().deal("untouched", "12.34")
    for number in range(40):
        deal = f"D{number:02}"
        won = number % 3 > 0
        company.deal(deal, f"{rng.integers(1, 9_000)}.{number:02}", is_won=won)
        for step in range(int(rng.integers(1, 7))):
            company.touch(
                f"{deal}-{step}",
                f"2024-05-{1 + 4 * step:02}",
                str(rng.choice(NAMES)),
                deal=deal,
                campaign=f"Spring {rng.integers(2)}",
            )
    with company.workspace() as made:
        yield made


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("lookback", [365, 45], ids=["whole", "cut"])
def test_names_get_what_their_touches_get(workspace, url, level, lookback):
    journeys = JourneySettings(lookback_days=lookback)
    asked, engine = replace(QUESTION, level=level, journeys=journeys), open_engine(workspace, url)
    result = attribute(engine, asked, "f")
    deals = won_deals(engine, asked.scope, asked.journeys.anchor)
    models = fitted_splits(engine, asked).splits
    touches = collect(touches_split(engine, asked, deals, models))
    assert all(line.holds for line in result.reconciliation.values())
    for name in PATH_MODELS:
        of_touches = touches.group_by(level.value).agg(
            pl.col(CREDIT + name).sum(), pl.col(SHARE + name).sum().round(9)
        )
        bars = result.frame.filter(
            pl.col("model") == name, pl.col(level.value) != UNATTRIBUTED
        ).select(level.value, "revenue_minor", pl.col("deals").round(9))
        assert sorted(bars.rows()) == sorted(of_touches.rows())


def test_every_part_of_a_deal_keeps_its_sign_and_the_parts_sum_to_it(workspace):
    engine = open_engine(workspace)
    deals = won_deals(engine, QUESTION.scope, QUESTION.journeys.anchor)
    models = fitted_splits(engine, QUESTION).splits
    rows = collect(touches_split(engine, QUESTION, deals, models))
    for name in PATH_MODELS:
        summed = rows.group_by("deal_id").agg(
            pl.col(CREDIT + name).sum(), pl.col(CREDIT + name).min().alias("least"),
            pl.col("revenue_minor").first(),
        )  # fmt: skip
        assert summed[CREDIT + name].to_list() == summed["revenue_minor"].to_list()
        assert summed["least"].min() >= 0


def test_stored_neighbours_give_the_counts_that_a_pass_along_the_journeys_gives(workspace):
    engine = open_engine(workspace)
    stored = closed_touches_of_engine(engine, QUESTION)
    bare = stored.select("deal_key", "sequence", "channel", "won", "worth_minor")
    assert "next_channel" in stored.collect_schema().names()
    names = channels_of(bare)
    for order in (1, 4):
        found, expected = (chain_of_journeys(rows, names, order) for rows in (stored, bare))
        assert found.transition_matrix().equals(expected.transition_matrix())
        assert found.values.tolist() == expected.values.tolist()
    found, expected = (sets_of_journeys(rows, names) for rows in (stored, bare))
    assert found.steps.tolist() == expected.steps.tolist()
    assert found.conversions.tolist() == expected.conversions.tolist()


def test_channels_of_cut_journeys_are_counted_without_the_touches_cut_off(workspace):
    engine = open_engine(workspace)
    cut = replace(QUESTION, journeys=JourneySettings(lookback_days=45))
    touches = closed_touches_of_engine(engine, cut)
    met = collect(touches).group_by("deal_key").agg(pl.col("channel").n_unique())
    sets = sets_of_journeys(touches, channels_of(touches))
    assert met["channel"].sum() > 0
    assert (sets.lengths * (sets.conversions + sets.nulls)).sum() == met["channel"].sum()


def test_more_sets_than_may_be_worked_out_one_by_one_are_too_many():
    sets = MOST_ROWS // 2 + 1
    counts = PathCounts(
        channels=("A", "B"),
        steps=np.tile([0, 1], sets),
        starts=np.arange(0, 2 * sets + 1, 2),
        conversions=np.ones(sets),
        nulls=np.zeros(sets),
    )
    assert not ChannelTotals(counts, [ChannelSplit("model")]).are_few
    few = replace(counts, conversions=np.r_[np.ones(sets - 1), 0.0])
    assert ChannelTotals(few, [ChannelSplit("model")]).are_few
