"""Fits of many histories at once: what a companion is asked, see `core.companion`.

Nothing but numbers goes in and comes out, and nothing is imported that a fit does not need.
"""

from datetime import date

from core.forecasting.backtest import Answers, Asked, answer
from core.forecasting.choose import AUTO
from core.forecasting.frequency import Frequency, Grid
from core.forecasting.series import Series


def continued(histories: tuple[Series | None, ...], horizon: int) -> tuple[Answers | None, ...]:
    """Forecast non-negative histories by the methods each can support; None where there is none.

    Parameters
    ----------
    histories
        Each as it was known at its date.
    horizon
        Periods ahead.
    """
    asked = Asked(AUTO, (), horizon, 0.0)
    return tuple(None if each is None else answer(each, asked) for each in histories)


def get_ready() -> None:
    """Import what fits need, which takes longer than they do, by making one."""
    made_up = tuple(100.0 + month % 12 + month for month in range(24))
    continued((Series("", Grid(Frequency.MONTH), date(2026, 1, 1), made_up),), 1)
