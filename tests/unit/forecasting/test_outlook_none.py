"""A month in which nothing is won is told from a month that was missed."""

from datetime import date

import numpy as np
import pytest

from core.forecasting.outlook_parts import Parts
from core.forecasting.outlook_record import Said, said_then

DAY = (date(2026, 11, 20),)
ONE = np.ones((1, 2))


def parts(chances, new_mean=0.0):
    """Return what is said of open deals of 100 with their chances by month."""
    amounts = np.full(len(chances), 100.0)
    chances = np.array(chances)
    nothing = np.zeros((1, 2))
    return Parts(
        as_of=DAY,
        ends_epoch=nothing,
        pipeline=nothing,
        open_deals=(amounts @ chances)[None],
        spread=(amounts**2 @ chances)[None],
        together=((amounts**2)[:, None] * chances).T[None] @ chances,
        wins=chances.sum(axis=0)[None],
        wins_together=(chances.T @ chances)[None],
        new_size=np.full((1, 2), new_mean),
        new_mean=np.full((1, 2), new_mean),
        series=nothing,
        naive=nothing,
        run_rate=nothing,
        booked=nothing,
        actual=nothing,
        series_said=(),
    )


def said(rest, sd, none):
    """Return one period of one date."""
    column = np.array([[0.0]])
    return Said(
        as_of=DAY, ends_epoch=column, booked=column, open_deals=column, rest=column + rest,
        sd=column + sd, none=column + none, pipeline=column, series=column, naive=column,
        run_rate=column, actual=column, weights=column, members={},
    )  # fmt: skip


def test_the_chance_of_nothing_is_that_of_every_deal_and_of_no_new_win():
    # Chances .1 and .2 in the first month; half a new win: exp(-(.3 + (.01 + .04) / 2 + .5)).
    found = parts([[0.1, 0.0], [0.2, 0.0]], 50.0).chance_of_none([0, 1], ONE, np.full((1, 2), 25.0))

    assert found[0, 0] == pytest.approx(np.exp(-0.825))
    assert found[0, 0] == pytest.approx(0.9 * 0.8 * np.exp(-0.5), rel=0.01)
    assert found[0, 1] == pytest.approx(np.exp(-0.5))


def test_a_deal_is_counted_once_in_months_together():
    # Once .3 + .3: not won in either month .4, to the second order exp(-(.6 + .36 / 2)).
    found = parts([[0.3, 0.3]]).chance_of_none([0], ONE, np.zeros((1, 1)))

    assert found[0, 0] == pytest.approx(np.exp(-0.78))


def test_an_interval_holds_nought_where_nothing_is_likely_enough():
    likely, unlikely = (said_then(said(100.0, 150.0, none), np.ones((1, 1)), 0)
                        for none in (0.3, 0.05))  # fmt: skip

    assert likely["lo80"] == 0.0
    assert unlikely["lo80"] > 0.0
    assert unlikely["lo95"] == 0.0


def test_the_interval_is_one_of_a_distribution_with_the_mean_and_spread_that_were_said():
    past = said(100.0, 150.0, 0.3)
    quantiles = past.quantiles(0, np.ones(1))
    drawn = np.array([quantiles(share)[0] for share in (np.arange(20_000) + 0.5) / 20_000])

    assert drawn.mean() == pytest.approx(100.0, rel=0.01)
    assert drawn.std() == pytest.approx(150.0, rel=0.02)
    assert (drawn == 0).mean() == pytest.approx(0.3, abs=0.001)


def test_no_more_is_nought_than_mean_and_spread_allow():
    # A deal of 100 that is won four times in five: sd 40; nought at most once in 1 + (80 / 40)^2.
    found = said_then(said(80.0, 40.0, 0.9), np.ones((1, 1)), 0)

    assert 0.0 <= found["lo80"] <= 80.0 <= found["hi80"] < np.inf
