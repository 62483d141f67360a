"""The company as Salesforce's Data Loader writes it: API names, 18-character ids, a BOM.

It cannot carry touches without a known person or campaign, a person's second touch in the same
campaign, the deal a campaign response is about, pipelines, teams, spend and quotas; a close date
and a campaign response have no time.
"""

from typing import Final

import polars as pl

from core.crm.demo.company import Company
from core.crm.demo.exports.book import Book, Sheet, attribute, flag, moment, money
from core.crm.demo.exports.people import people
from core.crm.demo.pipeline import STAGE_NAMES, STATED_PROBABILITY

_LAYOUT: Final = "%Y-%m-%dT%H:%M:%S.000+0000"
_SALES_ACTIVITY: Final = "Outbound"
_MEETING: Final = "meeting"
_TASK_SUBTYPES: Final = {"call": "Call", "e-mail sent": "Email"}
_CHECK: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def book(company: Company) -> Book:
    """Return the company as Salesforce files."""
    touches = company.tables["touchpoints"]
    activity = pl.col("channel") == _SALES_ACTIVITY
    sheets = {
        "Account.csv": _accounts(company),
        "Contact.csv": _contacts(company),
        "Opportunity.csv": _opportunities(company),
        "OpportunityHistory.csv": _history(company),
        "OpportunityContactRole.csv": _contact_roles(company),
        "Campaign.csv": _campaigns(company),
        "CampaignMember.csv": _members(touches.filter(~activity)),
        "Task.csv": _tasks(touches.filter(activity & (pl.col("kind") != _MEETING))),
        "Event.csv": _events(touches.filter(activity & (pl.col("kind") == _MEETING))),
    }
    return Book(
        sheets,
        deals="Opportunity.csv",
        dates=("CreatedDate", "CloseDate"),
        amount="Amount",
        people=("OpportunityContactRole.csv", "ContactId"),
        byte_order_mark=True,
    )


def record_id(column: str, prefix: str) -> pl.Expr:
    """Write an id of ours as an 18-character id of Salesforce: the last three check its case.

    >>> pl.DataFrame({"id": ["D000042"]}).select(record_id("id", "006")).item()
    '0065g0000000042AAA'
    """
    upper = sum(1 << place for place, letter in enumerate(prefix) if letter.isupper())
    number = pl.col(column).str.slice(1).str.zfill(9)
    return pl.format(f"{prefix}5g0{{}}{_CHECK[upper]}AA", number)


def _accounts(company: Company) -> Sheet:
    return company.tables["accounts"].select(
        Id=record_id("account_id", "001"),
        IsDeleted=pl.lit("false"),
        Name="name",
        Industry="industry",
        NumberOfEmployees=pl.col("employees").cast(pl.String),
        BillingCountry="region",
        CreatedDate=moment("created_at", _LAYOUT),
    )


def _contacts(company: Company) -> Sheet:
    named = company.tables["contacts"].join(people(company), on="contact_id", maintain_order="left")
    return named.select(
        Id=record_id("contact_id", "003"),
        IsDeleted=pl.lit("false"),
        AccountId=record_id("account_id", "001"),
        LastName="last_name",
        FirstName="first_name",
        Title="title",
        Email="email",
        LeadSource="source",
        CreatedDate=moment("created_at", _LAYOUT),
    )


def _opportunities(company: Company) -> Sheet:
    closed = pl.col("is_won").is_not_null()
    deals = company.tables["deals"].join(
        company.tables["owners"].select("owner_id", owner="name"),
        on="owner_id",
        how="left",
        maintain_order="left",
    )
    return deals.select(
        Id=record_id("deal_id", "006"),
        IsDeleted=pl.lit("false"),
        AccountId=record_id("account_id", "001"),
        Name="name",
        StageName="stage",
        Amount=money("amount"),
        Probability=_probability(),
        CloseDate=pl.when(closed)
        .then(moment("closed_at", "%Y-%m-%d"))
        .otherwise(pl.col("expected_close_at").cast(pl.String)),
        Type="kind",
        NextStep="next_step",
        LeadSource="source",
        IsClosed=flag(closed),
        IsWon=flag(pl.col("is_won").fill_null(value=False)),
        OwnerId=record_id("owner_id", "005"),
        **{"Owner.Name": pl.col("owner")},
        CurrencyIsoCode="currency",
        CreatedDate=moment("created_at", _LAYOUT),
        Lead_Score__c=attribute("lead_score"),
        Loss_Reason__c=attribute("loss_reason"),
    )


def _history(company: Company) -> Sheet:
    changes = company.tables["stage_changes"].with_columns(
        number=pl.format("H{}", pl.col("source_line"))
    )
    return changes.select(
        Id=record_id("number", "008"),
        OpportunityId=record_id("deal_id", "006"),
        StageName="stage",
        Amount=money("amount"),
        CloseDate=pl.col("expected_close_at").cast(pl.String),
        Probability=_probability(),
        CreatedDate=moment("changed_at", _LAYOUT),
    )


def _contact_roles(company: Company) -> Sheet:
    roles = company.tables["deal_contacts"].with_columns(
        number=pl.format("K{}", pl.col("source_line"))
    )
    return roles.select(
        Id=record_id("number", "00K"),
        OpportunityId=record_id("deal_id", "006"),
        ContactId=record_id("contact_id", "003"),
        Role="role",
        IsPrimary=flag(pl.col("deal_id").is_first_distinct()),
    )


def _campaigns(company: Company) -> Sheet:
    return company.tables["campaigns"].select(
        Id=record_id("campaign_id", "701"),
        Name="name",
        Type="channel",
        Status=flag(pl.col("ended_on").is_null()).replace(
            {"true": "In Progress", "false": "Completed"}
        ),
        StartDate=pl.col("started_on").cast(pl.String),
        EndDate=pl.col("ended_on").cast(pl.String),
        ActualCost=money("cost"),
        CurrencyIsoCode="currency",
    )


def carried_by_campaigns(touches: pl.DataFrame) -> pl.DataFrame:
    """Return the touches that campaign members can carry: a person's first in each campaign."""
    named = touches.filter(
        (pl.col("channel") != _SALES_ACTIVITY)
        & pl.col("contact_id").is_not_null()
        & pl.col("campaign_id").is_not_null()
    )
    return named.unique(["campaign_id", "contact_id"], keep="first", maintain_order=True)


def _members(touches: pl.DataFrame) -> Sheet:
    return carried_by_campaigns(touches).select(
        Id=record_id("touch_id", "00v"),
        CampaignId=record_id("campaign_id", "701"),
        ContactId=record_id("contact_id", "003"),
        Status=pl.lit("Responded"),
        HasResponded=pl.lit("true"),
        FirstRespondedDate=moment("occurred_at", "%Y-%m-%d"),
        CreatedDate=moment("occurred_at", _LAYOUT),
    )


def _tasks(touches: pl.DataFrame) -> Sheet:
    return touches.select(
        Id=record_id("touch_id", "00T"),
        WhoId=record_id("contact_id", "003"),
        WhatId=record_id("deal_id", "006"),
        AccountId=record_id("account_id", "001"),
        Subject=pl.col("campaign"),
        ActivityDate=moment("occurred_at", "%Y-%m-%d"),
        Status=pl.lit("Completed"),
        TaskSubtype=pl.col("kind").replace(_TASK_SUBTYPES),
        CompletedDateTime=moment("occurred_at", _LAYOUT),
        CreatedDate=moment("occurred_at", _LAYOUT),
    )


def _events(touches: pl.DataFrame) -> Sheet:
    return touches.select(
        Id=record_id("touch_id", "00U"),
        WhoId=record_id("contact_id", "003"),
        WhatId=record_id("deal_id", "006"),
        AccountId=record_id("account_id", "001"),
        Subject=pl.col("campaign"),
        StartDateTime=moment("occurred_at", _LAYOUT),
        DurationInMinutes=pl.lit("45"),
        CreatedDate=moment("occurred_at", _LAYOUT),
    )


def _probability() -> pl.Expr:
    stated = {
        stage: f"{probability:.0%}".rstrip("%")
        for pipeline, stages in STAGE_NAMES.items()
        for stage, probability in zip(stages, STATED_PROBABILITY[pipeline], strict=True)
    }
    return pl.col("stage").replace(stated)
