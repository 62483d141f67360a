"""Channels that happen on dates: events and webinars."""

from typing import Final

import numpy as np

from core.crm.demo.chance import Chance, Floats, Ints
from core.crm.demo.season import LEAD_IN_DAYS, Window

EVERY_DAYS: Final = {"Events": 61, "Webinar": 21}
"""Days between two dates of a channel."""

_THURSDAY, _FRIDAY = 3, 4
_SHIFT_DAYS: Final = 8.0


def nearest_date(channel: str, days: Floats) -> Ints:
    """Return the number of the channel's date closest to days of the calendar."""
    numbers: Ints = np.rint((days + LEAD_IN_DAYS) / EVERY_DAYS[channel]).astype(np.int64)
    return numbers


def day_of_date(window: Window, chance: Chance, channel: str, number: Ints) -> Ints:
    """Return the working day of the calendar on which a date falls."""
    shift = _SHIFT_DAYS * (chance.uniform(f"dates/{channel}", number) - 0.5)
    day = np.floor(number * EVERY_DAYS[channel] - LEAD_IN_DAYS + shift).astype(np.int64)
    weekday = (day + window.starts_on.weekday()) % 7
    working: Ints = np.where(weekday > _FRIDAY, day - (weekday - _THURSDAY), day)
    return working
