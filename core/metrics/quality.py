"""Figures about the data themselves, to read before any other."""

from typing import Final

from core.metrics.base import Metric, Unit

METRICS: Final = (
    Metric(
        "quality_score",
        "Quality score",
        Unit.POINTS,
        "100 x product over the checks of a table of (1 - most lost x failing share); most lost "
        "is 10, 30 or 60 % by the weight of the check",
        "How far a table can be trusted, 0 to 100: completeness, validity, joins, timeliness and "
        "duplicates.",
        ("deals", "touchpoints", "contacts", "accounts", "stage_changes", "spend"),
    ),
    Metric(
        "deals_without_touches",
        "Deals without a touch",
        Unit.DEALS,
        "number of deals to which no touch until their close belongs",
        "Deals whose revenue no model can attribute.",
        ("deals", "touchpoints", "deal_contacts", "contacts"),
    ),
    Metric(
        "contacts_without_account",
        "People without a known company",
        Unit.PEOPLE,
        "number of contacts whose account is blank, or not among the companies",
        "People whose touches cannot be joined to a deal through their company.",
        ("contacts", "accounts"),
    ),
    Metric(
        "tied_touches",
        "Tied touches",
        Unit.TOUCHES,
        "number of touches of a deal, known to the second, that share their second with another "
        "touch of that deal",
        "Touches whose order within the journey is arbitrary, by id.",
        ("touchpoints", "deals"),
    ),
    Metric(
        "touches_after_close",
        "Touches after the close",
        Unit.TOUCHES,
        "number of touches that reach a deal by its id, its people or its company, all of whose "
        "deals had closed before",
        "Touches that explain no revenue; many where customers are looked after.",
        ("touchpoints", "deals", "deal_contacts"),
    ),
    Metric(
        "deals_without_amount",
        "Deals without an amount",
        Unit.DEALS,
        "number of deals with a blank amount",
        "Deals that count as deals and add nothing to revenue; a blank is never 0.",
        ("deals",),
    ),
    Metric(
        "won_without_close_date",
        "Won without a close date",
        Unit.DEALS,
        "number of deals with is_won true and a blank closed_at",
        "Won deals that belong to no period and so are in no figure.",
        ("deals",),
    ),
    Metric(
        "stale_open_deals",
        "Stale open deals",
        Unit.DEALS,
        "number of open deals created, last touched and last changed more than 90 days before "
        "the last day of the data",
        "Open deals with nothing happening, which make the pipeline look larger than it is.",
        ("deals", "touchpoints", "stage_changes"),
    ),
)
