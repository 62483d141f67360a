"""What to make of a channel: a sentence with its rule, its range and the models that agree."""

from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import polars as pl

from core import formats
from core.errors import InvalidParameterError


@dataclass(frozen=True)
class PerformanceSettings:
    """The thresholds behind a recommendation.

    Parameters
    ----------
    fewest_closed_deals
        Closed deals a channel has to have touched before anything is said of it.
    fewest_models
        Models that have to be compared before they can be said to agree.
    break_even_roi
        Return on a unit spent that has to be exceeded; 0 is revenue equal to cost.
    level
        Part of samples the interval of a win rate holds.

    Raises
    ------
    InvalidParameterError
        If the level is no part of one.
    """

    fewest_closed_deals: int = 20
    fewest_models: int = 2
    break_even_roi: float = 0.0
    level: float = 0.8

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise InvalidParameterError(
                f"An interval cannot hold {self.level:g} of the samples.",
                "Choose a part between 0 and 1, such as 0.8.",
            )


class Verdict(StrEnum):
    """What the rule says of a channel, in the order it is read."""

    PAYS = "returns more than it costs"
    LOSES = "returns less than it costs"
    DEPENDS = "depends on the model"
    TOO_FEW = "too few deals to say"
    ONE_MODEL = "too few models to say"
    NO_SPEND = "spend not known"


@dataclass(frozen=True)
class Evidence:
    """What is known of a channel when it is judged.

    Parameters
    ----------
    closed_deals
        Deals won or lost that it touched.
    rois
        Return under each model compared; empty where it is not defined.
    """

    closed_deals: int
    rois: tuple[float, ...]


@dataclass(frozen=True)
class Recommendation:
    """What the rule says, and the sentence that says why."""

    verdict: Verdict
    reason: str


def recommend(evidence: Evidence, settings: PerformanceSettings) -> Recommendation:
    """Judge a channel by whether its return exceeds break-even under the models compared.

    >>> recommend(Evidence(40, (1.5, 0.2)), PerformanceSettings()).reason
    'returns more than it costs under all 2 models compared (ROI 20% to 150%)'
    >>> recommend(Evidence(3, (1.5,)), PerformanceSettings()).reason
    'too few deals to say: touched 3 closed deals, the rule asks for 20'
    """
    verdict = _verdict(evidence, settings)
    return Recommendation(verdict, _reason(verdict, evidence, settings))


def _verdict(evidence: Evidence, settings: PerformanceSettings) -> Verdict:
    if evidence.closed_deals < settings.fewest_closed_deals:
        return Verdict.TOO_FEW
    if not evidence.rois:
        return Verdict.NO_SPEND
    if len(evidence.rois) < settings.fewest_models:
        return Verdict.ONE_MODEL
    above = _above(evidence, settings)
    if above == len(evidence.rois):
        return Verdict.PAYS
    return Verdict.DEPENDS if above else Verdict.LOSES


def _reason(verdict: Verdict, evidence: Evidence, settings: PerformanceSettings) -> str:
    if verdict is Verdict.TOO_FEW:
        deals = formats.counted(evidence.closed_deals, "closed deal")
        return f"{verdict}: touched {deals}, the rule asks for {settings.fewest_closed_deals}"
    if verdict is Verdict.NO_SPEND:
        return f"{verdict} for these deals: nothing to compare the revenue with"
    if verdict is Verdict.ONE_MODEL:
        compared = formats.counted(len(evidence.rois), "model")
        return f"{verdict}: {compared} compared, the rule asks for {settings.fewest_models}"
    low, high = (formats.percent(end(evidence.rois), 0) for end in (min, max))
    models = len(evidence.rois)
    if verdict is Verdict.DEPENDS:
        above = _above(evidence, settings)
        agreed = f"{verdict}: {Verdict.PAYS} under {above} of {models} models compared"
    else:
        agreed = f"{verdict} under all {models} models compared"
    return f"{agreed} (ROI {low} to {high})"


def _above(evidence: Evidence, settings: PerformanceSettings) -> int:
    return sum(roi > settings.break_even_roi for roi in evidence.rois)


def wilson(won: pl.Expr, closed: pl.Expr, level: float) -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of the Wilson interval of won / closed; not defined where none is closed.

    >>> [round(end, 3) for end in pl.select(*wilson(pl.lit(5), pl.lit(10), 0.8)).row(0)]
    [0.312, 0.688]
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = won / closed
    middle = (share + z**2 / (2 * closed)) / (1 + z**2 / closed)
    spread = share * (1 - share) / closed + z**2 / (4 * closed.cast(pl.Float64) ** 2)
    reach = spread.sqrt() * z / (1 + z**2 / closed)
    low, high = (middle - reach).clip(0.0, 1.0), (middle + reach).clip(0.0, 1.0)
    return low.alias("win_low"), high.alias("win_high")
