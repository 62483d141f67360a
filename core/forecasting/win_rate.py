"""The win rate three ways, because the usual one leaves out every deal still open.

- closed basis: won / (won + lost) among deals closed in the window. What CRMs show; too high while
  losses take longer to be admitted than wins. Feeds pipeline velocity, where people expect it.
- created cohort: won / created among deals created in the window. Honest once the cohort is old;
  low while it is young.
- within so many days: share of deals won by an age, open deals counted as open (Aalen-Johansen).
  Feeds the win-rate curves, and is the one to quote.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import polars as pl

from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.incidence import Fate, Incidence, aalen_johansen

_Z95 = NormalDist().inv_cdf(0.975)
_FEW = 20


@dataclass(frozen=True)
class Share:
    """A count out of a count, and the rate where there is one."""

    count: int
    out_of: int

    @property
    def rate(self) -> float | None:
        """Count / out_of, or None when there is nothing to count out of."""
        return self.count / self.out_of if self.out_of else None

    @property
    def band(self) -> tuple[float, float] | None:
        """95 % Wilson interval of the rate.

        >>> [round(end, 3) for end in Share(5, 10).band]
        [0.237, 0.763]
        """
        if not self.out_of:
            return None
        n, p, z = self.out_of, self.count / self.out_of, _Z95
        middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        reach = z / (1 + z**2 / n) * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True)
class WinRates:
    """The win rate three ways, with their counts.

    Parameters
    ----------
    closed_basis
        Won out of closed in the window.
    created_cohort
        Won out of created in the window.
    curve
        Share won by days since the start, from every deal known at the as-of date.
    overdue_open
        Open deals older than the longest won cycle, out of open deals.
    as_of, starts_on
        The window: from the first day to the as-of date, both included; no limit when None.
    warnings
        Doubts to show beside the rates.
    """

    closed_basis: Share
    created_cohort: Share
    curve: Incidence
    overdue_open: Share
    as_of: date
    starts_on: date | None
    warnings: tuple[str, ...] = ()


def win_rates(histories: Histories, as_of: date, starts_on: date | None = None) -> WinRates:
    """Compute the win rate three ways from what was known at the end of a day.

    Parameters
    ----------
    histories
        The company's deals.
    as_of
        Last day of the window, and last day of which anything is known.
    starts_on
        First day of the window for the first two; the curve always uses every deal.
    """
    at = end_of(as_of)
    since = end_of(starts_on) - DAY if starts_on else -(2**60)
    known = _known(histories, at)
    closed = known.filter(pl.col("fate") != int(Fate.OPEN), pl.col("ends") >= since)
    created = known.filter(pl.col("begins") >= since)
    curve = aalen_johansen(
        (known["ends"] - known["begins"]).to_numpy() / DAY, known["fate"].to_numpy()
    )
    overdue = _overdue(known)
    return WinRates(
        closed_basis=Share(_won(closed), closed.height),
        created_cohort=Share(_won(created), created.height),
        curve=curve,
        overdue_open=overdue,
        as_of=as_of,
        starts_on=starts_on,
        warnings=tuple(_warnings(curve, overdue)),
    )


def _known(histories: Histories, at: int) -> pl.DataFrame:
    closed = pl.col("closed_epoch").fill_null(at) < at
    fate = pl.when(pl.col("outcome") == "won").then(int(Fate.WON)).otherwise(int(Fate.LOST))
    return (
        histories.deals.with_columns(begins="created_epoch")
        .filter(pl.col("begins") < at)
        .with_columns(
            fate=pl.when(closed).then(fate).otherwise(int(Fate.OPEN)),
            ends=pl.when(closed).then("closed_epoch").otherwise(at),
        )
        .filter(pl.col("ends") >= pl.col("begins"))
    )


def _won(deals: pl.DataFrame) -> int:
    return deals.filter(pl.col("fate") == int(Fate.WON)).height


def _overdue(known: pl.DataFrame) -> Share:
    age = pl.col("ends") - pl.col("begins")
    still_open = known.filter(pl.col("fate") == int(Fate.OPEN))
    won = known.filter(pl.col("fate") == int(Fate.WON)).select(age)
    if won.is_empty():
        return Share(0, still_open.height)
    longest = won.to_series().max()
    return Share(still_open.filter(age > longest).height, still_open.height)


def _warnings(curve: Incidence, overdue: Share) -> Iterator[str]:
    if curve.wins < _FEW:
        yield f"The curve rests on {curve.wins} deals won."
    if overdue.count:
        yield (
            f"{overdue.count} of {overdue.out_of} open deals are older than any deal that was won; "
            "counted as open, they keep the curve low and may be dead."
        )
