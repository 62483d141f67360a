"""The canonical CRM tables: the one source for storage, mapping, templates and docs.

A column has a kind; an instant becomes three physical columns (UTC timestamp, the same as epoch
seconds, and whether only the day is known), because epoch seconds are what every engine can do
arithmetic on and a date without a time must stay a date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import UnknownNameError

UNATTRIBUTED: Final = "(unattributed)"
"""Name of the row that takes revenue no touch can explain."""

UNKNOWN_CHANNEL: Final = "(no channel)"
"""Name of the channel of a touch whose export names none."""

NO_CAMPAIGN: Final = "(no campaign)"
"""Name of the campaign of a touch that belongs to none."""


PAST: Final = "past"
"""Database schema with the rows that later imports replaced, and those of undone imports."""

_IDS: Final = ("touch_id", "deal_id", "contact_id", "account_id")
_ID_COMPRESSION: Final = " USING COMPRESSION zstd"


class Kind(StrEnum):
    """What a column holds; decides how text is typed and how it is stored."""

    TEXT = "text"
    INTEGER = "integer"
    AMOUNT = "amount"
    PROBABILITY = "probability"
    RATE = "rate"
    CURRENCY = "currency"
    INSTANT = "instant"
    DATE = "date"
    BOOLEAN = "boolean"
    ATTRIBUTES = "attributes"


_SQL_TYPES: Final = {
    Kind.TEXT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.AMOUNT: "DECIMAL(18,2)",
    Kind.PROBABILITY: "DOUBLE",
    Kind.RATE: "DOUBLE",
    Kind.CURRENCY: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.ATTRIBUTES: "JSON",
}


@dataclass(frozen=True)
class Column:
    """One canonical column.

    Parameters
    ----------
    name
        Name in every table, file and message.
    kind
        What it holds.
    meaning
        One sentence for mapping screens and docs.
    required
        A row without it is rejected.
    currency
        Column with the currency of an amount.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    currency: str = "currency"

    def physical(self) -> Iterator[tuple[str, str]]:
        """Yield the stored columns as (name, SQL type)."""
        if self.kind is Kind.INSTANT:
            yield self.name, "TIMESTAMP"
            yield f"{self.name}_epoch", "BIGINT"
            yield f"{self.name}_is_date", "BOOLEAN"
        elif self.kind is Kind.AMOUNT:
            yield self.name, _SQL_TYPES[Kind.AMOUNT]
            yield f"{self.name}_minor", "BIGINT"
        else:
            yield self.name, _SQL_TYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One canonical table: its grain, its key and its columns.

    Every table also stores ``import_id`` and ``source_line``, so that each row leads back to the
    file and the line it came from.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return a column by name.

        Raises
        ------
        UnknownNameError
            If the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownNameError.among("column", name, [column.name for column in self.columns])

    def has_attributes(self) -> bool:
        """Tell whether columns of an export that no field takes are kept."""
        return any(column.kind is Kind.ATTRIBUTES for column in self.columns)

    def physical(self) -> list[tuple[str, str]]:
        """Return the stored columns as (name, SQL type), lineage last."""
        stored = [pair for column in self.columns for pair in column.physical()]
        return [*stored, ("import_id", "VARCHAR"), ("source_line", "BIGINT")]

    def ddl(self) -> str:
        """Return the statement that creates the table.

        The key is kept by the one way rows get in (``core.crm.merging``), not by an index: that
        took a quarter of the time of a first import and made each row that goes dear.
        """
        return f'CREATE TABLE "{self.name}" ({_definitions(self.physical())})'

    def past_ddl(self) -> str:
        """Return the statement that creates the table of its past rows."""
        marks = [("past_snapshot", "BIGINT"), ("past_side", "VARCHAR")]
        return f'CREATE TABLE {PAST}."{self.name}" ({_definitions([*self.physical(), *marks])})'


def _definitions(columns: Iterable[tuple[str, str]]) -> str:
    """Return stored columns as a statement that creates a table defines them.

    Ids hardly repeat, and looking for patterns in them took the engine most of the time it spent
    writing; it is told how to compress them.
    """
    return ", ".join(
        f'"{name}" {sql_type}{_ID_COMPRESSION if name in _IDS else ""}'
        for name, sql_type in columns
    )


def _text(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, required)


def _instant(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Kind.INSTANT, meaning, required)


def _amount(name: str, meaning: str) -> Column:
    return Column(name, Kind.AMOUNT, meaning)


_CURRENCY: Final = Column("currency", Kind.CURRENCY, "ISO 4217 code of the amount.")

ACCOUNTS: Final = Table(
    "accounts",
    "one row a company",
    ("account_id",),
    (
        _text("account_id", "Id of the company in the CRM.", required=True),
        _text("name", "Name of the company."),
        _text("industry", "Industry, as the CRM names it."),
        Column("employees", Kind.INTEGER, "Number of employees."),
        _text("region", "Region or country."),
        _instant("created_at", "When the company was added to the CRM."),
        Column("attributes", Kind.ATTRIBUTES, "Columns of the export that no field takes."),
    ),
)

CONTACTS: Final = Table(
    "contacts",
    "one row a person",
    ("contact_id",),
    (
        _text("contact_id", "Id of the person (contact or lead) in the CRM.", required=True),
        _text("account_id", "The company the person belongs to."),
        _text("merged_into", "The contact a converted lead became; its touches move there."),
        _text("title", "Job title."),
        _text("source", "Where the CRM says the person came from."),
        _text("email_key", "Keyed hash of the e-mail address, only for joining."),
        _instant("created_at", "When the person entered the CRM: the lead date."),
    ),
)

DEALS: Final = Table(
    "deals",
    "one row a deal (opportunity)",
    ("deal_id",),
    (
        _text("deal_id", "Id of the deal in the CRM.", required=True),
        _text("account_id", "The company the deal is with."),
        _text("name", "Name of the deal."),
        _text("owner_id", "The salesperson who owns the deal."),
        _text("pipeline", "The pipeline the deal moves through."),
        _text("stage", "Current stage."),
        _text("kind", "New business, renewal or expansion, as the CRM names it."),
        _text("source", "Where the CRM says the deal came from."),
        _text("next_step", "The next step as the owner wrote it."),
        _amount("amount", "Value of the deal in its own currency; blank when not known, never 0."),
        _CURRENCY,
        Column(
            "converted_amount",
            Kind.AMOUNT,
            "Value of the deal as the CRM itself converted it.",
            currency="converted_currency",
        ),
        Column("converted_currency", Kind.CURRENCY, "Currency the CRM converts into."),
        _instant("created_at", "When the deal was created.", required=True),
        Column("expected_close_at", Kind.DATE, "The day the owner expects it to close."),
        _instant("closed_at", "When the deal was won or lost; blank while open."),
        Column("is_won", Kind.BOOLEAN, "True won, false lost, blank open."),
        Column("attributes", Kind.ATTRIBUTES, "Columns of the export that no field takes."),
    ),
)

DEAL_CONTACTS: Final = Table(
    "deal_contacts",
    "one row a deal and a contact",
    ("deal_id", "contact_id"),
    (
        _text("deal_id", "The deal.", required=True),
        _text("contact_id", "A person who takes part in it.", required=True),
        _text("role", "Role of the person in the deal."),
    ),
)

STAGE_CHANGES: Final = Table(
    "stage_changes",
    "one row a deal and a moment at which its stage, amount or close date changed",
    ("deal_id", "changed_at", "stage"),
    (
        _text("deal_id", "The deal.", required=True),
        _instant("changed_at", "When it changed.", required=True),
        _text("stage", "Stage from that moment on.", required=True),
        _amount("amount", "Amount from that moment on."),
        Column("expected_close_at", Kind.DATE, "Expected close day from that moment on."),
    ),
)

TOUCHPOINTS: Final = Table(
    "touchpoints",
    "one row an interaction",
    ("touch_id",),
    (
        _text("touch_id", "Id of the interaction.", required=True),
        _instant("occurred_at", "When it happened.", required=True),
        _text("channel", "Marketing, sales or partner channel."),
        _text("campaign", "Campaign it belongs to, by name."),
        _text("campaign_id", "Campaign it belongs to, by id."),
        _text("kind", "What happened: click, form, meeting, call, event."),
        _text("contact_id", "The person who had the interaction."),
        _text("account_id", "The company, when the person is not known."),
        _text("deal_id", "The deal, when the export names it."),
        _amount("cost", "What this interaction cost."),
        _CURRENCY,
    ),
)

CAMPAIGNS: Final = Table(
    "campaigns",
    "one row a campaign",
    ("campaign_id",),
    (
        _text("campaign_id", "Id of the campaign in the CRM.", required=True),
        _text("name", "Name of the campaign."),
        _text("channel", "Channel the campaign runs in."),
        Column("started_on", Kind.DATE, "First day."),
        Column("ended_on", Kind.DATE, "Last day."),
        _amount("cost", "What the campaign cost."),
        _CURRENCY,
    ),
)

SPEND: Final = Table(
    "spend",
    "one row a channel, a campaign and a day",
    ("channel", "campaign", "day"),
    (
        _text("channel", "Channel the money went to.", required=True),
        _text("campaign", "Campaign the money went to.", required=True),
        Column("day", Kind.DATE, "Day of the spend.", required=True),
        _amount("amount", "What was spent."),
        _CURRENCY,
    ),
)

OWNERS: Final = Table(
    "owners",
    "one row a salesperson",
    ("owner_id",),
    (
        _text("owner_id", "Id of the salesperson in the CRM.", required=True),
        _text("name", "Name."),
        _text("team", "Team."),
    ),
)

QUOTAS: Final = Table(
    "quotas",
    "one row a salesperson and a period",
    ("owner_id", "starts_on"),
    (
        _text("owner_id", "The salesperson.", required=True),
        Column("starts_on", Kind.DATE, "First day of the period.", required=True),
        Column("ends_on", Kind.DATE, "Last day of the period."),
        _amount("target", "Revenue to win in the period."),
        _CURRENCY,
    ),
)

STAGES: Final = Table(
    "stages",
    "one row a pipeline and a stage",
    ("pipeline", "stage"),
    (
        _text("pipeline", "The pipeline.", required=True),
        _text("stage", "Name of the stage.", required=True),
        Column("position", Kind.INTEGER, "Order in the pipeline, from 1."),
        _text("outcome", "open, won or lost."),
        Column("probability", Kind.PROBABILITY, "Win probability the CRM states, 0 to 1."),
    ),
)

RATES: Final = Table(
    "rates",
    "one row a currency and a day; goes before the rates of the European Central Bank",
    ("currency", "day"),
    (
        Column("currency", Kind.CURRENCY, "ISO 4217 code.", required=True),
        Column("day", Kind.DATE, "First day the rate holds; the next rate ends it.", required=True),
        Column("per_euro", Kind.RATE, "Units of the currency for one euro.", required=True),
    ),
)

TABLES: Final = {
    table.name: table
    for table in (
        ACCOUNTS,
        CONTACTS,
        DEALS,
        DEAL_CONTACTS,
        STAGE_CHANGES,
        TOUCHPOINTS,
        CAMPAIGNS,
        SPEND,
        OWNERS,
        QUOTAS,
        STAGES,
    )
}

DEAL_ACCOUNTS: Final = Table(
    "deal_accounts",
    "one row a deal and a company it is linked with",
    ("deal_id", "account_id"),
    (
        _text("deal_id", "The deal.", required=True),
        _text("account_id", "The company.", required=True),
        _text("kind", "Kind of the link; 5 is HubSpot's primary company."),
    ),
)

TOUCH_DEALS: Final = Table(
    "touch_deals",
    "one row an interaction and a deal it is linked with",
    ("touch_id", "deal_id"),
    (
        _text("touch_id", "The interaction.", required=True),
        _text("deal_id", "The deal.", required=True),
        _text("kind", "What happened."),
    ),
)

TOUCH_CONTACTS: Final = Table(
    "touch_contacts",
    "one row an interaction and a person it is linked with",
    ("touch_id", "contact_id"),
    (
        _text("touch_id", "The interaction.", required=True),
        _text("contact_id", "The person.", required=True),
        _text("kind", "What happened."),
    ),
)

TOUCH_ACCOUNTS: Final = Table(
    "touch_accounts",
    "one row an interaction and a company it is linked with",
    ("touch_id", "account_id"),
    (
        _text("touch_id", "The interaction.", required=True),
        _text("account_id", "The company.", required=True),
        _text("kind", "What happened."),
    ),
)

TOUCH_KINDS: Final = Table(
    "touch_kinds",
    "one row an interaction, where a CRM says what happened apart from when",
    ("touch_id",),
    (
        _text("touch_id", "The interaction.", required=True),
        _text("kind", "What happened."),
    ),
)

PIPELINES: Final = Table(
    "pipelines",
    "one row a pipeline whose deals name it by id",
    ("pipeline",),
    (
        _text("pipeline", "Id of the pipeline.", required=True),
        _text("name", "Its name."),
        Column("position", Kind.INTEGER, "Order among the pipelines."),
    ),
)

LINKS: Final = (
    DEAL_ACCOUNTS, TOUCH_DEALS, TOUCH_CONTACTS, TOUCH_ACCOUNTS, TOUCH_KINDS, PIPELINES
)  # fmt: skip
"""What some CRMs export apart from the records it is about; files may arrive in any order, so the
views resolve it."""

IMPORTED: Final = {**TABLES, **{table.name: table for table in (RATES, *LINKS)}}
"""Every table a file can feed: what a CRM holds, and what goes with it."""

IMPORTS_DDL: Final = """
CREATE TABLE imports (
    import_id VARCHAR PRIMARY KEY, sequence BIGINT, file_name VARCHAR, file_hash VARCHAR,
    source VARCHAR, table_name VARCHAR, status VARCHAR, rows_in BIGINT, loaded BIGINT,
    rejected BIGINT, warnings JSON, imported_at TIMESTAMP, snapshot BIGINT
)
"""

REJECTED_ROWS_DDL: Final = """
CREATE TABLE rejected_rows (
    import_id VARCHAR, row_number BIGINT, line BIGINT, column_name VARCHAR, value VARCHAR,
    reason VARCHAR, suggestion VARCHAR
)
"""

# Grain: one row a record of an earlier export that a later whole export no longer has.
MISSING_ROWS_DDL: Final = """
CREATE TABLE missing_rows (import_id VARCHAR, table_name VARCHAR, key VARCHAR)
"""

# Grain: one row an import, of however many files; core.snapshots says what it is for.
SNAPSHOTS_DDL: Final = """
CREATE TABLE snapshots (
    snapshot BIGINT PRIMARY KEY, made_at TIMESTAMP, is_undone BOOLEAN, is_undoable BOOLEAN,
    settled_before JSON, settled_after JSON
)
"""

RECORDS: Final = ("imports", "rejected_rows", "missing_rows")
"""Tables that tell of imports and come and go with them, like the rows they brought."""

# Grain: one row a currency and a day on which an amount has to be converted: the bank's rate.
PUBLISHED_RATES_DDL: Final = """
CREATE TABLE published_rates (currency VARCHAR, day DATE, per_euro DOUBLE, published_on DATE)
"""

# Computed from the other tables at the end of every write: core.derived says how.
DEAL_KEYS_DDL: Final = (
    "CREATE TABLE deal_keys (deal_id VARCHAR, deal_key BIGINT, lead_at_epoch BIGINT)"
)

META_DDL: Final = "CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR)"

# Grain: one row a deal: its company, that of its primary link where the deal itself names none.
DEAL_COMPANIES_VIEW: Final = """
CREATE OR REPLACE VIEW deal_companies AS
SELECT d.deal_id, coalesce(d.account_id, l.account_id) AS account_id
FROM deals d
LEFT JOIN (
    SELECT deal_id, min_by(account_id, CASE WHEN kind = '5' THEN 0 ELSE 1 END || account_id)
        AS account_id
    FROM deal_accounts GROUP BY deal_id
) l USING (deal_id)
"""

# Grain: one row a deal, names and outcome resolved, the day whose exchange rate applies. The key
# is a whole number that stands for the id until the next write.
DEAL_FACTS_VIEW: Final = """
CREATE OR REPLACE VIEW deal_facts AS
SELECT
    d.deal_id, d.name, c.account_id, coalesce(a.name, c.account_id) AS account,
    coalesce(a.industry, '') AS industry, coalesce(a.region, '') AS region,
    coalesce(d.owner_id, '') AS owner_id, coalesce(o.name, d.owner_id, '') AS owner,
    d.pipeline, coalesce(p.name, d.pipeline) AS pipeline_name, d.stage, d.kind, d.source,
    d.amount, d.amount_minor, coalesce(d.currency, '') AS currency,
    d.converted_amount_minor, d.converted_currency,
    d.created_at, d.created_at_epoch, d.created_at_is_date,
    d.expected_close_at, d.closed_at, d.closed_at_epoch, d.closed_at_is_date,
    CASE WHEN d.is_won IS NULL THEN 'open' WHEN d.is_won THEN 'won' ELSE 'lost' END AS outcome,
    coalesce(d.closed_at, d.created_at)::DATE AS rate_day,
    k.deal_key, k.lead_at_epoch,
    d.import_id, d.source_line
FROM deals d
JOIN deal_companies c USING (deal_id)
LEFT JOIN accounts a ON a.account_id = c.account_id
LEFT JOIN owners o USING (owner_id)
LEFT JOIN pipelines p USING (pipeline)
LEFT JOIN deal_keys k USING (deal_id)
"""

# Grain: one row an interaction; a converted lead's touches belong to the contact it became, and
# channel, campaign and account are taken from the campaign, the contact or the deal where the
# touch itself names none. Of several people or companies it is linked with, one stands for them
# here; core.derived follows all of the links. "(unattributed)" names none either: it is what
# revenue without a touch is called, and a channel of that name would be taken for it.
TOUCHES_VIEW: Final = """
CREATE OR REPLACE VIEW touches AS
SELECT
    t.touch_id, t.occurred_at, t.occurred_at_epoch, t.occurred_at_is_date,
    coalesce(
        nullif(t.channel, '(unattributed)'), nullif(c.channel, '(unattributed)'), '(no channel)'
    ) AS channel,
    coalesce(
        nullif(t.campaign, '(unattributed)'), nullif(c.name, '(unattributed)'),
        nullif(t.campaign_id, '(unattributed)'), '(no campaign)'
    ) AS campaign,
    coalesce(t.kind, k.kind, l.kind, r.kind, a.kind, '') AS kind,
    coalesce(p.merged_into, t.contact_id, r.contact_id) AS contact_id,
    coalesce(t.account_id, a.account_id, q.account_id, p.account_id, d.account_id) AS account_id,
    coalesce(t.deal_id, l.deal_id) AS deal_id,
    t.cost_minor, t.currency, t.import_id, t.source_line
FROM touchpoints t
LEFT JOIN (
    SELECT touch_id, min(deal_id) AS deal_id, min(kind) AS kind FROM touch_deals GROUP BY touch_id
) l ON l.touch_id = t.touch_id
LEFT JOIN (
    SELECT touch_id, min(contact_id) AS contact_id, min(kind) AS kind
    FROM touch_contacts GROUP BY touch_id
) r ON r.touch_id = t.touch_id
LEFT JOIN (
    SELECT touch_id, min(account_id) AS account_id, min(kind) AS kind
    FROM touch_accounts GROUP BY touch_id
) a ON a.touch_id = t.touch_id
LEFT JOIN touch_kinds k ON k.touch_id = t.touch_id
LEFT JOIN campaigns c USING (campaign_id)
LEFT JOIN contacts p ON p.contact_id = coalesce(t.contact_id, r.contact_id)
LEFT JOIN contacts q ON q.contact_id = p.merged_into
LEFT JOIN deal_companies d ON d.deal_id = coalesce(t.deal_id, l.deal_id)
"""

# Grain: one row a deal and a person who takes part in it; a converted lead as the
# contact it became.
DEAL_PEOPLE_VIEW: Final = """
CREATE OR REPLACE VIEW deal_people AS
SELECT DISTINCT r.deal_id, coalesce(p.merged_into, r.contact_id) AS contact_id
FROM deal_contacts r
LEFT JOIN contacts p USING (contact_id)
"""

# Grain: one row a currency and a day on which an amount has to be converted. Answers are in a
# currency of the deals, so each day of a deal or a cost needs those, and a cost's day its own too.
# Where there is one currency only, nothing has to be converted.
WANTED_RATES_VIEW: Final = """
CREATE OR REPLACE VIEW wanted_rates AS
WITH costs AS (
    SELECT currency, day FROM spend WHERE amount_minor IS NOT NULL
    UNION
    SELECT currency, occurred_at::DATE FROM touchpoints WHERE cost_minor IS NOT NULL
    UNION
    SELECT currency, started_on FROM campaigns WHERE cost_minor IS NOT NULL
    UNION
    SELECT currency, starts_on FROM quotas WHERE target_minor IS NOT NULL
), held AS (
    SELECT currency FROM deals WHERE currency IS NOT NULL
    UNION
    SELECT converted_currency FROM deals WHERE converted_currency IS NOT NULL
), wanted AS (
    SELECT held.currency, d.day
    FROM (
        SELECT coalesce(closed_at, created_at)::DATE AS day FROM deals
        UNION
        SELECT day FROM costs
    ) d
    CROSS JOIN held
    UNION
    SELECT currency, day FROM costs
)
SELECT currency, day
FROM wanted
WHERE currency IS NOT NULL AND day IS NOT NULL AND (
    SELECT count(DISTINCT currency) > 1
    FROM (SELECT currency FROM held UNION ALL SELECT currency FROM costs)
)
"""

VIEWS: Final = ("deal_companies", "deal_facts", "touches", "deal_people")


def create_statements() -> list[str]:
    """Return every statement that builds an empty workspace, in order."""
    tables = [table.ddl() for table in IMPORTED.values()]
    records = [IMPORTS_DDL, REJECTED_ROWS_DDL, MISSING_ROWS_DDL, SNAPSHOTS_DDL]
    facts = [PUBLISHED_RATES_DDL, META_DDL, DEAL_KEYS_DDL]
    return [*tables, *records, *facts, *view_statements(), *past_statements()]


def view_statements() -> list[str]:
    """Return the statements that make the views, also where older ones stand."""
    return [
        DEAL_COMPANIES_VIEW, DEAL_FACTS_VIEW, TOUCHES_VIEW, DEAL_PEOPLE_VIEW, WANTED_RATES_VIEW
    ]  # fmt: skip


def past_statements() -> list[str]:
    """Return the statements that make a table of past rows for each table that has a history."""
    return [
        f"CREATE SCHEMA {PAST}",
        *(table.past_ddl() for table in IMPORTED.values()),
        *(
            f"CREATE TABLE {PAST}.{name} AS"  # noqa: S608
            f" SELECT *, 0::BIGINT AS past_snapshot, '' AS past_side FROM {name} WHERE false"
            for name in RECORDS
        ),
    ]
