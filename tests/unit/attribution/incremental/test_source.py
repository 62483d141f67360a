"""Journeys of all deals through an engine: the same on every engine, open deals included."""

from datetime import date

import numpy as np
import pytest

from core.attribution.incremental.source import load_journeys
from core.attribution.results import JourneySettings
from core.crm.demo.company import load, simulate
from core.crm.demo.options import DemoOptions
from core.engine import open_engine
from core.workspace import Workspace

AS_OF = 1_795_219_200  # 2026-11-21, the midnight after the last day of the company


@pytest.fixture(scope="module")
def workspace():
    company = simulate(DemoOptions(ends_on=date(2026, 11, 20), deals=80, scenario="additive"))
    with Workspace.in_memory() as workspace:
        load(workspace, company)
        yield workspace


def read(workspace, url):
    return load_journeys(open_engine(workspace, url), "EUR", JourneySettings(), AS_OF)


def test_won_lost_and_open_deals_are_read_with_the_touches_before_their_end(workspace):
    journeys = read(workspace, "duckdb:")
    assert journeys.opened.size == workspace.count("deals")
    assert 0 < journeys.won.sum() < journeys.opened.size - journeys.lost.sum()
    assert (journeys.touch_day < journeys.ended[journeys.touch_deal]).all()


def test_the_engine_does_not_matter(workspace):
    one, other = read(workspace, "duckdb:"), read(workspace, "polars:")
    np.testing.assert_array_equal(one.touch_day, other.touch_day)
    np.testing.assert_array_equal(one.touch_channel, other.touch_channel)
