"""Where the rows come from that checks of the data are about: each source as a query."""

from typing import Final

_DEALS: Final = """
SELECT d.*, t.last_touch, coalesce(t.touches, 0) AS touches, s.last_change,
    d.closed_at_epoch + CASE WHEN d.closed_at_is_date THEN 86399 ELSE 0 END AS closed_until,
    a.account_id AS known_account, EXISTS (FROM accounts) AS are_accounts,
    EXISTS (FROM stage_changes) AS are_changes,
    count(*) OVER (
        PARTITION BY d.account_id, lower(trim(d.name)), d.amount, d.currency, d.created_at::DATE
    ) AS alike
FROM (
    SELECT d.* REPLACE (c.account_id AS account_id)
    FROM deals d JOIN deal_companies c USING (deal_id)
) d
LEFT JOIN deal_keys k USING (deal_id)
LEFT JOIN (
    SELECT deal_key, count(*) AS touches, max(occurred_at_epoch) AS last_touch
    FROM deal_touches GROUP BY deal_key
) t USING (deal_key)
LEFT JOIN (
    SELECT deal_id, max(changed_at_epoch) AS last_change FROM stage_changes GROUP BY deal_id
) s USING (deal_id)
LEFT JOIN accounts a ON a.account_id = d.account_id
"""

# A touch reaches a deal that it names, or its person takes part in, or its company has.
_TOUCHPOINTS: Final = """
SELECT t.*, w.channel AS channel_shown, d.deal_id AS known_deal,
    d.deal_id IS NOT NULL OR p.contact_id IS NOT NULL
        OR (w.deal_id IS NULL AND c.account_id IS NOT NULL) AS reaches,
    u.touch_id IS NOT NULL AS is_used,
    count(*) OVER (
        PARTITION BY t.occurred_at_epoch, t.contact_id, t.account_id, t.deal_id, t.channel,
            t.campaign, t.campaign_id, t.kind
    ) AS alike
FROM touchpoints t
JOIN touches w USING (touch_id)
LEFT JOIN deals d ON d.deal_id = w.deal_id
LEFT JOIN (SELECT DISTINCT contact_id FROM deal_people) p ON p.contact_id = w.contact_id
LEFT JOIN (SELECT DISTINCT account_id FROM deal_companies) c ON c.account_id = w.account_id
LEFT JOIN (SELECT DISTINCT touch_id FROM deal_touches) u ON u.touch_id = t.touch_id
"""

_JOURNEYS: Final = """
SELECT t.*, k.deal_id, count(*) OVER (PARTITION BY t.deal_key, t.occurred_at_epoch) AS together
FROM deal_touches t JOIN deal_keys k USING (deal_key)
"""

_CONTACTS: Final = """
SELECT c.*, a.account_id AS known_account, EXISTS (FROM accounts) AS are_accounts,
    count(*) OVER (PARTITION BY c.email_key) AS alike
FROM contacts c LEFT JOIN accounts a USING (account_id)
"""

_ACCOUNTS: Final = """
SELECT a.*, count(*) OVER (PARTITION BY lower(trim(a.name))) AS alike FROM accounts a
"""

_STAGE_CHANGES: Final = """
SELECT s.*, d.deal_id AS known_deal FROM stage_changes s LEFT JOIN deals d USING (deal_id)
"""

_SPEND: Final = """
SELECT s.*, c.channel AS known_channel, EXISTS (FROM touchpoints) AS are_touches
FROM spend s LEFT JOIN (SELECT DISTINCT channel FROM touches) c ON c.channel = s.channel
"""

SOURCES: Final = {
    "deals": _DEALS,
    "touchpoints": _TOUCHPOINTS,
    "journeys": _JOURNEYS,
    "contacts": _CONTACTS,
    "accounts": _ACCOUNTS,
    "stage_changes": _STAGE_CHANGES,
    "spend": _SPEND,
}
"""Each source as a query; a table without one is its own."""
