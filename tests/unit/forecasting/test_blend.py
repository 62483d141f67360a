"""The blend leans on the part that erred less, and only on errors that were known by then."""

from datetime import date

import numpy as np
import pytest

from core.forecasting.blend import BlendRule, blend, known_by
from core.forecasting.histories import end_of
from core.forecasting.outlook_parts import Parts
from core.forecasting.series_part import SeriesSaid
from core.forecasting.series_results import Choice

RULE = BlendRule(belief=(0.5,), belief_errors=2.0)
MEDIAN = Choice("median", "Median of members", ("theta",), "")
DAYS = tuple(date(2026, month, 28) for month in range(1, 5))


def said(pipeline, series, actual, open_deals=0.0, choice=MEDIAN):
    """Return one month ahead at four dates, the last one now."""
    column = np.array
    nothing = np.zeros((4, 1))
    unsaid = SeriesSaid(np.zeros(1), np.zeros(1), np.zeros(1), {}, choice)
    return Parts(
        as_of=DAYS,
        ends_epoch=column([[end_of(date(2026, month, 28)) + 0.0] for month in range(2, 6)]),
        pipeline=column(pipeline)[:, None],
        open_deals=np.full((4, 1), open_deals),
        spread=nothing,
        together=np.zeros((4, 1, 1)),
        wins=nothing,
        wins_together=np.zeros((4, 1, 1)),
        new_size=nothing,
        new_mean=nothing,
        series=column(series)[:, None],
        naive=nothing,
        run_rate=nothing,
        booked=nothing,
        actual=column(actual)[:, None],
        series_said=(unsaid,) * 4,
    )


def blended(parts):
    return blend(parts, known_by(parts.ends_epoch, parts.as_of), RULE)


def test_weights_are_shifted_by_past_errors_against_the_belief():
    # The parts differ by -10 and the blend by the belief misses by 100 - 115 = -15, three times.
    parts = said([110.0] * 4, [120.0] * 4, [100.0, 100.0, 100.0, np.nan])

    answer = blended(parts)

    # shift = 3 x 150 / (3 x 100 + 2 x 225) = 0.6, and 0.5 + 0.6 is more than all of it.
    assert answer.weights[-1, 0] == 1.0
    assert answer.rest[-1, 0] == 110.0
    assert answer.errors[-1, 0] == 3


def test_where_the_truth_lies_between_the_parts_the_weight_finds_it():
    # 104 = 0.4 x 110 + 0.6 x 100; believed .5 misses by -1 each time where the parts differ by 10.
    parts = said([110.0] * 4, [100.0] * 4, [104.0, 104.0, 104.0, np.nan])

    # shift = 3 x -10 / (3 x 100 + 2 x 1) = -0.0993
    assert blended(parts).weights[-1, 0] == pytest.approx(0.5 - 30 / 302)


def test_the_noisier_the_months_the_more_the_belief_stands():
    def weight(luck):
        actual = np.where(np.arange(25) % 2, 104.0 + luck, 104.0 - luck)
        parts = many([10.0] * 25, [0.0] * 25, actual)
        return blend(parts, known_by(parts.ends_epoch, parts.as_of), RULE).weights[-1, 0]

    # Both parts miss what is luck; their difference of 10 is small beside it.
    assert 0.4 < weight(0.0) < 0.402
    assert weight(0.0) < weight(30.0) < weight(300.0) < 0.5


def test_each_past_date_weighs_by_what_was_over_then():
    parts = said([110.0] * 4, [120.0] * 4, [100.0, 100.0, 100.0, np.nan])

    errors = blended(parts).errors[:, 0]

    # The month after the first date ends with the second one, and so on.
    assert errors.tolist() == [0, 1, 2, 3]


def test_without_errors_the_belief_alone_weighs():
    parts = said([110.0] * 4, [120.0] * 4, [np.nan] * 4)

    assert blended(parts).weights[-1, 0] == 0.5


def test_a_part_that_says_nothing_leaves_the_word_to_the_other():
    nan = np.nan
    parts = said([nan, 110.0, 110.0, 110.0], [120.0, nan, 120.0, nan], [nan] * 4)

    assert blended(parts).rest[:, 0].tolist() == [120.0, 110.0, 115.0, 110.0]


@pytest.mark.parametrize("choice", [None, Choice("simple_smoothing", "", (), "")])
def test_a_series_without_trend_and_season_is_believed_half_as_much(choice):
    parts = said([110.0] * 4, [120.0] * 4, [np.nan] * 4, choice=choice)

    # 1 - 0.5 x (1 - 0.5)
    assert blended(parts).weights[-1, 0] == 0.75


def test_a_belief_gives_way_where_the_past_speaks_against_it():
    rule = BlendRule(belief=(0.9,), belief_errors=48.0)

    def weight(pipeline_errors):
        parts = many(pipeline_errors, [10.0, -10.0] * 6, np.full(12, 100.0))
        return blend(parts, known_by(parts.ends_epoch, parts.as_of), rule).weights[-1, 0]

    alike = weight([-10.0, 10.0] * 6)
    unsure = weight([10.0, 24.0] * 6)
    sure = weight([29.0, 31.0] * 6)

    # Opposite errors of the same size: x = -20 and 20, 11 times, and r = 8 and -8, so the shift is
    # -11 x 160 / (11 x 400 + 48 x 64) = -0.2356.
    assert alike == pytest.approx(0.9 - 11 * 160 / (11 * 400 + 48 * 64))
    assert sure < unsure < 0.9
    assert sure < 0.15


def many(pipeline_errors, series_errors, actual):
    """Return one month ahead at some dates in a row, each part off by so much from 100."""
    dates = len(actual)
    days = [date(2025 + number // 12, number % 12 + 1, 28) for number in range(dates + 1)]
    nothing = np.zeros((dates, 1))
    unsaid = SeriesSaid(np.zeros(1), np.zeros(1), np.zeros(1), {}, MEDIAN)
    return Parts(
        as_of=tuple(days[:-1]),
        ends_epoch=np.array([[float(end_of(day))] for day in days[1:]]),
        pipeline=100.0 + np.array(pipeline_errors)[:, None],
        open_deals=nothing,
        spread=nothing,
        together=np.zeros((dates, 1, 1)),
        wins=nothing,
        wins_together=np.zeros((dates, 1, 1)),
        new_size=nothing,
        new_mean=nothing,
        series=100.0 + np.array(series_errors)[:, None],
        naive=nothing,
        run_rate=nothing,
        booked=nothing,
        actual=np.array(actual)[:, None],
        series_said=(unsaid,) * dates,
    )


def test_open_deals_stand_as_far_as_the_blend_does():
    parts = said([110.0] * 4, [10.0] * 4, [np.nan] * 4, open_deals=100.0)

    answer = blended(parts)

    # 0.5 x 110 + 0.5 x 10 = 60 of the 100 that the open deals alone would bring.
    assert answer.rest[-1, 0] == 60.0
    assert answer.deal_share[-1, 0] == 0.6
