"""A story with everything numbered that several tables refer to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from core.crm.demo.campaigns import Calendar, calendar, spend
from core.crm.demo.chance import Chance, Flags, Floats, Ints
from core.crm.demo.channels import CHANNELS
from core.crm.demo.names import REGIONS, Pools, company_names, pools
from core.crm.demo.opportunities import DealKind
from core.crm.demo.physical import chosen, ids
from core.crm.demo.pipeline import RENEWALS, SALES, stage_changes
from core.crm.demo.season import Window
from core.crm.demo.story import Story

_CURRENCIES = [region.currency for region in REGIONS]
_PER_EURO = np.asarray([region.per_euro for region in REGIONS])


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
        return calendar(self.window, self.chance)

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
    def names_contact(self) -> Flags:
        """Whether each touch names its person."""
        touches = self.story.touches
        key = self.story.everyone.key[touches.opportunity]
        share = np.asarray([channel.known_contact for channel in CHANNELS])[touches.channel]
        drawn = self.chance.uniform("touch/known", key, touches.channel, touches.number)
        known: Flags = drawn < share
        return known

    @cached_property
    def touch_campaign(self) -> Ints:
        """Campaign row of each touch, -1 for none."""
        touches = self.story.touches
        key = self.story.everyone.key[touches.opportunity]
        return self.campaigns.of_touches(
            self.chance, touches.channel, touches.at, key, touches.channel, touches.number
        )

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


def _inverse(order: Ints, size: int) -> Ints:
    row = np.full(size, -1, dtype=np.int64)
    row[order] = np.arange(order.size)
    return row
