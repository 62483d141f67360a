"""What the model is told about deals: nothing from after their end."""

import polars as pl
import pytest

from core.attribution.incremental.journeys import read_journeys
from core.errors import EmptyWorkspaceError

DAY = 86_400
AS_OF = 400 * DAY


def deals(*rows):
    schema = ["deal_id", "account_id", "created_at_epoch", "closed_at_epoch", "outcome"]
    days = ("created_at_epoch", "closed_at_epoch")
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(*days) * DAY)


def touches(*rows):
    frame = pl.DataFrame(rows, schema=["deal_id", "channel", "occurred_at_epoch"], orient="row")
    return frame.with_columns(pl.col("occurred_at_epoch") * DAY)


WON = ("W", "A", 100, 150, "won")


def test_touches_after_the_end_of_a_deal_are_not_read():
    journeys = read_journeys(deals(WON), touches(("W", "Email", 90), ("W", "Email", 150)), AS_OF)
    assert journeys.touch_day.tolist() == [90.0]


def test_a_deal_that_closes_after_the_last_day_is_still_open_on_it():
    journeys = read_journeys(
        deals(WON, ("X", "B", 300, 500, "won")), touches(("W", "Email", 90)), AS_OF
    )
    assert (journeys.won.tolist(), journeys.ended.tolist()) == ([1.0, 0.0], [150.0, 400.0])


def test_without_a_won_deal_nothing_can_be_said():
    with pytest.raises(EmptyWorkspaceError, match="No deal has been won"):
        read_journeys(deals(("L", "A", 100, 150, "lost")), touches(("L", "Email", 110)), AS_OF)


def test_leaving_a_channel_out_leaves_its_touches_out():
    told = touches(("W", "Email", 90), ("W", "Events", 95), ("W", "Webinar", 99))
    journeys = read_journeys(deals(WON), told, AS_OF).without(frozenset({"Events"}))
    assert journeys.channels == ("Email", "Webinar")
    assert journeys.touch_channel.tolist() == [0, 1]


def test_deals_of_one_company_share_an_account_and_a_deal_without_one_stands_alone():
    rows = deals(WON, ("X", "A", 200, None, "open"), ("Y", None, 200, None, "open"))
    accounts = read_journeys(rows, touches(("W", "Email", 90)), AS_OF).accounts.tolist()
    assert accounts[0] == accounts[1] != accounts[2]
