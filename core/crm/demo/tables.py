"""The story written down: the canonical tables with exactly their stored columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import polars as pl

from core.crm.demo import wording
from core.crm.demo.accounts import ROLES, TEAMS, TITLES
from core.crm.demo.campaigns import Calendar, calendar, spend
from core.crm.demo.chance import Chance, Flags, Floats, Ints
from core.crm.demo.channels import CHANNELS, NAMES
from core.crm.demo.names import REGIONS, SECTORS, Pools, company_names, pools
from core.crm.demo.opportunities import DealKind
from core.crm.demo.physical import amount, chosen, day, ids, instant, stored
from core.crm.demo.pipeline import (
    OPEN_STAGES,
    RENEWALS,
    SALES,
    STAGE_NAMES,
    STATED_PROBABILITY,
    stage_changes,
)
from core.crm.demo.season import Window
from core.crm.demo.story import Story

_CURRENCIES = [region.currency for region in REGIONS]
_PER_EURO = np.asarray([region.per_euro for region in REGIONS])
_QUOTA_STRETCH = 1.12
_QUOTA_ROUNDING_MINOR = 500_000


@dataclass(frozen=True)
class Ledger:
    """A story with everything numbered that several tables refer to."""

    story: Story
    seed: int
    import_id: str

    @cached_property
    def chance(self) -> Chance:
        """The source of draws."""
        return self.story.market.chance

    @cached_property
    def window(self) -> Window:
        """The 36 months."""
        return self.story.market.window

    @cached_property
    def names(self) -> Pools:
        """Pools of people's names."""
        return pools(self.seed)

    @cached_property
    def campaigns(self) -> Calendar:
        """Every campaign."""
        return calendar(self.window)

    @cached_property
    def first_seen(self) -> Floats:
        """First moment of every drawn account, infinite for those that never appear."""
        story, everyone = self.story, self.story.everyone
        first = np.full(story.market.accounts.region.size, np.inf)
        np.minimum.at(first, everyone.account[story.touches.opportunity], story.touches.at)
        np.minimum.at(first, story.deals.account, story.deals.created)
        return first

    @cached_property
    def account_order(self) -> Ints:
        """Drawn accounts that appear, by first moment."""
        order: Ints = np.argsort(self.first_seen, kind="stable")
        return order[np.isfinite(self.first_seen[order])]

    @cached_property
    def account_row(self) -> Ints:
        """Row in the accounts table of every drawn account."""
        return _inverse(self.account_order, self.first_seen.size)

    @cached_property
    def first_contact(self) -> Ints:
        """Row in the contacts table of each account row's first person."""
        people = self.story.market.accounts.committee[self.account_order]
        first: Ints = np.cumsum(people) - people
        return first

    @cached_property
    def account_ids(self) -> pl.Series:
        """Ids by row."""
        return ids("A", self.account_order.size)

    @cached_property
    def account_names(self) -> list[str]:
        """Names by row."""
        accounts, order = self.story.market.accounts, self.account_order
        return company_names(
            self.chance, self.names, accounts.region[order], accounts.industry[order]
        )

    @cached_property
    def contact_count(self) -> int:
        """Number of people."""
        return int(self.story.market.accounts.committee[self.account_order].sum())

    @cached_property
    def contact_ids(self) -> pl.Series:
        """Ids by row."""
        return ids("P", self.contact_count)

    @cached_property
    def deal_ids(self) -> pl.Series:
        """Ids by row."""
        return ids("D", len(self.story.deals))

    @cached_property
    def owner_ids(self) -> pl.Series:
        """Ids by row."""
        return ids("U", self.story.market.owners.team.size)

    @cached_property
    def campaign_ids(self) -> pl.Series:
        """Ids by row."""
        return ids("C", self.campaigns.frame.height)

    @cached_property
    def touch_contact(self) -> Ints:
        """Contact row of each touch, also of those whose person stays unknown."""
        story, everyone, touches = self.story, self.story.everyone, self.story.touches
        of = touches.opportunity
        drawn = self.chance.uniform(
            "touch/person", everyone.key[of], touches.channel, touches.number
        )
        nth = np.floor(drawn**1.6 * story.people[of]).astype(np.int64)
        first: Ints = self.first_contact[self.account_row[everyone.account[of]]]
        return first + nth

    @cached_property
    def changes(self) -> pl.DataFrame:
        """Every change of every deal."""
        return stage_changes(self.story.market, self.story.deals, self.story.decisions)

    @cached_property
    def won_in_window(self) -> Flags:
        """Whether each deal is won by the end of the window."""
        won: Flags = self.story.closed & self.story.decisions.won
        return won

    @cached_property
    def euros_minor(self) -> Ints:
        """Value of each deal in euro cents at the price list's rate."""
        deals = self.story.deals
        region = self.story.market.accounts.region[deals.account]
        rate = _PER_EURO[region] if self.story.market.world.lifelike else 1.0
        cents: Ints = np.rint(deals.amount_minor / rate).astype(np.int64)
        return cents

    @cached_property
    def spend(self) -> pl.DataFrame:
        """Marketing money by campaign and day."""
        return spend(self.chance, self.campaigns, int(self.euros_minor[self.won_in_window].sum()))

    @cached_property
    def currencies(self) -> pl.Series:
        """Currency of each deal."""
        region = self.story.market.accounts.region[self.story.deals.account]
        europe = np.zeros_like(region)
        return chosen(_CURRENCIES, region if self.story.market.world.lifelike else europe)

    @cached_property
    def pipelines(self) -> pl.Series:
        """Pipeline of each deal."""
        renewal = self.story.deals.kind == DealKind.RENEWAL
        return chosen([SALES, RENEWALS], renewal.astype(np.int64))


def write(ledger: Ledger) -> Mapping[str, pl.DataFrame]:
    """Return every canonical table by name."""
    written = {
        "accounts": _accounts(ledger),
        "contacts": _contacts(ledger),
        "deals": _deals(ledger),
        "deal_contacts": _deal_contacts(ledger),
        "stage_changes": _stage_changes(ledger),
        "touchpoints": _touchpoints(ledger),
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
    known = np.flatnonzero(_names_contact(ledger))
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


def _deals(ledger: Ledger) -> list[pl.Series]:
    deals, decisions, closed = ledger.story.deals, ledger.story.decisions, ledger.story.closed
    last = ledger.changes.unique("deal", keep="last", maintain_order=True)
    stage = last["stage"].to_numpy()
    account = ledger.account_row[deals.account]
    is_won = pl.Series("is_won", decisions.won).set(~pl.Series(closed), None)
    key, chance, window = deals.key, ledger.chance, ledger.window
    kind = np.where(_bought_before(ledger), int(DealKind.EXPANSION), deals.kind)
    year = 1970 + window.month_number(deals.created) // 12
    lost = closed & ~decisions.won
    return [
        ledger.deal_ids.alias("deal_id"),
        ledger.account_ids.gather(account).alias("account_id"),
        wording.deal_names(
            chance, key, pl.Series(ledger.account_names).gather(account), kind, year
        ),
        ledger.owner_ids.gather(deals.owner).alias("owner_id"),
        ledger.pipelines.alias("pipeline"),
        _stage_names(ledger.pipelines, stage).alias("stage"),
        chosen(["New business", "Renewal", "Expansion"], kind).alias("kind"),
        chosen(NAMES, _first_channel(ledger)).alias("source"),
        wording.next_steps(chance, key, stage, ~closed),
        *amount("amount", last["amount_minor"]),
        ledger.currencies.alias("currency"),
        *instant("created_at", window.working_seconds(deals.created)),
        day("expected_close_at", window.epoch_days(last["close_on"].to_numpy())),
        *instant("closed_at", window.working_seconds(decisions.decided), closed),
        is_won,
        wording.attributes(chance, key, _lead_score(ledger), lost),
    ]


def _deal_contacts(ledger: Ledger) -> list[pl.Series]:
    deals = ledger.story.deals
    people = ledger.story.people[: len(deals)]
    deal = np.repeat(np.arange(len(deals)), people)
    nth = np.arange(deal.size) - np.repeat(np.cumsum(people) - people, people)
    contact = ledger.first_contact[ledger.account_row[deals.account[deal]]] + nth
    return [
        ledger.deal_ids.gather(deal).alias("deal_id"),
        ledger.contact_ids.gather(contact).alias("contact_id"),
        chosen(ROLES, nth).alias("role"),
    ]


def _stage_changes(ledger: Ledger) -> list[pl.Series]:
    changes = ledger.changes
    deal = changes["deal"].to_numpy()
    return [
        ledger.deal_ids.gather(deal).alias("deal_id"),
        *instant("changed_at", changes["seconds"].to_numpy()),
        _stage_names(ledger.pipelines.gather(deal), changes["stage"].to_numpy()).alias("stage"),
        *amount("amount", changes["amount_minor"]),
        day("expected_close_at", ledger.window.epoch_days(changes["close_on"].to_numpy())),
    ]


def _touchpoints(ledger: Ledger) -> list[pl.Series]:
    story, touches, chance = ledger.story, ledger.story.touches, ledger.chance
    everyone, of = story.everyone, story.touches.opportunity
    keys = (everyone.key[of], touches.channel, touches.number)
    campaign = ledger.campaigns.of_touches(chance, touches.channel, touches.at, *keys)
    deal = np.where(_names_deal(ledger), of, -1)
    return [
        ids("T", len(touches)).alias("touch_id"),
        *instant("occurred_at", ledger.window.working_seconds(touches.at)),
        chosen(NAMES, touches.channel).alias("channel"),
        chosen(ledger.campaigns.frame["name"], campaign).alias("campaign"),
        chosen(ledger.campaign_ids, campaign).alias("campaign_id"),
        _touch_kinds(chance, touches.channel, keys).alias("kind"),
        chosen(
            ledger.contact_ids, np.where(_names_contact(ledger), ledger.touch_contact, -1)
        ).alias("contact_id"),
        ledger.account_ids.gather(ledger.account_row[everyone.account[of]]).alias("account_id"),
        chosen(ledger.deal_ids, deal).alias("deal_id"),
    ]


def _campaigns(ledger: Ledger) -> list[pl.Series]:
    frame, window = ledger.campaigns.frame, ledger.window
    cost = ledger.spend.group_by("campaign").agg(pl.col("amount_minor").sum())
    costs = frame.with_row_index("campaign").select(pl.col("campaign").cast(pl.Int64))
    ended = frame["last"].fill_null(0).to_numpy()
    return [
        ledger.campaign_ids.alias("campaign_id"),
        frame["name"],
        frame["channel"],
        day("started_on", window.epoch_days(frame["first"].to_numpy())),
        day("ended_on", window.epoch_days(ended), frame["last"].is_not_null().to_numpy()),
        *amount(
            "cost", costs.join(cost, "campaign", "left", maintain_order="left")["amount_minor"]
        ),
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
    """First and last day of every quarter from the window's first to the one after its last."""
    ends, at = [], 0.0
    while at < window.days + 92:
        end = int(window.quarter_end(np.asarray([at]))[0])
        ends.append(end)
        at = end + 1.0
    starts = [int(window.quarter_end(np.asarray([-1.0 * 92]))[0]) + 1]
    before = [int(window.quarter_end(np.asarray([float(start)]))[0]) for start in starts]
    first = starts[0] if before[0] == ends[0] else before[0] + 1
    return list(zip([first, *(end + 1 for end in ends[:-1])], ends, strict=True))


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


def _stage_names(pipelines: pl.Series, stage: Ints) -> pl.Series:
    names = [name for pipeline in (SALES, RENEWALS) for name in STAGE_NAMES[pipeline]]
    shift = (pipelines == RENEWALS).to_numpy() * len(STAGE_NAMES[SALES])
    return chosen(names, stage + shift)


def _names_contact(ledger: Ledger) -> Flags:
    touches, key = ledger.story.touches, ledger.story.everyone.key[ledger.story.touches.opportunity]
    share = np.asarray([channel.known_contact for channel in CHANNELS])[touches.channel]
    drawn = ledger.chance.uniform("touch/known", key, touches.channel, touches.number)
    known: Flags = drawn < share
    return known


def _names_deal(ledger: Ledger) -> Flags:
    touches, deals = ledger.story.touches, ledger.story.deals
    everyone, of = ledger.story.everyone, ledger.story.touches.opportunity
    share = np.asarray([channel.names_deal for channel in CHANNELS])[touches.channel]
    drawn = ledger.chance.uniform("touch/deal", everyone.key[of], touches.channel, touches.number)
    exists = (of < len(deals)) & (touches.at >= everyone.created[of])
    named: Flags = exists & (drawn < share)
    return named


def _touch_kinds(chance: Chance, channel: Ints, keys: tuple[Ints, Ints, Ints]) -> pl.Series:
    kinds = [kind for one in CHANNELS for kind in one.kinds]
    count = np.asarray([len(one.kinds) for one in CHANNELS])
    first = np.cumsum(count) - count
    return chosen(kinds, first[channel] + chance.below("touch/kind", count[channel], *keys))


def _first_channel(ledger: Ledger) -> Ints:
    """Channel of the first touch up to a deal's creation, -1 where there is none."""
    deals, touches = ledger.story.deals, ledger.story.touches
    early = np.flatnonzero(
        (touches.opportunity < len(deals))
        & (touches.at <= ledger.story.everyone.created[touches.opportunity])
    )
    first = np.full(len(deals), -1, dtype=np.int64)
    first[touches.opportunity[early][::-1]] = touches.channel[early][::-1]
    return first


def _bought_before(ledger: Ledger) -> Flags:
    """Tell which new business is an expansion: the account has bought already."""
    deals, decisions = ledger.story.deals, ledger.story.decisions
    first_win = np.full(ledger.first_seen.size, np.inf)
    np.minimum.at(first_win, deals.account[decisions.won], decisions.decided[decisions.won])
    bought: Flags = (deals.kind == DealKind.NEW) & (deals.created > first_win[deals.account])
    return bought


def _lead_score(ledger: Ledger) -> Ints:
    """Score leads as a marketing team would: a noisy view of intent, 0 to 100."""
    deals = ledger.story.deals
    noisy = 0.75 * deals.intent + 0.66 * ledger.chance.normal("lead score", deals.key)
    score: Ints = np.clip(np.rint(50.0 + 18.0 * noisy), 0, 100).astype(np.int64)
    return score


def _inverse(order: Ints, size: int) -> Ints:
    row = np.full(size, -1, dtype=np.int64)
    row[order] = np.arange(order.size)
    return row


def _of(pool: tuple[str, ...], share: float) -> str:
    return pool[int(share * len(pool))]
