"""Probabilities that a deal is won, lost or still open by the end of each step of a horizon."""

from dataclasses import dataclass

import numpy as np

from core.errors import InvalidParameterError
from core.forecasting.landmarks import Floats


@dataclass(frozen=True)
class Outcomes:
    """Probability that each deal is won, lost or still open at the end of each step."""

    ends_days: Floats
    won: Floats
    lost: Floats

    @property
    def slipped(self) -> Floats:
        """Neither won nor lost by then."""
        return 1.0 - self.won - self.lost


def step_ends(
    horizon_days: float, step_days: int = 7, marks_days: tuple[float, ...] = ()
) -> Floats:
    """Return the ends of the steps up to a horizon, the last one cut short where it must be.

    Marks are days on which a step must end too, such as the ends of months.

    >>> step_ends(17).tolist(), step_ends(17, marks_days=(10, 30)).tolist()
    ([7.0, 14.0, 17.0], [7.0, 10.0, 14.0, 17.0])

    Raises
    ------
    InvalidParameterError
        If the horizon is not in the future.
    """
    if horizon_days <= 0:
        raise InvalidParameterError(
            f"A horizon of {horizon_days} days has no future.",
            "Choose an end after the as-of date.",
        )
    whole = np.arange(step_days, horizon_days, step_days, dtype=np.float64)
    marks = [day for day in marks_days if 0 < day < horizon_days]
    return np.unique(np.concatenate([whole, marks, [float(horizon_days)]]))
