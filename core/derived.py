"""Tables computed from the canonical ones at the end of every write: what deals come to.

What is computed cannot stay behind when an import is undone, neither touches of deals nor rates
of one's own.

Which touches belong to a deal is the same for every question, so it is worked out once an import
and stored in the order of the journeys. Numbering and cumulating touches along a journey, which
every attribution question does, then runs over rows that already lie in order.
"""

from typing import Final

import duckdb

# Grain: one row a deal. The lead date is when the first of its people entered the CRM: those with
# a role in it, and those whose touches name it; the end of the day where only the day is known.
_DEAL_KEYS: Final = """
CREATE OR REPLACE TABLE deal_keys AS
WITH people AS (
    SELECT deal_id, contact_id FROM deal_people
    UNION ALL
    SELECT deal_id, contact_id FROM touchpoints WHERE deal_id IS NOT NULL
), leads AS (
    SELECT
        p.deal_id,
        min(c.created_at_epoch + CASE WHEN c.created_at_is_date THEN 86399 ELSE 0 END) AS lead_at
    FROM people p
    JOIN contacts c USING (contact_id)
    GROUP BY p.deal_id
)
SELECT
    d.deal_id,
    row_number() OVER (ORDER BY d.deal_id) AS deal_key,
    l.lead_at AS lead_at_epoch
FROM deals d
LEFT JOIN leads l USING (deal_id)
"""

# Names are stored as their place in a list: the engine sorts, groups and carries them as small
# numbers, and whoever reads them still reads names.
_NAMES: Final = (
    "DROP TABLE IF EXISTS deal_touches",
    "DROP TABLE IF EXISTS deal_amounts",
    "DROP TYPE IF EXISTS channel_names",
    "DROP TYPE IF EXISTS campaign_names",
    """
    CREATE TYPE channel_names AS ENUM (
        SELECT DISTINCT channel FROM touches WHERE channel IS NOT NULL ORDER BY channel
    )
    """,
    """
    CREATE TYPE campaign_names AS ENUM (
        SELECT DISTINCT campaign FROM touches WHERE campaign IS NOT NULL ORDER BY campaign
    )
    """,
)

# Grain: one row a deal and a touch that belongs to it and is not after its close, in journey
# order. A touch belongs to a deal because it names it or is linked with it ('deal'), or else
# because a contact of it takes part in it ('contact'), or else because it is of its company and
# names no deal ('account'). A contact or a company is what the touch names or is linked with.
# The sequence runs on over all deals. Windows without a partition follow the rows as they were
# sorted and keep none of them back; what is counted from the start of a deal is counted from the
# largest number that any deal up to it began with.
# The view of touches is named once: each further mention would be planned, and read, anew.
_DEAL_TOUCHES: Final = """
CREATE TABLE deal_touches AS
WITH all_touches AS (
    SELECT * FROM touches
), closing AS (
    SELECT
        deal_id, c.account_id,
        closed_at_epoch + CASE WHEN closed_at_is_date THEN 86399 ELSE 0 END AS ends
    FROM deals JOIN deal_companies c USING (deal_id)
), with_people AS (
    SELECT DISTINCT l.touch_id, r.deal_id
    FROM touch_contacts l
    LEFT JOIN contacts p USING (contact_id)
    JOIN deal_people r ON r.contact_id = coalesce(p.merged_into, l.contact_id)
), of_companies AS (
    SELECT touch_id, account_id FROM touch_accounts
    UNION
    SELECT l.touch_id, coalesce(q.account_id, p.account_id)
    FROM touch_contacts l
    JOIN contacts p USING (contact_id)
    LEFT JOIN contacts q ON q.contact_id = p.merged_into
), belonging AS (
    SELECT 'deal' AS belongs_by, d.deal_id, d.ends, t.* EXCLUDE (deal_id)
    FROM all_touches t
    JOIN closing d ON d.deal_id = t.deal_id
    UNION ALL BY NAME
    SELECT 'deal' AS belongs_by, d.deal_id, d.ends, t.* EXCLUDE (deal_id)
    FROM all_touches t
    JOIN touch_deals l ON l.touch_id = t.touch_id AND l.deal_id <> t.deal_id
    JOIN closing d ON d.deal_id = l.deal_id
    UNION ALL BY NAME
    SELECT 'contact' AS belongs_by, d.deal_id, d.ends, t.* EXCLUDE (deal_id)
    FROM all_touches t
    JOIN deal_people r ON r.contact_id = t.contact_id
    JOIN closing d ON d.deal_id = r.deal_id
    ANTI JOIN touch_deals l ON l.touch_id = t.touch_id AND l.deal_id = r.deal_id
    WHERE t.deal_id IS DISTINCT FROM r.deal_id
    UNION ALL BY NAME
    SELECT 'contact' AS belongs_by, d.deal_id, d.ends, t.* EXCLUDE (deal_id)
    FROM all_touches t
    JOIN with_people w ON w.touch_id = t.touch_id
    JOIN closing d ON d.deal_id = w.deal_id
    ANTI JOIN touch_deals l ON l.touch_id = t.touch_id AND l.deal_id = w.deal_id
    ANTI JOIN deal_people r ON r.deal_id = w.deal_id AND r.contact_id = t.contact_id
    WHERE t.deal_id IS DISTINCT FROM w.deal_id
    UNION ALL BY NAME
    SELECT 'account' AS belongs_by, d.deal_id, d.ends, t.* EXCLUDE (deal_id)
    FROM all_touches t
    JOIN closing d ON d.account_id = t.account_id
    ANTI JOIN deal_people r ON r.deal_id = d.deal_id AND r.contact_id = t.contact_id
    ANTI JOIN with_people w ON w.touch_id = t.touch_id AND w.deal_id = d.deal_id
    WHERE t.deal_id IS NULL
    UNION ALL BY NAME
    SELECT 'account' AS belongs_by, d.deal_id, d.ends, t.* EXCLUDE (deal_id)
    FROM all_touches t
    JOIN of_companies o ON o.touch_id = t.touch_id AND o.account_id IS DISTINCT FROM t.account_id
    JOIN closing d ON d.account_id = o.account_id
    ANTI JOIN deal_people r ON r.deal_id = d.deal_id AND r.contact_id = t.contact_id
    ANTI JOIN with_people w ON w.touch_id = t.touch_id AND w.deal_id = d.deal_id
    WHERE t.deal_id IS NULL
), counted AS (
    SELECT
        k.deal_key, b.belongs_by, b.touch_id, b.occurred_at_epoch, b.occurred_at_is_date,
        b.channel::channel_names AS channel, b.campaign::campaign_names AS campaign, b.kind,
        row_number() OVER (
            PARTITION BY k.deal_key, b.channel ORDER BY b.occurred_at_epoch, b.touch_id
        ) = 1 AS is_first_of_channel
    FROM belonging b
    JOIN deal_keys k USING (deal_id)
    WHERE b.ends IS NULL OR b.occurred_at_epoch <= b.ends
), in_order AS (
    FROM counted ORDER BY deal_key, occurred_at_epoch, touch_id
), followed AS (
    SELECT
        *,
        row_number() OVER () AS sequence,
        lead(deal_key) OVER () AS next_deal,
        lag(deal_key) OVER () AS deal_1_before,
        lag(deal_key, 2) OVER () AS deal_2_before,
        lag(deal_key, 3) OVER () AS deal_3_before,
        lag(channel) OVER () AS channel_1_before,
        lag(channel, 2) OVER () AS channel_2_before,
        lag(channel, 3) OVER () AS channel_3_before,
        lead(channel) OVER () AS channel_after,
        lead(campaign) OVER () AS campaign_after,
        sum(is_first_of_channel::INTEGER) OVER (ROWS UNBOUNDED PRECEDING)::BIGINT AS met
    FROM in_order
), counted_from AS (
    SELECT
        *,
        max(CASE WHEN deal_1_before = deal_key THEN NULL ELSE sequence END)
            OVER (ROWS UNBOUNDED PRECEDING) AS first_sequence,
        max(CASE WHEN deal_1_before = deal_key THEN NULL ELSE met END)
            OVER (ROWS UNBOUNDED PRECEDING) AS first_met
    FROM followed
)
SELECT
    deal_key, sequence, belongs_by, touch_id, occurred_at_epoch, occurred_at_is_date,
    channel, campaign, kind, is_first_of_channel,
    (sequence - first_sequence + 1)::INTEGER AS position,
    (met - first_met + 1)::INTEGER AS channels_met,
    CASE WHEN next_deal = deal_key THEN channel_after END AS next_channel,
    CASE WHEN next_deal = deal_key THEN campaign_after END AS next_campaign,
    CASE WHEN deal_1_before = deal_key THEN channel_1_before END AS channel_1_before,
    CASE WHEN deal_2_before = deal_key THEN channel_2_before END AS channel_2_before,
    CASE WHEN deal_3_before = deal_key THEN channel_3_before END AS channel_3_before
FROM counted_from
"""

# Grain: one row a deal: what sums over deals need of deal_facts, without the joins to names, and
# how long its journey of all touches is, what it ends with and how far its milestones lie along it.
_DEAL_AMOUNTS: Final = """
CREATE TABLE deal_amounts AS
WITH journeys AS (
    SELECT
        deal_key,
        count(*) AS journey_touches,
        max(channels_met) AS journey_channels,
        max(channel) FILTER (next_channel IS NULL) AS last_channel,
        max(campaign) FILTER (next_channel IS NULL) AS last_campaign,
        max(occurred_at_epoch) AS last_occurred_at_epoch,
        min(
            occurred_at_epoch + CASE WHEN occurred_at_is_date THEN 86399 ELSE 0 END
        ) AS oldest_until_epoch,
        count(*) FILTER (occurred_at_epoch <= lead_at_epoch) AS touches_until_lead,
        count(*) FILTER (
            occurred_at_epoch
            <= created_at_epoch + CASE WHEN created_at_is_date THEN 86399 ELSE 0 END
        ) AS touches_until_creation
    FROM deal_touches
    JOIN deal_keys USING (deal_key)
    JOIN deals USING (deal_id)
    GROUP BY deal_key
)
SELECT
    deal_key, deal_id, owner_id, outcome, amount_minor, currency,
    converted_amount_minor, converted_currency, rate_day, lead_at_epoch,
    created_at_epoch, created_at_is_date, closed_at_epoch, closed_at_is_date,
    journeys.* EXCLUDE (deal_key)
FROM deal_facts
LEFT JOIN journeys USING (deal_key)
ORDER BY deal_key
"""

# Grain: one row a currency and a day on which an amount may have to be converted. A rate of one's
# own holds from its day on until the next one, and goes before that of the bank.
_EXCHANGE_RATES: Final = """
CREATE OR REPLACE TABLE exchange_rates AS
SELECT
    w.currency, w.day,
    coalesce(own.per_euro, p.per_euro) AS per_euro,
    coalesce(own.day, p.published_on) AS published_on,
    own.day IS NOT NULL AS is_own
FROM (
    SELECT currency, day FROM published_rates UNION SELECT currency, day FROM wanted_rates
) w
LEFT JOIN published_rates p USING (currency, day)
ASOF LEFT JOIN (SELECT * FROM rates WHERE currency <> 'EUR') own
    ON own.currency = w.currency AND own.day <= w.day
WHERE own.per_euro IS NOT NULL OR p.per_euro IS NOT NULL
"""

DERIVED: Final = ("deal_keys", "deal_touches", "deal_amounts", "exchange_rates")

EMPTY: Final = (
    """
    CREATE TABLE deal_touches (
        deal_key BIGINT, sequence BIGINT, belongs_by VARCHAR, touch_id VARCHAR,
        occurred_at_epoch BIGINT, occurred_at_is_date BOOLEAN,
        channel VARCHAR, campaign VARCHAR, kind VARCHAR,
        is_first_of_channel BOOLEAN, position INTEGER, channels_met INTEGER,
        next_channel VARCHAR, next_campaign VARCHAR,
        channel_1_before VARCHAR, channel_2_before VARCHAR, channel_3_before VARCHAR
    )
    """,
    """
    CREATE TABLE deal_amounts (
        deal_key BIGINT, deal_id VARCHAR, owner_id VARCHAR, outcome VARCHAR,
        amount_minor BIGINT, currency VARCHAR,
        converted_amount_minor BIGINT, converted_currency VARCHAR, rate_day DATE,
        lead_at_epoch BIGINT, created_at_epoch BIGINT, created_at_is_date BOOLEAN,
        closed_at_epoch BIGINT, closed_at_is_date BOOLEAN,
        journey_touches BIGINT, journey_channels INTEGER,
        last_channel VARCHAR, last_campaign VARCHAR, last_occurred_at_epoch BIGINT,
        oldest_until_epoch BIGINT, touches_until_lead BIGINT, touches_until_creation BIGINT
    )
    """,
    """
    CREATE TABLE exchange_rates (
        currency VARCHAR, day DATE, per_euro DOUBLE, published_on DATE, is_own BOOLEAN
    )
    """,
)
"""Statements that make the derived tables where there are no data to compute them of; a view reads
``deal_keys``, which is made with the canonical ones."""


def derive(cursor: duckdb.DuckDBPyConnection) -> None:
    """Compute the derived tables anew, inside the transaction that changed the canonical ones."""
    for statement in (_DEAL_KEYS, *_NAMES, _DEAL_TOUCHES, _DEAL_AMOUNTS, _EXCHANGE_RATES):
        cursor.execute(statement)
