"""All that happened at one company, before it is written down as tables."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.crm.demo.accounts import make_accounts, make_owners
from core.crm.demo.chance import Chance, Flags, Floats, Ints
from core.crm.demo.channels import NAMES
from core.crm.demo.decisions import Decisions, decide
from core.crm.demo.opportunities import Market, Opportunities
from core.crm.demo.options import DemoOptions
from core.crm.demo.season import Window
from core.crm.demo.touches import Touches, harvest_touches, possible_touches

_FOLLOW_UP_SHARE: Final = 0.11
_EARLIER_CUSTOMERS: Final = 0.012  # customers from before the window, for each deal
_CANDIDATES: Final = 1.3  # opportunities drawn for each deal; some are decided before the window
_KEEPS_IN_TOUCH: Final = ("Email", "Events", "Webinar", "Organic social")
_KEEPS_IN_TOUCH_SHARE: Final = 0.2


@dataclass(frozen=True)
class Story:
    """Deals in the order of their creation, then prospects, and the touches of both.

    Parameters
    ----------
    market
        Where everything was drawn from.
    deals
        Opportunities that became deals.
    decisions
        What became of them.
    prospects
        Interest without a deal; in `touches` they follow the deals.
    touches
        Interactions that happened up to the end of the window, in order of time.
    people
        How many of an account's people take part in each opportunity.
    """

    market: Market
    deals: Opportunities
    decisions: Decisions
    prospects: Opportunities
    touches: Touches
    people: Ints

    @property
    def closed(self) -> Flags:
        """Whether each deal is decided by the end of the window."""
        closed: Flags = self.decisions.decided < self.market.window.horizon
        return closed

    @property
    def everyone(self) -> Opportunities:
        """Deals and prospects."""
        return self.deals.joined(self.prospects)


def tell(options: DemoOptions) -> Story:
    """Simulate everything that happens."""
    customers = math.ceil(_EARLIER_CUSTOMERS * options.deals) * options.world.lifelike
    candidates = math.ceil(_CANDIDATES * options.deals) + 12
    while True:
        market = _market(options, customers + candidates)
        fresh = market.new_business(candidates, customers)
        touches = possible_touches(market, fresh)
        decisions = decide(market, fresh, touches)
        alive = np.flatnonzero(decisions.decided >= 0.0)
        if alive.size >= options.deals:
            break
        candidates *= 2
    return _told(market, _Played(fresh, touches, decisions), alive[: options.deals], customers)


@dataclass(frozen=True)
class _Played:
    opportunities: Opportunities
    touches: Touches
    decisions: Decisions

    def chosen(self, order: Ints) -> "_Played":
        rank = np.full(len(self.opportunities), -1, dtype=np.int64)
        rank[order] = np.arange(order.size)
        moved = replace(self.touches, opportunity=rank[self.touches.opportunity])
        return _Played(
            self.opportunities.chosen(order),
            moved.chosen(moved.opportunity >= 0),
            self.decisions.chosen(order),
        )

    def joined(self, other: "_Played") -> "_Played":
        shifted = other.touches.opportunity + len(self.opportunities)
        return _Played(
            self.opportunities.joined(other.opportunities),
            self.touches.joined(replace(other.touches, opportunity=shifted)),
            self.decisions.joined(other.decisions),
        )


def _market(options: DemoOptions, accounts: int) -> Market:
    chance = Chance(options.seed)
    return Market(
        chance,
        Window(options.ends_on),
        options.world,
        make_accounts(chance, accounts),
        make_owners(chance, options.deals),
    )


def _told(market: Market, fresh: _Played, alive: Ints, customers: int) -> Story:
    wanted = math.floor(_FOLLOW_UP_SHARE * alive.size) * market.world.lifelike
    core = fresh.chosen(alive[: alive.size - wanted])
    follow_ups = _follow_ups(market, core, customers, wanted)
    kept = fresh.chosen(alive[: alive.size - len(follow_ups.opportunities)]).joined(follow_ups)
    played = kept.chosen(np.argsort(kept.opportunities.created, kind="stable"))
    deals, decisions = played.opportunities, played.decisions
    harvest = _harvest(market, played)
    happened = _happened(market, played.touches.joined(harvest), deals, decisions)
    prospects = _prospects(market, deals)
    interest = possible_touches(market, prospects)
    seen = interest.chosen(interest.at < market.window.horizon)
    shifted = replace(seen, opportunity=seen.opportunity + len(deals))
    touches = happened.joined(shifted)
    order = np.lexsort((touches.channel, touches.opportunity, touches.at))
    everyone = deals.joined(prospects)
    return Story(
        market, deals, decisions, prospects, touches.chosen(order), _taking_part(market, everyone)
    )


def _follow_ups(market: Market, core: _Played, customers: int, count: int) -> _Played:
    won = np.flatnonzero(core.decisions.won)
    before = np.arange(customers)
    earlier = -365.0 * market.chance.uniform("customer since", before)
    opportunities = market.follow_ups(
        np.concatenate([before, core.opportunities.account[won]]),
        np.concatenate([earlier, core.decisions.decided[won]]),
        count,
    )
    touches = possible_touches(market, opportunities)
    return _Played(opportunities, touches, decide(market, opportunities, touches))


def _harvest(market: Market, played: _Played) -> Touches:
    if not market.world.harvest:
        return played.touches.chosen(np.zeros(0, dtype=np.int64))
    harvest = harvest_touches(
        market, played.opportunities, played.decisions.decided, played.decisions.won
    )
    first = 1_000_000  # numbered apart from touches that come by themselves
    return replace(harvest, number=harvest.number + first)


def _happened(
    market: Market, touches: Touches, deals: Opportunities, decisions: Decisions
) -> Touches:
    """Drop what lies after the window and, with few exceptions, what lies after the decision."""
    of, names = touches.opportunity, np.asarray(NAMES)
    before = touches.at <= decisions.decided[of]
    stays = np.isin(names, _KEEPS_IN_TOUCH)[touches.channel] & decisions.won[of]
    drawn = market.chance.uniform("in touch", deals.key[of], touches.channel, touches.number)
    kept = before | (stays & (drawn < _KEEPS_IN_TOUCH_SHARE))
    return touches.chosen(kept & (touches.at < market.window.horizon))


def _prospects(market: Market, deals: Opportunities) -> Opportunities:
    taken = np.zeros(market.accounts.region.size, dtype=bool)
    taken[deals.account] = True
    free = np.flatnonzero(~taken) if market.world.lifelike else np.zeros(0, dtype=np.int64)
    return market.prospects(free)


def _taking_part(market: Market, everyone: Opportunities) -> Ints:
    committee = market.accounts.committee[everyone.account]
    share: Floats = 0.6 + 0.4 * market.chance.uniform("people", everyone.key)
    people: Ints = np.maximum(np.rint(committee * share), 1).astype(np.int64)
    return people
