"""The metrics catalogue: one name, formula, unit and meaning for each figure the product shows.

Tooltips, docs, the command line and the PDF's appendix all read it, so a figure means the same
everywhere.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import UnknownNameError


class Unit(StrEnum):
    """What a figure is counted in; decides how it is written."""

    MONEY = "money"
    DEALS = "deals"
    TOUCHES = "touches"
    SHARE = "share"
    DAYS = "days"


@dataclass(frozen=True)
class Metric:
    """One figure: how it is called, computed and read.

    Parameters
    ----------
    name
        Stable name in APIs and file formats.
    title
        Name on screen and in print.
    unit
        What it is counted in.
    formula
        How it is computed, in words and symbols.
    meaning
        What it tells the reader, in one sentence.
    tables
        Canonical tables it is computed from.
    """

    name: str
    title: str
    unit: Unit
    formula: str
    meaning: str
    tables: tuple[str, ...]

    @property
    def help(self) -> str:
        """The text behind the question mark: meaning, formula, source."""
        return f"{self.meaning} Formula: {self.formula}. Source: {', '.join(self.tables)}."


METRICS: Final = {
    metric.name: metric
    for metric in (
        Metric(
            "closed_won",
            "Closed won",
            Unit.MONEY,
            "sum of amount over deals won in the period, in the reporting currency",
            "Revenue of the deals won in the period.",
            ("deals",),
        ),
        Metric(
            "won_deals",
            "Deals won",
            Unit.DEALS,
            "number of deals with is_won true and closed_at in the period",
            "How many deals were won in the period.",
            ("deals",),
        ),
        Metric(
            "win_rate",
            "Win rate",
            Unit.SHARE,
            "won / (won + lost) over deals closed in the period",
            "Share of the deals closed in the period that were won; open deals do not count.",
            ("deals",),
        ),
        Metric(
            "average_deal",
            "Average deal",
            Unit.MONEY,
            "closed won / deals won that have an amount",
            "Mean revenue of a deal won in the period.",
            ("deals",),
        ),
        Metric(
            "sales_cycle",
            "Sales cycle",
            Unit.DAYS,
            "median of closed_at - created_at over deals won in the period",
            "Days from creation to close of a typical deal won in the period.",
            ("deals",),
        ),
        Metric(
            "open_pipeline",
            "Open pipeline",
            Unit.MONEY,
            "sum of amount over deals that are neither won nor lost, in the reporting currency",
            "Value of the deals still open, not weighted and not limited to the period.",
            ("deals",),
        ),
        Metric(
            "attributed_revenue",
            "Attributed revenue",
            Unit.MONEY,
            "sum over won deals of share x amount, split in whole cents so that the parts of a "
            "deal equal its amount",
            "Closed-won revenue that a model gives to a channel or campaign.",
            ("deals", "touchpoints", "contacts", "deal_contacts", "campaigns"),
        ),
        Metric(
            "attributed_deals",
            "Attributed deals",
            Unit.DEALS,
            "sum over won deals of share",
            "Won deals that a model gives to a channel or campaign, in fractions of a deal.",
            ("deals", "touchpoints", "contacts", "deal_contacts", "campaigns"),
        ),
        Metric(
            "credit_share",
            "Share of credit",
            Unit.SHARE,
            "attributed revenue / closed won",
            "Part of closed-won revenue that a model gives to a channel or campaign.",
            ("deals", "touchpoints"),
        ),
        Metric(
            "unattributed_share",
            "Without touches",
            Unit.SHARE,
            "revenue of won deals without an eligible touch / closed won",
            "Part of closed-won revenue that no recorded touch can explain.",
            ("deals", "touchpoints"),
        ),
        Metric(
            "spend",
            "Spend",
            Unit.MONEY,
            "sum of a channel's costs in the period, each at the rate of its day, from the first "
            "of these that knows the channel: spend, costs of touches, costs of campaigns",
            "What a channel cost in the period; unknown, and not nought, where none is recorded.",
            ("spend", "touchpoints", "campaigns"),
        ),
        Metric(
            "roi",
            "ROI",
            Unit.SHARE,
            "(attributed revenue - spend) / spend; not defined without spend",
            "What a channel brought in beyond its cost, for each unit spent; revenue, not margin.",
            ("deals", "touchpoints", "spend", "campaigns"),
        ),
        Metric(
            "cac",
            "CAC",
            Unit.MONEY,
            "spend / attributed deals; not defined without spend or without deals",
            "What a channel spent for each deal won that a model gives it.",
            ("deals", "touchpoints", "spend", "campaigns"),
        ),
        Metric(
            "channel_win_rate",
            "Win rate",
            Unit.SHARE,
            "won / (won + lost) over deals closed in the period that have an eligible touch of "
            "the channel, with a Wilson interval of 80 %",
            "Share of the closed deals a channel touched that were won; who is touched is not "
            "random, so a high rate does not prove an effect.",
            ("deals", "touchpoints"),
        ),
    )
}


def metric(name: str) -> Metric:
    """Return a metric of the catalogue by name.

    Raises
    ------
    UnknownNameError
        If the catalogue has no such metric.
    """
    if name not in METRICS:
        raise UnknownNameError.among("metric", name, METRICS)
    return METRICS[name]
