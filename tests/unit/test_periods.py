"""Periods count back from the day the data reach and are compared like with like."""

from datetime import date

import pytest

from core.periods import Period, Preset, period, previous

AS_OF = date(2026, 11, 20)


def spans(preset, as_of=AS_OF, custom=None):
    current = period(preset, as_of, custom)
    before = previous(current, preset)
    return (current.starts_on, current.ends_on), before and (before.starts_on, before.ends_on)


@pytest.mark.parametrize(
    ("preset", "current", "before"),
    [
        (
            Preset.QUARTER_TO_DATE,
            (date(2026, 10, 1), AS_OF),
            (date(2026, 7, 1), date(2026, 8, 20)),
        ),
        (
            Preset.LAST_QUARTER,
            (date(2026, 7, 1), date(2026, 9, 30)),
            (date(2026, 4, 1), date(2026, 6, 30)),
        ),
        (
            Preset.LAST_12_MONTHS,
            (date(2025, 11, 21), AS_OF),
            (date(2024, 11, 21), date(2025, 11, 20)),
        ),
        (Preset.ALL_TIME, (None, None), None),
    ],
)
def test_a_preset_and_what_it_is_compared_with(preset, current, before):
    assert spans(preset) == (current, before)


def test_chosen_days_are_compared_with_as_many_days_before():
    march = (date(2026, 3, 1), date(2026, 3, 31))

    assert spans(Preset.CUSTOM, custom=march)[1] == (date(2026, 1, 29), date(2026, 2, 28))


def test_chosen_days_that_are_missing_mean_all_time():
    assert period(Preset.CUSTOM, AS_OF) == Period(None, None, "all time")


def test_a_leap_day_has_a_year_before():
    assert spans(Preset.LAST_12_MONTHS, date(2028, 2, 29))[0] == (
        date(2027, 3, 1),
        date(2028, 2, 29),
    )


def test_a_long_quarter_never_reaches_into_itself_when_compared():
    (start, _), (_, before_ends) = spans(Preset.QUARTER_TO_DATE, date(2026, 6, 30))

    assert before_ends < start
