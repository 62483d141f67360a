"""What is checked about the data: one condition a check, which counts rows and opens them.

A check applies to some rows of a source and fails for some of those. Both are SQL conditions on
the source, so a count and the rows behind it cannot disagree. ``$as_of`` is the day the data reach,
``$stale_days`` the days after which nothing happening counts as stale.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Dimension(StrEnum):
    """In which way data can be good or bad."""

    COMPLETENESS = "completeness"
    VALIDITY = "validity"
    JOINS = "joins"
    TIMELINESS = "timeliness"
    DUPLICATES = "duplicates"


@dataclass(frozen=True)
class Check:
    """One way in which rows of a table can be doubtful.

    Parameters
    ----------
    name
        Stable name.
    table
        Canonical table it is counted for.
    dimension
        In which way.
    title
        What the failing rows are, such as "deals without an amount".
    fix
        What to do about them in the CRM, or in the export.
    fields
        Columns, as ``table.column``, whose figures it weakens.
    fails
        Condition of a failing row.
    applies
        Condition of a row it is about.
    weight
        How much it matters for the figures of the product, 1 to 3; `core.quality` says how.
    source
        Where the rows come from; the table itself, with what is joined to it.
    """

    name: str
    table: str
    dimension: Dimension
    title: str
    fix: str
    fields: tuple[str, ...]
    fails: str
    applies: str = "true"
    weight: int = 2
    source: str = ""

    @property
    def rows_from(self) -> str:
        """The name of its source."""
        return self.source or self.table


STAGE_DISAGREES: Final = r"""coalesce(
    (is_won AND stage ILIKE '%lost%')
    OR (is_won IS NOT true AND regexp_matches(stage, '(?i)\bwon\b'))
    OR (is_won IS NULL AND stage ILIKE 'closed%'), false)"""
"""Condition of a deal whose stage says another outcome than the deal."""

_AFTER = "{0}_epoch >= epoch($as_of::DATE + 1)"
_EPOCH_AS_OF = "epoch($as_of::DATE)"
_COMPLETENESS, _VALIDITY, _JOINS, _TIMELINESS, _DUPLICATES = Dimension

CHECKS: Final = (
    Check(
        "deals_without_amount", "deals", _COMPLETENESS, "deals without an amount",
        "Fill in the amount, or the expected amount while the deal is open.",
        ("deals.amount",), "amount IS NULL", weight=3,
    ),
    Check(
        "won_without_close_date", "deals", _COMPLETENESS, "won deals without a close date",
        "Export the close date; without one a deal belongs to no period.",
        ("deals.closed_at", "deals.amount"), "closed_at IS NULL", "is_won", weight=3,
    ),
    Check(
        "lost_without_close_date", "deals", _COMPLETENESS, "lost deals without a close date",
        "Export the close date; win rates and velocity leave these deals out.",
        ("deals.closed_at", "deals.is_won"), "closed_at IS NULL", "is_won = false",
    ),
    Check(
        "open_without_expected_close", "deals", _COMPLETENESS,
        "open deals without an expected close",
        "Ask the owners for an expected close date.",
        ("deals.expected_close_at",), "expected_close_at IS NULL", "is_won IS NULL",
    ),
    Check(
        "deals_without_owner", "deals", _COMPLETENESS, "deals without an owner",
        "Assign each deal to a salesperson, or export the owner.",
        ("deals.owner_id",), "owner_id IS NULL", weight=1,
    ),
    Check(
        "deals_without_history", "deals", _COMPLETENESS, "deals without a stage change",
        "Export the stage history of all deals; a past date can be replayed only with it.",
        ("stage_changes.stage",), "last_change IS NULL", "are_changes", weight=1,
    ),
    Check(
        "closed_before_created", "deals", _VALIDITY, "deals closed before they were created",
        "Correct the dates; they were probably entered afterwards.",
        ("deals.created_at", "deals.closed_at"),
        "closed_until < created_at_epoch", "closed_at IS NOT NULL",
    ),
    Check(
        "closed_in_the_future", "deals", _VALIDITY, "deals closed after the last day of the data",
        "Correct the close date, or mark the deal as open.",
        ("deals.closed_at",), _AFTER.format("closed_at"), "closed_at IS NOT NULL",
    ),
    Check(
        "stage_disagrees", "deals", _VALIDITY, "deals whose stage disagrees with their outcome",
        "Make stage and outcome agree; the outcome is what counts.",
        ("deals.is_won", "deals.stage"),
        STAGE_DISAGREES,
    ),
    Check(
        "deals_without_touches", "deals", _JOINS, "deals without a touch",
        "Import campaign members, activities or conversions of the people of these deals.",
        ("touchpoints.channel", "touchpoints.deal_id"), "touches = 0",
        "EXISTS (FROM touchpoints)", weight=3,
    ),
    Check(
        "deals_without_account", "deals", _JOINS, "deals without a known company",
        "Link each deal to its company, and import the companies.",
        ("deals.account_id",), "known_account IS NULL", "are_accounts",
    ),
    Check(
        "past_expected_close", "deals", _TIMELINESS, "open deals whose expected close has passed",
        "Ask the owners for a new date, or close the deals.",
        ("deals.expected_close_at",), "expected_close_at < $as_of::DATE",
        "is_won IS NULL AND expected_close_at IS NOT NULL",
    ),
    Check(
        "stale_open_deals", "deals", _TIMELINESS, "open deals with nothing happening",
        "Close them as lost, or note what is going on.",
        ("deals.is_won",),
        "greatest(created_at_epoch, coalesce(last_touch, 0), coalesce(last_change, 0))"
        f" < {_EPOCH_AS_OF} - $stale_days * 86400",
        "is_won IS NULL",
    ),
    Check(
        "deals_alike", "deals", _DUPLICATES,
        "deals alike in company, name, amount and creation day",
        "Merge the duplicates in the CRM; each of them counts.",
        ("deals.amount",), "alike > 1", "name IS NOT NULL AND account_id IS NOT NULL",
    ),
    Check(
        "touches_without_channel", "touchpoints", _COMPLETENESS, "touches without a channel",
        "Export the channel or source of each touch, or of its campaign.",
        ("touchpoints.channel",), "channel_shown = '(no channel)'", weight=3,
    ),
    Check(
        "touches_of_nobody", "touchpoints", _JOINS, "touches of no person, company or deal",
        "Export the id of the person, company or deal with each touch.",
        ("touchpoints.contact_id", "touchpoints.channel"),
        "contact_id IS NULL AND account_id IS NULL AND deal_id IS NULL", weight=3,
    ),
    Check(
        "touches_of_unknown_deals", "touchpoints", _JOINS, "touches that name an unknown deal",
        "Import the deals they name, or correct the ids.",
        ("touchpoints.deal_id", "touchpoints.channel"), "known_deal IS NULL",
        "deal_id IS NOT NULL",
    ),
    Check(
        "touches_after_close", "touchpoints", _TIMELINESS,
        "touches after the close of all their deals",
        "Nothing, if they belong to customers; else check the dates of touches and deals.",
        ("touchpoints.occurred_at",), "NOT is_used", "reaches", weight=1,
    ),
    Check(
        "touches_in_the_future", "touchpoints", _VALIDITY, "touches after the last day of the data",
        "Leave out planned activities, or correct their dates.",
        ("touchpoints.occurred_at",), _AFTER.format("occurred_at"),
    ),
    Check(
        "tied_touches", "touchpoints", _VALIDITY, "touches of one deal at the same second",
        "Export times to the second; the order of tied touches is arbitrary.",
        ("touchpoints.occurred_at",), "together > 1", "NOT occurred_at_is_date", 1, "journeys",
    ),
    Check(
        "touches_alike", "touchpoints", _DUPLICATES, "touches alike in everything but their id",
        "Remove the duplicates; each of them gets credit.",
        ("touchpoints.channel",), "alike > 1",
        "contact_id IS NOT NULL OR account_id IS NOT NULL OR deal_id IS NOT NULL",
    ),
    Check(
        "contacts_without_account", "contacts", _JOINS, "people without a known company",
        "Link each person to a company, and import the companies.",
        ("contacts.account_id",),
        "account_id IS NULL OR (are_accounts AND known_account IS NULL)",
        "merged_into IS NULL",
    ),
    Check(
        "contacts_without_date", "contacts", _COMPLETENESS, "people without a date of entry",
        "Export the creation date; it is the lead date of W-shaped and full-path models.",
        ("contacts.created_at",), "created_at IS NULL",
    ),
    Check(
        "contacts_alike", "contacts", _DUPLICATES, "people with the e-mail address of another",
        "Merge the duplicates in the CRM; their touches count apart.",
        ("contacts.email_key",), "alike > 1", "email_key IS NOT NULL AND merged_into IS NULL",
    ),
    Check(
        "accounts_without_industry", "accounts", _COMPLETENESS, "companies without an industry",
        "Fill in the industry; it splits win rates and scores deals.",
        ("accounts.industry",), "industry IS NULL", weight=1,
    ),
    Check(
        "accounts_without_region", "accounts", _COMPLETENESS, "companies without a region",
        "Fill in the region or country.",
        ("accounts.region",), "region IS NULL", weight=1,
    ),
    Check(
        "accounts_alike", "accounts", _DUPLICATES, "companies with the name of another",
        "Merge the duplicates in the CRM; their deals and touches count apart.",
        ("accounts.name",), "alike > 1", "name IS NOT NULL",
    ),
    Check(
        "changes_of_unknown_deals", "stage_changes", _JOINS, "stage changes of unknown deals",
        "Import the deals they belong to.",
        ("stage_changes.stage",), "known_deal IS NULL",
    ),
    Check(
        "changes_without_amount", "stage_changes", _COMPLETENESS, "stage changes without an amount",
        "Export the amount with the stage history, so that past pipelines have their value.",
        ("stage_changes.amount",), "amount IS NULL", weight=1,
    ),
    Check(
        "spend_without_amount", "spend", _COMPLETENESS, "spend without an amount",
        "Fill in what was spent; unknown spend is not nought.",
        ("spend.amount",), "amount IS NULL", weight=3,
    ),
    Check(
        "spend_of_unknown_channels", "spend", _JOINS, "spend on channels no touch has",
        "Name channels alike in spend and touches.",
        ("spend.channel",), "known_channel IS NULL", "are_touches", weight=3,
    ),
)  # fmt: skip
