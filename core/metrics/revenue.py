"""Figures of a period: what was won, and what is open."""

from typing import Final

from core.metrics.base import Metric, Unit

METRICS: Final = (
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
)
