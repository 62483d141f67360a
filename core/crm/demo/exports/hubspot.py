"""The company as HubSpot's pages export it: labels, every field quoted, minutes, id lists.

It cannot carry seconds, roles, moves back and past amounts, teams, quotas and spend, nor a traffic
source HubSpot does not have. The stage columns say when a deal last entered each stage.
"""

from typing import Final

import polars as pl

from core.crm.demo.company import Company
from core.crm.demo.exports.book import Book, Sheet, attribute, flag, moment, money
from core.crm.demo.exports.people import people
from core.crm.demo.pipeline import STAGE_NAMES

_LAYOUT: Final = "%Y-%m-%d %H:%M"
_TRAFFIC_SOURCES: Final = {
    "Paid search": "Paid Search",
    "Organic search": "Organic Search",
    "Paid social": "Paid Social",
    "Organic social": "Organic Social",
    "Email": "Email Marketing",
    "Referral": "Referrals",
    "Direct": "Direct Traffic",
}
_OTHER_SOURCE: Final = "Offline Sources"
_LIST: Final = ";"

FIRST_RECORD: Final = 20_000_000_000


def book(company: Company) -> Book:
    """Return the company as HubSpot files, named as HubSpot names them."""
    day = company.options.ends_on.isoformat()
    name = "hubspot-crm-exports-all-{}-" + day + ".csv"
    deals = name.format("deals")
    return Book(
        {
            name.format("companies"): _companies(company),
            name.format("contacts"): _contacts(company),
            deals: _deals(company),
            name.format("activities"): _activities(company),
        },
        deals=deals,
        dates=("Close Date", "Create Date"),
        amount="Amount",
        people=(deals, "Associated Contact IDs"),
        quoted=True,
    )


def record_id(column: str) -> pl.Expr:
    """Write an id of ours as a record id of HubSpot."""
    number = pl.col(column).str.slice(1).cast(pl.Int64)
    return (number + FIRST_RECORD).cast(pl.String)


def _companies(company: Company) -> Sheet:
    return company.tables["accounts"].select(
        record_id("account_id").alias("Record ID"),
        pl.col("name").alias("Company name"),
        pl.col("industry").alias("Industry"),
        pl.col("employees").cast(pl.String).alias("Number of Employees"),
        pl.col("region").alias("Country/Region"),
        moment("created_at", _LAYOUT).alias("Create Date"),
    )


def _contacts(company: Company) -> Sheet:
    named = company.tables["contacts"].join(people(company), on="contact_id", maintain_order="left")
    return named.select(
        record_id("contact_id").alias("Record ID"),
        pl.col("first_name").alias("First Name"),
        pl.col("last_name").alias("Last Name"),
        pl.col("email").alias("Email"),
        pl.col("title").alias("Job Title"),
        _traffic_source().alias("Original Traffic Source"),
        moment("created_at", _LAYOUT).alias("Create Date"),
        record_id("account_id").alias("Associated Company IDs"),
    )


def _deals(company: Company) -> Sheet:
    frame = _with_names(company)
    closed, won = pl.col("is_won").is_not_null(), pl.col("is_won").fill_null(value=False)
    sheet = frame.select(
        record_id("deal_id").alias("Record ID"),
        pl.col("name").alias("Deal Name"),
        pl.col("stage").alias("Deal Stage"),
        pl.col("pipeline").alias("Pipeline"),
        money("amount").alias("Amount"),
        pl.col("currency").alias("Currency"),
        pl.when(closed)
        .then(moment("closed_at", _LAYOUT))
        .otherwise(moment("expected_close_at", "%Y-%m-%d 00:00"))
        .alias("Close Date"),
        moment("created_at", _LAYOUT).alias("Create Date"),
        pl.col("owner").alias("Deal owner"),
        pl.col("kind").alias("Deal Type"),
        pl.col("next_step").alias("Next step"),
        _traffic_source().alias("Original Traffic Source"),
        attribute("loss_reason").alias("Closed Lost Reason"),
        attribute("lead_score").alias("Deal Score"),
        pl.col("account").alias("Associated Company"),
        record_id("account_id").alias("Associated Company IDs"),
        pl.col("contacts").alias("Associated Contact IDs"),
        flag(won).alias("Is Closed Won"),
        flag(closed & ~won).alias("Is closed lost"),
        flag(closed).alias("Is Deal Closed?"),
    )
    return sheet.hstack(_entered(company))


def _with_names(company: Company) -> pl.DataFrame:
    """Add the names of owner and company, and the list of contacts."""
    people_of = (
        company.tables["deal_contacts"]
        .group_by("deal_id", maintain_order=True)
        .agg(record_id("contact_id").alias("contacts"))
        .with_columns(pl.col("contacts").list.join(_LIST))
    )
    owners = company.tables["owners"].select("owner_id", owner="name")
    accounts = company.tables["accounts"].select("account_id", account="name")
    return (
        company.tables["deals"]
        .join(owners, on="owner_id", how="left", maintain_order="left")
        .join(accounts, on="account_id", how="left", maintain_order="left")
        .join(people_of, on="deal_id", how="left", maintain_order="left")
    )


def _entered(company: Company) -> pl.DataFrame:
    """Return when each deal last entered each stage, a column a stage and pipeline."""
    changes = company.tables["stage_changes"]
    entered = changes.filter(
        (pl.col("stage") != pl.col("stage").shift(1).over("deal_id")).fill_null(value=True)
    )
    wide = entered.pivot("stage", index="deal_id", values="changed_at", aggregate_function="last")
    rows = (
        company.tables["deals"]
        .select("deal_id")
        .join(wide, on="deal_id", how="left", maintain_order="left")
    )
    return rows.select(
        (moment(stage, _LAYOUT) if stage in wide.columns else pl.lit(None, pl.String)).alias(
            f'Date entered "{stage} ({pipeline})"'
        )
        for pipeline, stages in STAGE_NAMES.items()
        for stage in stages
    )


def _activities(company: Company) -> Sheet:
    return company.tables["touchpoints"].select(
        record_id("touch_id").alias("Record ID"),
        pl.col("kind").alias("Activity type"),
        moment("occurred_at", _LAYOUT).alias("Activity date"),
        pl.col("channel").alias("Channel"),
        pl.col("campaign").alias("Campaign"),
        record_id("contact_id").alias("Associated Contact IDs"),
        record_id("account_id").alias("Associated Company IDs"),
        record_id("deal_id").alias("Associated Deal IDs"),
    )


def _traffic_source() -> pl.Expr:
    source = pl.col("source")
    return (
        pl.when(source.is_not_null())
        .then(source.replace_strict(_TRAFFIC_SOURCES, default=_OTHER_SOURCE))
        .otherwise(None)
    )
