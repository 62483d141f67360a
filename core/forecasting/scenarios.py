"""What if: another win rate, cycle, deal size, creation or slippage, and outcomes at another day.

`outlook_scenarios` bends an outlook by it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.errors import InvalidParameterError
from core.forecasting.landmarks import Floats
from core.forecasting.outcomes import Outcomes


@dataclass(frozen=True)
class Scenario:
    """Factors on what the past says; 1 changes nothing.

    Parameters
    ----------
    name
        Name on screen.
    win_rate
        Times as many of the deals decided in the period are won, up to all of them.
    cycle
        Times as long as deals take: the outcomes of day h come about by day h x cycle.
    deal_size
        Times the amount of every deal.
    creation
        Times as much business is created.
    slippage
        Share of the wins expected in the period that move past its end.
    """

    name: str
    win_rate: float = 1.0
    cycle: float = 1.0
    deal_size: float = 1.0
    creation: float = 1.0
    slippage: float = 0.0

    def __post_init__(self) -> None:
        factors = (self.win_rate, self.cycle, self.deal_size, self.creation)
        if min(factors) <= 0 or not 0 <= self.slippage <= 1:
            raise InvalidParameterError(
                "The factors of a scenario are above 0, its slippage is between 0 and 1.",
                "Use 1 for no change, and 0 for no slippage.",
            )


BASE: Final = Scenario("Base")
PRESETS: Final = (
    BASE,
    Scenario("Cautious", win_rate=0.9, cycle=1.1, slippage=0.1),
    Scenario("Ambitious", win_rate=1.1, creation=1.1),
)


def decided_by(outcomes: Outcomes, day: float) -> tuple[Floats, Floats]:
    """Return each deal's chances to be won and lost by a day, past the horizon where need be."""
    ends = outcomes.ends_days
    if day <= ends[-1]:
        return _between(outcomes.won, ends, day), _between(outcomes.lost, ends, day)
    return _beyond(outcomes, day)


def _between(values: Floats, ends_days: Floats, day: float) -> Floats:
    """Return probabilities at a day inside the horizon, straight between the ends of steps."""
    days = np.concatenate([[0.0], ends_days])
    step = int(np.searchsorted(days, day, side="left"))
    share = (day - days[step - 1]) / (days[step] - days[step - 1])
    before = values[:, step - 2] if step > 1 else np.zeros(len(values))
    between: Floats = values[:, step - 1] * share + before * (1 - share)
    return between


def _beyond(outcomes: Outcomes, day: float) -> tuple[Floats, Floats]:
    """Return probabilities at a day past the horizon: the hazards of its last step go on."""
    length = np.diff(outcomes.ends_days, prepend=0.0)[-1]
    gained = [
        values[:, -1] - (values[:, -2] if values.shape[1] > 1 else 0.0)
        for values in (outcomes.won, outcomes.lost)
    ]
    left = outcomes.slipped[:, -1]
    before = left + gained[0] + gained[1]
    decided = np.divide(gained[0] + gained[1], before, out=np.zeros_like(left), where=before > 0)
    further = left * (1 - (1 - decided) ** ((day - outcomes.ends_days[-1]) / length))
    share = np.divide(gained[0], gained[0] + gained[1], out=np.zeros_like(left), where=decided > 0)
    return (
        outcomes.won[:, -1] + further * share,
        outcomes.lost[:, -1] + further * (1 - share),
    )


def reached(values: Floats, ends_days: Floats, day: float) -> float:
    """Return a running total at a day, growing as in the last step where the day is past it."""
    days, totals = np.concatenate([[0.0], ends_days]), np.concatenate([[0.0], values])
    pace = (totals[-1] - totals[-2]) / (days[-1] - days[-2])
    return float(np.interp(day, days, totals) + max(0.0, day - days[-1]) * pace)
