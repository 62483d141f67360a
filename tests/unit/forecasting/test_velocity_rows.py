"""Velocities as rows keep the count behind each factor and the reason where there is none."""

from datetime import date

from core.forecasting.velocity import velocity_by
from core.forecasting.velocity_rows import velocity_rows
from tests.pipelines import Pipeline

HISTORIES = (
    Pipeline()
    .deal("D1", "2024-01-01", 400, won="2024-01-21", region="North")
    .deal("D2", "2024-01-05", 100, lost="2024-02-01", region="North")
    .deal("D3", "2024-01-10", 100, region="North")
    .deal("D4", "2024-01-10", 100, region="South")
    .histories()
)


def test_the_fastest_segment_stands_first_and_an_undefined_one_last():
    rows = velocity_rows(velocity_by(HISTORIES, date(2024, 3, 1), date(2024, 1, 1), "region"))

    first, last = rows.iter_rows(named=True)
    assert first["segment"] == "North"
    assert first["per_day_minor"] == 1 * 0.5 * 400 / 20  # open x rate x amount / days
    assert (first["open_deals"], first["closed_deals"], first["won_deals"]) == (1, 2, 1)
    assert (last["segment"], last["per_day_minor"]) == ("South", None)
    assert last["reason"] == "No deal was closed in the window."
