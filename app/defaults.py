"""What every way in asks while nobody has chosen anything else."""

from datetime import date
from typing import Final

from core.periods import Preset

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Days that can be asked about; any other is a slip."""

DEFAULT_PERIOD: Final = Preset.LAST_12_MONTHS

DEFAULT_MODEL: Final = "linear"

COMPARED: Final = (
    "first_touch", "last_touch", "linear", "time_decay", "step_decay", "position_based",
)  # fmt: skip
"""Models side by side until somebody chooses others: the classic ones."""

JOURNEY_STEPS: Final = 3
"""Steps looked at of a journey: more make paths that nearly no two deals share."""

QUARTERS_AHEAD: Final = 4
"""Quarters the outlook is asked for. Its record is over all of them, so that whoever asks for
fewer reads another record."""

DECIDING_DEALS: Final = 10
"""Deals listed as deciding the period, the same on the page and in the report."""
