"""Days a dead deal lies about do not count; pauses that its own pace explains do."""

import numpy as np
import polars as pl
import pytest

from core.attribution.incremental.journeys import read_journeys
from core.attribution.incremental.panel import build_panel
from core.attribution.incremental.silence import Silence, read_silence

DAY = 86_400
GAP_DAYS = 10.0


def company(deals, outcome="lost", left_to_lie_days=0.0, touched=True):
    """Return deals that live 120 days, are touched every ten, and of which half lie about."""
    rng = np.random.default_rng(1)
    names = [f"D{number:04d}" for number in range(deals)]
    lies = left_to_lie_days * (np.arange(deals) % 2)
    rows = pl.DataFrame(
        {
            "deal_id": [*names, "W"],
            "account_id": [*names, "W"],
            "created_at_epoch": [100 * DAY] * (deals + 1),
            "closed_at_epoch": [*((220 + lies) * DAY).astype(int).tolist(), 180 * DAY],
            "outcome": [*[outcome] * deals, "won"],
        }
    )
    count = rng.poisson(120.0 / GAP_DAYS, deals) * touched
    moment = 100 + 120 * rng.random(count.sum())
    touches = pl.DataFrame(
        {
            "deal_id": [*np.repeat(names, count), "W"],
            "channel": "Email",
            "occurred_at_epoch": [*(moment * DAY).astype(int).tolist(), 110 * DAY],
        }
    )
    return read_journeys(rows, touches, 900 * DAY)


def alive_days(journeys):
    panel = build_panel(journeys, silence=read_silence(journeys))
    return np.bincount(panel.deal, panel.days)


def test_pauses_that_are_no_longer_than_gaps_are_time_at_risk():
    days = alive_days(company(400))[:-1]
    assert days.mean() == pytest.approx(120.0, rel=0.02)


def test_the_days_dead_deals_were_left_to_lie_are_not():
    left = company(400, left_to_lie_days=80.0)
    days = alive_days(left)[:-1]
    assert days[0::2].mean() == pytest.approx(120.0, rel=0.03)  # closed when they died
    assert days[1::2].mean() == pytest.approx(120.0, rel=0.05)  # closed 80 days later


def test_a_won_deal_is_at_risk_until_the_win_however_silent():
    assert alive_days(company(400, left_to_lie_days=80.0))[-1] == pytest.approx(80.0)  # 100 to 180


def test_a_deal_without_touches_is_at_risk_until_its_end():
    days = alive_days(company(40, left_to_lie_days=80.0, touched=False))[:2]
    assert days.tolist() == pytest.approx([120.0, 200.0])


def test_a_handful_of_deals_tells_nothing_about_silence():
    days = alive_days(company(10, left_to_lie_days=300.0))[:2]
    assert days.tolist() == pytest.approx([120.0, 420.0])


def test_the_day_a_deal_died_is_spread_over_the_silence_by_pace_and_cleaning_up():
    one = Silence(
        last_day=np.array([0.0, 0.0, 0.0]),
        pause_days=np.array([10.0, 10.0, 10.0]),
        pace=np.array([[0.1], [0.2], [0.2]]),
        weight=np.ones((3, 1)),
        closed_a_day=np.array([0.1, 0.1, 0.1]),
        dead=np.array([1.0, 1.0, 0.5]),
    )
    # alike, any day: (10 - 5) / 10; a faster pace, earlier: (e^-.5 - e^-1) / (1 - e^-1) = .377541
    told = one.alive(np.arange(3), np.full(3, 5.0))
    assert told.tolist() == pytest.approx([0.5, 0.377541, 1 - 0.5 * (1 - 0.377541)], abs=1e-6)


def test_before_its_last_touch_a_deal_is_alive():
    lost = company(40, left_to_lie_days=80.0)
    silence = read_silence(lost)
    assert silence.alive(np.array([1]), silence.last_day[1:2] - 1.0).tolist() == [1.0]
