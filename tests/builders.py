"""A small company, said in a few lines, as a workspace in memory.

    company = Company().deal("D1", amount="100.00").touch("T1", "2024-05-01", "Email", deal="D1")
    with company.workspace() as workspace: ...

An instant is written as text: ``2024-06-01`` is known by its day, ``2024-06-01 10:00`` to the
second.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self

import polars as pl

from core import money, schema
from core.workspace import Workspace

_TYPES = {
    "VARCHAR": pl.String,
    "BIGINT": pl.Int64,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
    "DECIMAL(18,2)": pl.Decimal(18, 2),
    "JSON": pl.String,
}


class Company:
    """Rows of a few tables, added by chained calls."""

    def __init__(self):
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._rates: list[tuple[str, date, float, date]] = []

    def account(self, account_id, **columns) -> Self:
        """Add a company."""
        return self._add("accounts", account_id=account_id, **columns)

    def contact(self, contact_id, **columns) -> Self:
        """Add a person."""
        return self._add("contacts", contact_id=contact_id, **columns)

    def role(self, deal_id, contact_id, role=None) -> Self:
        """Let a person take part in a deal."""
        return self._add("deal_contacts", deal_id=deal_id, contact_id=contact_id, role=role)

    def campaign(self, campaign_id, **columns) -> Self:
        """Add a campaign."""
        return self._add("campaigns", campaign_id=campaign_id, **columns)

    def owner(self, owner_id, **columns) -> Self:
        """Add a salesperson."""
        return self._add("owners", owner_id=owner_id, **columns)

    def spend(self, channel, day, amount, campaign="(no campaign)", currency="EUR") -> Self:
        """Add what a channel cost on a day."""
        return self._add(
            "spend",
            channel=channel,
            campaign=campaign,
            day=date.fromisoformat(day),
            amount=amount,
            currency=currency,
        )

    def deal(
        self,
        deal_id,
        amount="100.00",
        closed_at="2024-06-30",
        *,
        created_at="2024-01-01",
        is_won=True,
        currency="EUR",
        **columns,
    ) -> Self:
        """Add a deal, won unless said otherwise."""
        return self._add(
            "deals",
            deal_id=deal_id,
            amount=amount,
            currency=currency,
            created_at=created_at,
            closed_at=closed_at,
            is_won=is_won,
            **columns,
        )

    def stage(self, stage, position, outcome, pipeline="Sales") -> Self:
        """Add a stage of a pipeline."""
        return self._add(
            "stages", pipeline=pipeline, stage=stage, position=position, outcome=outcome
        )

    def change(self, deal_id, changed_at, stage, amount=None, due=None) -> Self:
        """Add a change of stage, amount or expected close."""
        return self._add(
            "stage_changes",
            deal_id=deal_id,
            changed_at=changed_at,
            stage=stage,
            amount=amount,
            expected_close_at=due and date.fromisoformat(due),
        )

    def quota(self, owner_id, starts_on, ends_on, target, currency="EUR") -> Self:
        """Add what a person has to win in a period."""
        return self._add(
            "quotas",
            owner_id=owner_id,
            starts_on=date.fromisoformat(starts_on),
            ends_on=date.fromisoformat(ends_on),
            target=target,
            currency=currency,
        )

    def touch(self, touch_id, occurred_at, channel="Email", **columns) -> Self:
        """Add an interaction; ``deal``, ``contact`` and ``account`` say whose."""
        ids = {
            f"{name}_id": columns.pop(name)
            for name in ("deal", "contact", "account")
            if name in columns
        }
        return self._add(
            "touchpoints",
            touch_id=touch_id,
            occurred_at=occurred_at,
            channel=channel,
            **ids,
            **columns,
        )

    def rate(self, currency, day, per_euro) -> Self:
        """Add an exchange rate."""
        when = date.fromisoformat(day)
        self._rates.append((currency, when, per_euro, when))
        return self

    def workspace(self) -> Workspace:
        """Return a workspace in memory that holds the rows."""
        workspace = Workspace.in_memory()
        with workspace.transaction() as cursor:
            for name, rows in self._rows.items():
                workspace.insert(cursor, name, _frame(schema.TABLES[name], rows))
            for rate in self._rates:
                cursor.execute("INSERT INTO published_rates VALUES (?, ?, ?, ?)", rate)
        return workspace

    def _add(self, table, **values) -> Self:
        rows = self._rows.setdefault(table, [])
        rows.append({**values, "import_id": "test", "source_line": len(rows) + 2})
        return self


def _frame(table, rows):
    types = {name: _TYPES[sql_type] for name, sql_type in table.physical()}
    return pl.DataFrame([_physical(table, row) for row in rows], schema=types)


def _physical(table, row):
    """Turn said values into stored columns."""
    stored = dict(row)
    for column in table.columns:
        value = row.get(column.name)
        if value is None:
            continue
        if column.kind is schema.Kind.INSTANT:
            moment = datetime.fromisoformat(value).replace(tzinfo=UTC)
            stored[column.name] = moment.replace(tzinfo=None)
            stored[f"{column.name}_epoch"] = int(moment.timestamp())
            stored[f"{column.name}_is_date"] = len(value) == len("2024-06-30")
        elif column.kind is schema.Kind.AMOUNT:
            stored[column.name] = Decimal(value)
            stored[f"{column.name}_minor"] = money.to_minor(
                Decimal(value), row.get("currency") or "EUR"
            )
    return stored
