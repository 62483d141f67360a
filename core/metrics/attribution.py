"""Figures of attribution and of channel performance."""

from typing import Final

from core.metrics.base import Metric, Unit

METRICS: Final = (
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
