"""Our own template: canonical column names, a file a table."""

from typing import Final

import polars as pl

from core import schema
from core.crm.demo.company import Company
from core.crm.demo.exports.book import Book, Sheet, attribute, moment, money
from core.crm.demo.exports.people import people
from core.schema import Kind, Table

_LAYOUT: Final = "%Y-%m-%d %H:%M:%S"
_SHORT: Final = {"account_id": "account", "owner_id": "owner"}
_DEALS_FIRST: Final = (
    "deal_id",
    "name",
    "account",
    "owner",
    "stage",
    "amount",
    "currency",
    "created_at",
    "closed_at",
    "is_won",
)
_TOUCHES_FIRST: Final = (
    "touch_id",
    "deal_id",
    "contact_id",
    "channel",
    "campaign",
    "occurred_at",
    "cost",
)


def book(company: Company) -> Book:
    """Return the company as template files; nothing is lost."""
    sheets = {
        f"{name}.csv": _sheet(table, company.tables[name])
        for name, table in schema.TABLES.items()
        if name not in {"deals", "contacts", "touchpoints"}
    }
    sheets["deals.csv"] = _deals(company)
    sheets["contacts.csv"] = _contacts(company)
    sheets["touchpoints.csv"] = _ordered(
        _sheet(schema.TOUCHPOINTS, company.tables["touchpoints"]), _TOUCHES_FIRST
    )
    return Book(
        sheets,
        deals="deals.csv",
        dates=("created_at", "closed_at"),
        amount="amount",
        people=("deal_contacts.csv", "contact_id"),
    )


def _sheet(table: Table, frame: pl.DataFrame) -> Sheet:
    return frame.select(
        _text(column) for column in table.columns if column.kind is not Kind.ATTRIBUTES
    )


def _text(column: schema.Column) -> pl.Expr:
    if column.kind is Kind.INSTANT:
        return moment(column.name, _LAYOUT)
    if column.kind is Kind.AMOUNT:
        return money(column.name)
    return pl.col(column.name).cast(pl.String)


def _deals(company: Company) -> Sheet:
    frame = company.tables["deals"]
    sheet = _sheet(schema.DEALS, frame).rename(_SHORT)
    extra = frame.select(attribute("lead_score"), attribute("loss_reason"))
    return _ordered(sheet.hstack(extra), _DEALS_FIRST)


def _contacts(company: Company) -> Sheet:
    sheet = _sheet(schema.CONTACTS, company.tables["contacts"]).drop("email_key")
    return sheet.hstack([people(company)["email"]])


def _ordered(sheet: Sheet, first: tuple[str, ...]) -> Sheet:
    return sheet.select(*first, pl.exclude(first))
