"""What a question comes down to: one metric, a period, a way to break it down, a filter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.periods import Preset


class Breakdown(StrEnum):
    """What a figure is told apart by."""

    NOTHING = "nothing"
    MONTH = "month"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    OWNER = "owner"
    DEAL = "deal"


class Order(StrEnum):
    """Which end of a list is asked for."""

    HIGHEST = "highest"
    LOWEST = "lowest"


PERIOD_METRICS: Final = (
    "closed_won", "won_deals", "win_rate", "average_deal", "sales_cycle", "open_pipeline",
)  # fmt: skip
CREDIT_METRICS: Final = ("attributed_revenue", "attributed_deals", "credit_share")
COST_METRICS: Final = ("spend", "roi", "cac", "channel_win_rate")
MONTHLY_METRICS: Final = ("closed_won", "won_deals")
FORECAST_METRICS: Final = ("forecast", "quota_chance", "forecast_error")
SCORE_METRICS: Final = (
    "win_chance", "expected_value", "value_at_risk", "open_at_risk", "slipping_value",
    "calibration_error",
)  # fmt: skip
OF_A_PERIOD_AHEAD: Final = ("forecast", "quota_chance", "expected_value", "slipping_value")
"""Figures that are told of a month or quarter to come; the others of now or of the past."""

BREAKDOWNS: Final[dict[str, tuple[Breakdown, ...]]] = {
    **{
        name: (Breakdown.NOTHING, Breakdown.OWNER)
        + ((Breakdown.MONTH,) if name in MONTHLY_METRICS else ())
        for name in PERIOD_METRICS
    },
    **dict.fromkeys(CREDIT_METRICS, (Breakdown.CHANNEL, Breakdown.CAMPAIGN)),
    **dict.fromkeys(COST_METRICS, (Breakdown.CHANNEL,)),
    "unattributed_share": (Breakdown.NOTHING,),
    "forecast": (Breakdown.NOTHING, Breakdown.MONTH, Breakdown.OWNER),
    **dict.fromkeys(("quota_chance", "forecast_error", "calibration_error"), (Breakdown.NOTHING,)),
    "win_chance": (Breakdown.DEAL,),
    "open_at_risk": (Breakdown.NOTHING, Breakdown.OWNER),
    **dict.fromkeys(
        ("expected_value", "value_at_risk", "slipping_value"),
        (Breakdown.NOTHING, Breakdown.DEAL, Breakdown.OWNER),
    ),
}
"""By metric, how it can be told apart; the first is the default."""

BY_CHANNEL: Final = {
    "closed_won": "attributed_revenue",
    "won_deals": "attributed_deals",
    "win_rate": "channel_win_rate",
}
"""What a figure of the company is called where it is told by channel."""


@dataclass(frozen=True)
class When:
    """A period: a preset, or the days of a custom one."""

    preset: Preset = Preset.LAST_12_MONTHS
    days: tuple[date, date] | None = None
    label: str = ""


@dataclass(frozen=True)
class Known:
    """The names of the data a question may hold.

    Parameters
    ----------
    channels, campaigns
        As they are.
    owners
        Id and name.
    as_of
        The day periods are counted back from.
    deals
        Names and ids of the open deals, and names of their companies.
    """

    channels: tuple[str, ...]
    campaigns: tuple[str, ...]
    owners: tuple[tuple[str, str], ...]
    as_of: date
    deals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inquiry:
    """A question the product can answer, exactly.

    Parameters
    ----------
    metric
        Name in the metrics catalogue.
    when
        The period.
    by
        What it is told apart by.
    name
        The one channel, campaign, owner, deal or company it is about; empty for all of them.
    order
        Which end is asked for; None where the whole list is.
    """

    metric: str
    when: When = When()
    by: Breakdown = Breakdown.NOTHING
    name: str = ""
    order: Order | None = None


@dataclass(frozen=True)
class Refusal:
    """A question the product cannot answer, why, and what it can."""

    why: str
    instead: tuple[str, ...]


EXAMPLES: Final = (
    "How much revenue did we win last quarter?",
    "Which channel has the highest ROI?",
    "Win rate by owner this year",
    "Spend by channel in the last 12 months",
    "How long is our sales cycle?",
    "Revenue by month",
    "What is the forecast for next quarter?",
    "Which deals are at risk?",
    "How likely do we reach the quota?",
)
"""Questions that can be asked."""


def refused(why: str, instead: Iterable[str] = EXAMPLES) -> Refusal:
    """Return a refusal with what can be asked."""
    return Refusal(why, tuple(instead))
