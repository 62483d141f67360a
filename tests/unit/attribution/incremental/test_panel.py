"""Person-periods: every day at risk is counted once, every win once."""

import numpy as np
import polars as pl
import pytest

from core.attribution.incremental.journeys import read_journeys
from core.attribution.incremental.panel import build_panel

DAY = 86_400


@pytest.fixture
def panel():
    deals = pl.DataFrame(
        {
            "deal_id": ["L", "O", "W"],
            "account_id": ["1", "2", "3"],
            "created_at_epoch": [100 * DAY, 110 * DAY, 120 * DAY],
            "closed_at_epoch": [130 * DAY, None, 135 * DAY],
            "outcome": ["lost", "open", "won"],
        }
    )
    touches = pl.DataFrame(
        {"deal_id": ["W"], "channel": ["Email"], "occurred_at_epoch": [125 * DAY]}
    )
    return build_panel(read_journeys(deals, touches, 150 * DAY))


def test_days_at_risk_are_the_lives_of_the_deals(panel):
    assert np.bincount(panel.deal, panel.days).tolist() == [30.0, 40.0, 15.0]


def test_a_win_is_one_row_at_its_moment_with_no_time_of_its_own(panel):
    row = np.flatnonzero(panel.won)
    assert (panel.day[row].tolist(), panel.days[row].tolist()) == ([135.0], [0.0])
    assert panel.lags.stock(np.array([10.0]))[row].tolist() == [[0.5]]  # ten days after the touch


def test_own_exposure_at_a_moment_does_not_know_later_touches(panel):
    (column,) = panel.baseline[:, panel.own_exposure].T  # one channel has nothing in common
    of_won = panel.deal == 2
    before, after = (of_won & (panel.day < 128)), (of_won & (panel.day > 128))
    assert column[before].max() < 0.1
    assert column[after].min() > 0.5


def test_thinning_keeps_every_win_and_all_the_time_at_risk(panel):
    thin = panel.thinned(5)
    assert (thin.won.sum(), thin.lost.sum()) == (1.0, 1.0)
    assert thin.days.sum() == pytest.approx(panel.days.sum())
    assert thin.days.size < panel.days.size
