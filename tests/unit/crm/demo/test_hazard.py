"""The hazard of buying, computed by hand for one opportunity."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.crm.demo.channels import CHANNELS, NAMES, Channel
from core.crm.demo.hazard import STEP_DAYS, Chunk, all_channels, chunks, without
from core.crm.demo.options import DemoOptions
from core.crm.demo.scenarios import SCENARIOS
from core.crm.demo.story import tell
from core.crm.demo.touches import Touches

EVENTS = NAMES.index("Events")
PLAIN = SCENARIOS["additive"]


def chunk(base, stock, threshold):
    stocks = np.zeros((len(CHANNELS), base.size, 1))
    stocks[EVENTS, :, 0] = stock
    return Chunk(slice(0, 1), base[:, None], stocks, np.asarray([threshold]))


@pytest.mark.parametrize(
    ("scenario", "factor"),
    [
        ("additive", 1.0 + 0.5),  # 1 + s
        ("multiplicative", np.exp(0.5 / 2)),  # exp(s / 2)
        ("saturating", 1.0 + 4.0 * 0.5 / 1.5),  # 1 + 4 s / (1 + s)
    ],
)
def test_a_deal_is_won_when_the_cumulative_hazard_reaches_its_threshold(scenario, factor):
    # Hazard 0.1 a step times the factor; 0.45 is reached after 0.45 / (0.1 factor) steps.
    one = chunk(np.full(80, 0.1), 0.5, threshold=0.45)
    days = one.won_after_days(SCENARIOS[scenario], all_channels())[0]
    assert days == pytest.approx(STEP_DAYS * 0.45 / (0.1 * factor))


def test_without_the_channel_only_the_base_hazard_is_left():
    one = chunk(np.full(80, 0.1), 0.5, threshold=0.45)
    assert one.won_after_days(PLAIN, without(EVENTS))[0] == pytest.approx(STEP_DAYS * 4.5)


def test_a_threshold_out_of_reach_is_never_won():
    one = chunk(np.full(80, 0.1), 0.0, threshold=8.1)
    assert one.won_after_days(PLAIN, all_channels())[0] == np.inf


def test_a_touch_fades_by_half_in_a_half_life():
    story = tell(DemoOptions(deals=1, scenario="additive", ends_on=date(2026, 11, 20)))
    deal = story.deals.chosen(slice(0, 1))
    one = np.zeros(1, dtype=np.int64)
    touch = Touches(one, one + EVENTS, one, deal.created - 15.0)
    stocks = next(iter(chunks(story.market, deal, touch))).stocks[EVENTS, :, 0]
    channel: Channel = CHANNELS[EVENTS]
    ages = 15.0 + STEP_DAYS * np.arange(stocks.size)
    expected = PLAIN.effects * channel.effect * 0.5 ** (ages / channel.half_life_days)
    assert stocks == pytest.approx(expected)


def test_a_touch_acts_from_the_step_after_it():
    story = tell(DemoOptions(deals=1, scenario="additive", ends_on=date(2026, 11, 20)))
    deal = story.deals.chosen(slice(0, 1))
    one = np.zeros(1, dtype=np.int64)
    touch = Touches(one, one + EVENTS, one, deal.created + 7.0)
    stocks = next(iter(chunks(story.market, deal, touch))).stocks[EVENTS, :, 0]
    assert stocks[:2].tolist() == [0.0, 0.0]
    assert stocks[2] > stocks[3] > 0.0


def test_more_readiness_never_delays_a_win():
    story = tell(DemoOptions(deals=200, ends_on=date(2026, 11, 20)))
    eager = replace(story.deals, log_readiness=story.deals.log_readiness + 0.5)
    nobody = Touches(*(np.zeros(0, dtype=np.int64) for _ in range(3)), np.zeros(0))
    world = story.market.world
    before = next(iter(chunks(story.market, story.deals, nobody)))
    after = next(iter(chunks(story.market, eager, nobody)))
    slower = before.won_after_days(world, all_channels())
    assert (after.won_after_days(world, all_channels()) <= slower).all()
