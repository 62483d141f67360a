"""What had happened to a deal by a moment is counted from what was known just before it."""

from datetime import date

import numpy as np
import pytest

from core.deals.features import groups
from core.deals.moments import (
    channel_counts,
    moves,
    open_now,
    past_snapshots,
    record,
    touch_counts,
)  # fmt: skip
from core.forecasting.histories import end_of
from core.forecasting.pushes import push_counts
from tests.pipelines import Pipeline, random_pipeline
from tests.scored import data_of

AT = end_of(date(2024, 3, 31))


def test_pushes_are_counted_as_the_crm_counts_them():
    histories = random_pipeline(3).histories()
    as_of = date(2024, 12, 1)
    now = open_now(histories, end_of(as_of))
    counted = dict(push_counts(histories, as_of).select("deal_id", "pushes").iter_rows())
    ids = histories.deals["deal_id"].gather(now.deal)

    assert moves(histories, now).pushes.tolist() == [counted.get(deal, 0) for deal in ids]


def test_a_step_back_in_the_pipeline_is_counted():
    pipeline = (
        Pipeline()
        .deal("D1", "2024-01-01")
        .change("D1", "2024-01-01", "Lead", 100)
        .change("D1", "2024-02-01", "Offer", 80)
        .change("D1", "2024-03-01", "Demo", 90)
    )
    found = moves(pipeline.histories(), open_now(pipeline.histories(), AT))

    assert found.back.tolist() == [1]
    assert (found.first_amount.tolist(), found.peak_amount.tolist()) == ([100], [100])


def test_an_owners_record_holds_only_deals_closed_before():
    pipeline = (
        Pipeline()
        .deal("W", "2024-01-01", won="2024-02-01", owner_id="u1")
        .deal("L", "2024-01-01", lost="2024-03-15", owner_id="u1")
        .deal("X", "2024-01-01", won="2024-05-01", owner_id="u1")
        .deal("O", "2024-03-01", owner_id="u1")
        .deal("P", "2024-03-01", owner_id="u2")
    )
    histories = pipeline.histories()
    now = open_now(histories, AT)
    found = record(groups(histories.deals["owner_id"]), histories, now)
    by_deal = dict(zip(histories.deals["deal_id"].gather(now.deal), found.won, strict=True))

    assert by_deal == {"O": 1, "P": 0, "X": 1}
    assert found.lost.max() == 1


def test_touches_count_from_the_moment_they_are_known():
    data = data_of(
        Pipeline().deal("D1", "2024-01-01").deal("D2", "2024-01-01"),
        [
            ("D1", "2023-12-01", "Email", "click", "c1"),
            ("D1", "2024-03-20", "Email", "reply", "c2"),
            ("D1", "2024-03-25", "Events", "talk", None),
            ("D1", "2024-04-01", "Events", "talk", "c3"),
        ],
    )
    now = open_now(data.histories, AT)
    found = touch_counts(data, now)

    assert found.total.tolist() == [3, 0]
    assert found.recent.tolist() == [2, 0]
    assert found.people.tolist() == [2, 0]
    assert found.days_since[0] == pytest.approx(7)  # from the start of 25 to the end of 31 March
    assert np.isnan(found.days_since[1])
    assert channel_counts(data.touches, now, ["Events", "Fax"]).tolist() == [[1, 0], [0, 0]]


def test_a_larger_company_is_looked_at_less_often():
    histories = random_pipeline(5).histories()
    at = end_of(date(2025, 1, 31))
    every_week = past_snapshots(histories, at)
    rarely = past_snapshots(histories, at, most_rows=len(every_week.at) // 3)
    in_part = past_snapshots(histories, at, most_rows=60)

    assert len(np.unique(rarely.at)) < len(np.unique(every_week.at))
    assert len(np.unique(in_part.deal)) < len(np.unique(every_week.deal))
    assert len(in_part.at) <= 120


def test_only_deals_closed_before_the_day_are_learned_from():
    histories = random_pipeline(5).histories()
    at = end_of(date(2024, 6, 30))
    seen = past_snapshots(histories, at)

    assert (np.minimum(seen.won_at, seen.lost_at) < at).all()
    assert (seen.at < at).all()
