"""What the incremental model answers: credit that leaves to nobody what nobody caused."""

from dataclasses import dataclass

import polars as pl

from core.attribution.incremental.lift import LiftTest
from core.errors import InvalidParameterError

ESTIMAND = (
    "Credit: won revenue that would not have closed without any touch, split by each channel's "
    "part of the pressure of touches at the win. Without: won deals and revenue that would not "
    "have closed by the last day of the data had this channel alone been missing."
)

CAUTION = (
    "Observational data cannot prove cause: a reason to buy that is in no column and moves with "
    "touches is credited to them. Check the largest credits with an experiment."
)


@dataclass(frozen=True)
class IncrementalSettings:
    """How the incremental model is fitted.

    Parameters
    ----------
    resamples
        Resampled companies behind the intervals.
    level
        Part of the truths an interval is to hold.
    seed
        Decides the resamples.
    most_rows
        Rows at risk a fit reads; more are thinned, wins never are.
    excluded
        Channels known to collect touches because a purchase is near; they get no credit.
    lift_tests
        What experiments found; each sets the prior of its channel's effect.
    """

    resamples: int = 200
    level: float = 0.8
    seed: int = 0
    most_rows: int = 20_000
    excluded: frozenset[str] = frozenset()
    lift_tests: tuple[LiftTest, ...] = ()

    def __post_init__(self) -> None:
        if self.resamples < 1 or not 0.0 < self.level < 1.0 or self.most_rows < 1:
            raise InvalidParameterError(
                "An interval needs resamples and a level between 0 and 1, a fit needs rows.",
                "Use 200 resamples, a level of 0.8 and 20,000 rows.",
            )


@dataclass(frozen=True)
class IncrementalResult:
    """Credit of the incremental model, with intervals and with all that was chosen.

    Parameters
    ----------
    channels
        One row a channel and ``(unattributed)``: ``channel, deals, revenue_minor, share,
        share_low, share_high, deals_without, deals_without_low, deals_without_high,
        revenue_without_minor, revenue_without_low, revenue_without_high, effect,
        half_life_days``. Revenue sums to won revenue to the cent. The columns ``without`` do
        not sum, and are blank for nobody.
    deals
        One row a won deal and a channel that got a part of it: ``deal_id, channel, share,
        revenue_minor``; shares of a deal sum to 1.
    link
        How effects combine in the likeliest of the links that credit is averaged over.
    support
        Log likelihood of each link less the chosen one's.
    harvesters
        Channels found to gather before losses too; they get no credit.
    settings
        How it was fitted.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    channels: pl.DataFrame
    deals: pl.DataFrame
    link: str
    support: dict[str, float]
    harvesters: tuple[str, ...]
    settings: IncrementalSettings
    warnings: tuple[str, ...] = ()
