"""What experiments found, as prior knowledge of a channel's effect.

An experiment that switched a channel off for some says what the channel brings; observation alone
cannot prove it. The effect that would give the measured lift becomes the centre of the channel's
prior, and the width of the measured interval its precision, so that a sharp test decides and a
blunt one only leans.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import InvalidParameterError

COLUMNS: Final = ("channel", "lift", "lo", "hi")

_HIGHEST_EFFECT: Final = 50.0
_HALVINGS: Final = 40
_Z80: Final = 1.2816  # half of an 80 % interval, in standard deviations


@dataclass(frozen=True)
class LiftTest:
    """The result of one experiment.

    Parameters
    ----------
    channel
        Name of the channel, as the data have it.
    lift
        Part of won deals that would have been lost without the channel.
    low, high
        Its 80 % interval.
    """

    channel: str
    lift: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.lift <= self.high < 1.0 or self.low == self.high:
            raise InvalidParameterError(
                f"The lift test of '{self.channel}' needs 0 <= lo <= lift <= hi < 1, lo below hi.",
                "Write parts of one: 0.08 means 8 % of won deals.",
            )


def read_lift_tests(text: str) -> tuple[LiftTest, ...]:
    r"""Read lift tests from CSV text with the columns ``channel,lift,lo,hi``.

    Raises
    ------
    InvalidParameterError
        If a column or a number is missing, or a channel is named twice.

    >>> read_lift_tests("channel,lift,lo,hi\nEvents,0.1,0.05,0.15\n")[0].lift
    0.1
    """
    reader = csv.DictReader(io.StringIO(text))
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        raise InvalidParameterError(
            "Lift tests need the columns channel, lift, lo and hi.",
            "Begin the file with the line: channel,lift,lo,hi",
        )
    return _one_a_channel(
        _test([row[name] for name in COLUMNS], f"Line {number} of the lift tests")
        for number, row in enumerate(reader, start=2)
    )


def read_lift_lines(lines: Iterable[str]) -> tuple[LiftTest, ...]:
    """Read lift tests as they are typed, a line each.

    Raises
    ------
    InvalidParameterError
        If a line is not a channel and three numbers, or a channel is named twice.

    >>> read_lift_lines(["Events,0.1,0.05,0.15"])[0].high
    0.15
    """
    return _one_a_channel(_test(next(csv.reader([line]), []), f"'{line}'") for line in lines)


def _one_a_channel(read: Iterable[LiftTest]) -> tuple[LiftTest, ...]:
    tests = tuple(read)
    names = [one.channel for one in tests]
    if len(set(names)) < len(names):
        raise InvalidParameterError(
            "A channel has more than one lift test.", "Keep the sharpest test of each channel."
        )
    return tests


def _test(cells: Sequence[str], where: str) -> LiftTest:
    try:
        channel, *numbers = cells
        lift, low, high = (float(number) for number in numbers)
    except (TypeError, ValueError) as error:
        raise InvalidParameterError(
            f"{where} is not a channel and three numbers.",
            "Write parts of one with a point: Events,0.10,0.05,0.15",
        ) from error
    return LiftTest(channel.strip(), lift, low, high)


def effect_of(lift: float, lift_at: Callable[[float], float]) -> float:
    """Return the effect that gives a lift; ``lift_at`` grows with the effect."""
    low, high = 0.0, _HIGHEST_EFFECT
    if lift_at(high) <= lift:
        return high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if lift_at(middle) < lift else (low, middle)
    return (low + high) / 2.0


def prior_of(test: LiftTest, lift_at: Callable[[float], float]) -> tuple[float, float]:
    """Return centre and precision of the prior that a test gives to a channel's effect."""
    centre = effect_of(test.lift, lift_at)
    spread = effect_of(test.high, lift_at) - effect_of(test.low, lift_at)
    deviation = max(spread / (2.0 * _Z80), 1e-3)
    return centre, 1.0 / math.pow(deviation, 2)
