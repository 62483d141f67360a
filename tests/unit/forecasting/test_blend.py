"""The blend leans on the part that erred less, and only on errors that were known by then."""

from datetime import date

import numpy as np
import pytest

from core.forecasting.blend import BlendRule, blend, known_by
from core.forecasting.histories import end_of
from core.forecasting.outlook_parts import Parts
from core.forecasting.series_part import SeriesSaid

RULE = BlendRule(belief=(0.5,), belief_errors=2.0, power=2.0)
DAYS = tuple(date(2026, month, 28) for month in range(1, 5))


def said(pipeline, series, actual, open_deals=0.0):
    """Return one month ahead at four dates, the last one now."""
    column = np.array
    nothing = np.zeros((4, 1))
    unsaid = SeriesSaid(np.zeros(1), np.zeros(1), np.zeros(1), {}, None)
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


def test_weights_follow_past_errors_shrunk_to_the_belief():
    # Pipeline misses by 10 three times, series by 20: seen = 20^2 / (20^2 + 10^2) = 0.8.
    parts = said([110.0] * 4, [120.0] * 4, [100.0, 100.0, 100.0, np.nan])

    answer = blended(parts)

    # (3 x 0.8 + 2 x 0.5) / (3 + 2) = 0.68; 0.68 x 110 + 0.32 x 120 = 113.2
    assert answer.weights[-1, 0] == pytest.approx(0.68)
    assert answer.rest[-1, 0] == pytest.approx(113.2)
    assert answer.errors[-1, 0] == 3


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


def test_a_belief_gives_way_where_the_past_speaks_against_it():
    rule = BlendRule(belief=(0.9,), belief_errors=48.0, power=8.0)

    def weight(pipeline_errors, dates=12):
        parts = many(dates, pipeline_errors, [10.0] * dates)
        return blend(parts, known_by(parts.ends_epoch, parts.as_of), rule).weights[-1, 0]

    alike = weight([10.0] * 12)
    unsure = weight([10.0, 14.0] * 6)
    sure = weight([19.0, 21.0] * 6)

    # Alike: (11 x 0.5 + 48 x 0.9) / 59 = 0.825.
    assert alike == pytest.approx((11 * 0.5 + 48 * 0.9) / 59)
    assert sure < 0.05 < unsure < alike


def many(dates, pipeline_errors, series_errors):
    """Return one month ahead at some dates in a row, each part off by so much."""
    days = [date(2025 + number // 12, number % 12 + 1, 28) for number in range(dates + 1)]
    nothing = np.zeros((dates, 1))
    unsaid = SeriesSaid(np.zeros(1), np.zeros(1), np.zeros(1), {}, None)
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
        actual=np.full((dates, 1), 100.0),
        series_said=(unsaid,) * dates,
    )


def test_open_deals_stand_as_far_as_the_blend_does():
    parts = said([110.0] * 4, [10.0] * 4, [np.nan] * 4, open_deals=100.0)

    answer = blended(parts)

    # 0.5 x 110 + 0.5 x 10 = 60 of the 100 that the open deals alone would bring.
    assert answer.rest[-1, 0] == 60.0
    assert answer.deal_share[-1, 0] == 0.6
