"""Risk signals of one deal with the figure, the threshold and the unit behind each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core import formats
from core.deals.risk import RiskSignal, risk_signal
from core.deals.settings import SignalSettings

Row = Mapping[str, Any]
"""One row of the scores' frame by column."""


@dataclass(frozen=True)
class Reading:
    """One signal that is on.

    Parameters
    ----------
    signal
        Which.
    value, threshold
        What was measured and what it was held against; None where it is not a number.
    unit
        What both are counted in: days, pushes, people, share.
    words
        Both in a phrase.
    """

    signal: RiskSignal
    value: float | None
    threshold: float | None
    unit: str
    words: str


def readings(row: Row, settings: SignalSettings) -> tuple[Reading, ...]:
    """Return the signals of one row of the scores' frame, in their order."""
    return tuple(Reading(risk_signal(code), *_READ[code](row, settings)) for code in row["signals"])


_Read = tuple[float | None, float | None, str, str]


def _stalled(row: Row, settings: SignalSettings) -> _Read:
    value, limit = float(row["stage_days"]), float(row["stalled_after_days"])
    share = formats.percent(settings.stalled_share, 0)
    words = (
        f"{formats.days(value)} in stage; {share} of won deals took at most {formats.days(limit)}"
    )
    return value, limit, "days", words


def _pushed(row: Row, settings: SignalSettings) -> _Read:
    value = int(row["pushes"])
    return value, settings.pushes, "pushes", f"{formats.counted(value, 'push', 'pushes')} so far"


def _past_close_date(row: Row, settings: SignalSettings) -> _Read:  # noqa: ARG001
    value = -float(row["due_days"])
    return value, 0.0, "days", f"{formats.days(value)} past {formats.day(row['due_on'])}"


def _no_next_step(row: Row, settings: SignalSettings) -> _Read:  # noqa: ARG001
    return None, None, "", "none is written"


def _single_threaded(row: Row, settings: SignalSettings) -> _Read:
    value = int(row["people"])
    met = f"{formats.counted(value, 'person', 'people')} met"
    return value, settings.fewest_people, "people", met


def _amount_dropped(row: Row, settings: SignalSettings) -> _Read:
    value = float(row["amount_drop"])
    return value, settings.amount_drop, "share", f"{formats.percent(value, 0)} below its highest"


def _low_intent(row: Row, settings: SignalSettings) -> _Read:
    value = float(row["low_intent_share"])
    touches = formats.counted(int(row["touches_quarter"]), "touch", "touches")
    words = f"{formats.percent(value, 0)} of {touches} in 90 days by low-intent channels"
    return value, settings.low_intent_share, "share", words


def _inactive(row: Row, settings: SignalSettings) -> _Read:
    value = float(row["quiet_days"])
    return value, settings.quiet_days, "days", f"{formats.days(value)} without a touch"


def _owner_below_average(row: Row, settings: SignalSettings) -> _Read:
    won, lost = int(row["owner_won"]), int(row["owner_lost"])
    value, everybody = won / (won + lost), float(row["everybody"])
    low, high = (formats.percent(float(row[name]), 0) for name in ("owner_low", "owner_high"))
    level = formats.percent(settings.owner_level, 0)
    words = (
        f"won {won} of {won + lost}, {formats.percent(value, 0)} ({level} interval {low} to "
        f"{high}); everybody {formats.percent(everybody, 0)}"
    )
    return value, everybody, "share", words


_READ: Final[dict[str, Callable[[Row, SignalSettings], _Read]]] = {
    "stalled": _stalled,
    "pushed": _pushed,
    "past_close_date": _past_close_date,
    "no_next_step": _no_next_step,
    "single_threaded": _single_threaded,
    "amount_dropped": _amount_dropped,
    "low_intent": _low_intent,
    "inactive": _inactive,
    "owner_below_average": _owner_below_average,
}
