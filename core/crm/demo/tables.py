"""The story written down: the canonical tables with exactly their stored columns."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import polars as pl

from core.crm.demo import deal_tables
from core.crm.demo.accounts import TEAMS, TITLES
from core.crm.demo.channels import NAMES
from core.crm.demo.ledger import Ledger
from core.crm.demo.names import REGIONS, SECTORS
from core.crm.demo.physical import amount, chosen, day, instant, stored
from core.crm.demo.pipeline import OPEN_STAGES, STAGE_NAMES, STATED_PROBABILITY
from core.crm.demo.season import Window

_QUOTA_STRETCH = 1.12
_QUOTA_ROUNDING_MINOR = 500_000


def write(ledger: Ledger) -> Mapping[str, pl.DataFrame]:
    """Return every canonical table by name."""
    written = {
        "accounts": _accounts(ledger),
        "contacts": _contacts(ledger),
        "deals": deal_tables.deals(ledger),
        "deal_contacts": deal_tables.deal_contacts(ledger),
        "stage_changes": deal_tables.stage_changes(ledger),
        "touchpoints": deal_tables.touchpoints(ledger),
        "campaigns": _campaigns(ledger),
        "spend": _spend(ledger),
        "owners": _owners(ledger),
        "quotas": _quotas(ledger),
        "stages": _stages(),
    }
    return MappingProxyType(
        {name: stored(name, columns, ledger.import_id) for name, columns in written.items()}
    )


def _accounts(ledger: Ledger) -> list[pl.Series]:
    accounts, order = ledger.story.market.accounts, ledger.account_order
    created = ledger.window.working_seconds(ledger.first_seen[order] - 0.01)
    return [
        ledger.account_ids.alias("account_id"),
        pl.Series("name", ledger.account_names),
        chosen(list(SECTORS), accounts.industry[order]).alias("industry"),
        pl.Series("employees", accounts.employees[order]),
        chosen([region.name for region in REGIONS], accounts.region[order]).alias("region"),
        *instant("created_at", created),
    ]


def _contacts(ledger: Ledger) -> list[pl.Series]:
    committee = ledger.story.market.accounts.committee[ledger.account_order]
    account = np.repeat(np.arange(committee.size), committee)
    touches, contact = ledger.story.touches, ledger.touch_contact
    known = np.flatnonzero(ledger.names_contact)
    first = np.full(ledger.contact_count, -1, dtype=np.int64)
    first[contact[known][::-1]] = known[::-1]  # touches are in order of time: the first stays
    met = first >= 0
    account_seen = ledger.first_seen[ledger.account_order][account]
    seen = np.where(met, touches.at[first], account_seen)
    key = np.arange(ledger.contact_count)
    return [
        ledger.contact_ids.alias("contact_id"),
        ledger.account_ids.gather(account).alias("account_id"),
        chosen(TITLES, ledger.chance.below("title", len(TITLES), key)).alias("title"),
        chosen(NAMES, np.where(met, touches.channel[first], -1)).alias("source"),
        *instant("created_at", ledger.window.working_seconds(seen)),
    ]


def _campaigns(ledger: Ledger) -> list[pl.Series]:
    window = ledger.window
    used = np.union1d(ledger.touch_campaign, ledger.spend["campaign"].to_numpy())
    used = used[used >= 0]
    frame = ledger.campaigns.frame[used]
    cost = ledger.spend.group_by("campaign").agg(pl.col("amount_minor").sum())
    costs = pl.DataFrame({"campaign": used}).join(cost, "campaign", "left", maintain_order="left")
    ended = frame["last"].fill_null(0).to_numpy()
    return [
        ledger.campaign_ids.gather(used).alias("campaign_id"),
        frame["name"],
        frame["channel"],
        day("started_on", window.epoch_days(frame["first"].to_numpy())),
        day("ended_on", window.epoch_days(ended), frame["last"].is_not_null().to_numpy()),
        *amount("cost", costs["amount_minor"]),
        pl.repeat("EUR", frame.height, eager=True).alias("currency"),
    ]


def _spend(ledger: Ledger) -> list[pl.Series]:
    rows, frame = ledger.spend.sort("day", "campaign"), ledger.campaigns.frame
    campaign = rows["campaign"].to_numpy()
    return [
        frame["channel"].gather(campaign),
        frame["name"].gather(campaign).alias("campaign"),
        day("day", ledger.window.epoch_days(rows["day"].to_numpy())),
        *amount("amount", rows["amount_minor"]),
        pl.repeat("EUR", rows.height, eager=True).alias("currency"),
    ]


def _owners(ledger: Ledger) -> list[pl.Series]:
    owners, names, chance = ledger.story.market.owners, ledger.names, ledger.chance
    people = [
        f"{_of(names.first[region], first)} {_of(names.last[region], last)}"
        for region, first, last in zip(
            (owners.team % len(REGIONS)).tolist(),
            chance.uniform("owner/first", np.arange(owners.team.size)).tolist(),
            chance.uniform("owner/last", np.arange(owners.team.size)).tolist(),
            strict=True,
        )
    ]
    return [
        ledger.owner_ids.alias("owner_id"),
        pl.Series("name", people),
        chosen(TEAMS, owners.team).alias("team"),
    ]


def _quotas(ledger: Ledger) -> list[pl.Series]:
    """Quarterly targets: the team's average a head, grown like demand, stretched and rounded."""
    window, owners = ledger.window, ledger.story.market.owners
    quarters = _quarters(window)
    middle = np.asarray([(first + last) / 2.0 for first, last in quarters])
    growth = (1.0 + window.growth_a_year) ** (middle / 365.25)
    won = ledger.won_in_window
    team = owners.team[ledger.story.deals.owner]
    revenue = np.bincount(team[won], ledger.euros_minor[won], minlength=len(TEAMS))
    heads = np.bincount(owners.team, minlength=len(TEAMS))
    a_quarter = revenue / heads / (window.days / 91.3) * _QUOTA_STRETCH
    exact = a_quarter[owners.team][:, None] * (growth / growth.mean())[None, :]
    target = np.maximum(np.rint(exact / _QUOTA_ROUNDING_MINOR), 1.0) * _QUOTA_ROUNDING_MINOR
    owner, quarter = np.divmod(np.arange(target.size), len(quarters))
    bounds = np.asarray(quarters, dtype=np.float64)
    return [
        ledger.owner_ids.gather(owner).alias("owner_id"),
        day("starts_on", window.epoch_days(bounds[quarter, 0])),
        day("ends_on", window.epoch_days(bounds[quarter, 1])),
        *amount("target", target.ravel().astype(np.int64)),
        pl.repeat("EUR", target.size, eager=True).alias("currency"),
    ]


def _quarters(window: Window) -> list[tuple[int, int]]:
    """First and last day of every whole quarter of the window, of the current and the next one."""

    def end(day: int) -> int:
        return int(window.quarter_end(np.asarray([float(day)]))[0])

    quarters, first = [], end(-1) + 1
    while first <= end(window.days - 1) + 1:
        quarters.append((first, end(first)))
        first = end(first) + 1
    return quarters


def _stages() -> list[pl.Series]:
    rows = [
        (pipeline, stage, number + 1, _outcome(number), STATED_PROBABILITY[pipeline][number])
        for pipeline, names in STAGE_NAMES.items()
        for number, stage in enumerate(names)
    ]
    names = ["pipeline", "stage", "position", "outcome", "probability"]
    return pl.DataFrame(rows, schema=names, orient="row").get_columns()


def _outcome(stage: int) -> str:
    return "open" if stage < OPEN_STAGES else ("won", "lost")[stage - OPEN_STAGES]


def _of(pool: tuple[str, ...], share: float) -> str:
    return pool[int(share * len(pool))]
