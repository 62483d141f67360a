"""Chances to buy: when they open, for how much, who sells, when patience ends."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np

from core.crm.demo.accounts import Accounts, Owners, owner_of
from core.crm.demo.chance import Chance, Floats, Ints
from core.crm.demo.names import REGIONS
from core.crm.demo.positions import Positions
from core.crm.demo.scenarios import Scenario
from core.crm.demo.season import LEAD_IN_DAYS, Window

OPEN_BEFORE_DAYS: Final = 200
"""Opportunities may open this long before the window; those decided before it are left out."""

LONGEST_LIFE_DAYS: Final = 395.0
FORGOTTEN_DAYS: Final = 900.0  # an owner who never closes a dead deal
_FORGOTTEN_SHARE: Final = 0.012
_SECOND_CHANCE_SHARE: Final = 0.13
_EXPANSION_SHARE: Final = 0.3
_RENEWAL_OPENS_BEFORE_DAYS: Final = 80.0
_TYPICAL_AMOUNT, _AMOUNT_BY_SIZE, _AMOUNT_SPREAD = 14_000.0, 0.4, 0.62
_AMOUNT_ROUNDING: Final = 100.0


class DealKind(IntEnum):
    """Why an opportunity exists."""

    NEW = 0
    RENEWAL = 1
    EXPANSION = 2


# Keys apart from those of new business, however many there are.
_FOLLOW_UP_KEYS: Final = 1 << 40
_PROSPECT_KEYS: Final = 1 << 41

# By kind: added to the log hazard, median days until patience ends, days of interest before.
_READINESS: Final = (0.0, 2.0, 0.55)
_PATIENCE_DAYS: Final = (84.0, 125.0, 78.0)
_INTEREST_DAYS: Final = (55.0, 20.0, 30.0)


@dataclass(frozen=True)
class Opportunities(Positions):
    """Chances to buy, one position each; times in days since the window's first midnight.

    Parameters
    ----------
    key
        Number that its draws are keyed by.
    account, owner, kind
        Positions of the account and owner, and why it exists.
    created
        When the deal is created.
    interest_days
        How long before that the first touch may have come.
    patience_days
        Days after which it is lost if it has not been won.
    amount_minor
        Final value in minor units of the region's currency.
    log_readiness
        Log hazard ratio from intent, skill, kind and size: everything but touches.
    intent
        Latent intent of the account.
    """

    key: Ints
    account: Ints
    owner: Ints
    kind: Ints
    created: Floats
    interest_days: Floats
    patience_days: Floats
    amount_minor: Ints
    log_readiness: Floats
    intent: Floats

    def __len__(self) -> int:
        return self.key.size


@dataclass(frozen=True)
class Market:
    """What every opportunity is drawn from."""

    chance: Chance
    window: Window
    world: Scenario
    accounts: Accounts
    owners: Owners

    def opened(self, key: Ints, account: Ints, kind: Ints, created: Floats) -> Opportunities:
        """Draw everything else about opportunities that open at given moments."""
        chance, accounts = self.chance, self.accounts
        team = np.where(kind == DealKind.RENEWAL, len(REGIONS), accounts.region[account])
        owner = owner_of(chance, self.owners, team, key)
        size = np.log(accounts.employees[account] / 100.0)
        spread = _AMOUNT_SPREAD * chance.normal("amount", key)
        euros = _TYPICAL_AMOUNT * np.exp(_AMOUNT_BY_SIZE * size + spread)
        euros = np.where(kind == DealKind.EXPANSION, 0.45 * euros, euros)
        intent = accounts.intent[account]
        return Opportunities(
            key=key,
            account=account,
            owner=owner,
            kind=kind,
            created=created,
            interest_days=self._interest_days(key, kind),
            patience_days=self._patience_days(key, kind, spread),
            amount_minor=self._priced(euros, accounts.region[account]),
            log_readiness=(
                0.75 * intent
                + self.owners.skill[owner]
                + np.asarray(_READINESS)[kind]
                - 0.2 * spread
            ),
            intent=intent,
        )

    def new_business(self, count: int, first_account: int) -> Opportunities:
        """Open opportunities at accounts that are no customers yet, as demand grows.

        Each belongs to an account of its own, counted from the first; in a lifelike world some
        accounts come back for a second try.
        """
        key = np.arange(count)
        demand = self.window.demand()[LEAD_IN_DAYS - OPEN_BEFORE_DAYS :]
        reached = np.concatenate([[0.0], np.cumsum(demand)])
        moment = np.arange(reached.size) - OPEN_BEFORE_DAYS
        total = np.interp(self.window.horizon, moment, reached)
        created = np.interp(self.chance.uniform("created", key) * total, reached, moment)
        again = self.chance.uniform("again", key) < _SECOND_CHANCE_SHARE * self.world.lifelike
        account = first_account + np.where(again, self.chance.below("again/account", key, key), key)
        return self.opened(key, account, np.zeros(count, dtype=np.int64), created)

    def follow_ups(self, account: Ints, won_at: Floats, count: int) -> Opportunities:
        """Open renewals and expansions at customers, in the order customers are given.

        A customer renews yearly; some buy more in between.
        """
        parent = np.arange(account.size)
        moments = [(DealKind.RENEWAL, won_at + 365.0 * year) for year in (1, 2, 3)]
        created = [at - _RENEWAL_OPENS_BEFORE_DAYS for _, at in moments]
        expands = self.chance.uniform("expands", parent) < _EXPANSION_SHARE
        grown = won_at + 80.0 + 200.0 * self.chance.uniform("expands/at", parent)
        created.append(np.where(expands, grown, np.inf))
        kinds = [int(kind) for kind, _ in moments] + [int(DealKind.EXPANSION)]
        at = np.stack(created, axis=1).ravel()
        kind = np.tile(np.asarray(kinds), account.size)
        customer = np.repeat(account, len(kinds))
        fits = np.flatnonzero((at >= 0.0) & (at < self.window.horizon))[:count]
        return self.opened(_FOLLOW_UP_KEYS + fits, customer[fits], kind[fits], at[fits])

    def prospects(self, account: Ints) -> Opportunities:
        """Give accounts some interest that never becomes a deal."""
        when = self.window.horizon * self.chance.uniform("prospect/at", account)
        kind = np.zeros(account.size, dtype=np.int64)
        interested = self.opened(_PROSPECT_KEYS + account, account, kind, when)
        return replace(interested, patience_days=np.zeros(account.size))

    def _interest_days(self, key: Ints, kind: Ints) -> Floats:
        spread = np.exp(0.65 * self.chance.normal("interest", key))
        days: Floats = np.clip(np.asarray(_INTEREST_DAYS)[kind] * spread, 2.0, 280.0)
        return days

    def _patience_days(self, key: Ints, kind: Ints, spread: Floats) -> Floats:
        noise = 0.75 * self.chance.normal("patience", key) + 0.2 * spread
        days = np.clip(np.asarray(_PATIENCE_DAYS)[kind] * np.exp(noise), 4.0, LONGEST_LIFE_DAYS)
        forgotten = self.chance.uniform("forgotten", key) < _FORGOTTEN_SHARE
        patience: Floats = np.where(forgotten, FORGOTTEN_DAYS, days)
        return patience

    def _priced(self, euros: Floats, region: Ints) -> Ints:
        per_euro = np.asarray([place.per_euro for place in REGIONS])[region]
        local = euros * (per_euro if self.world.lifelike else 1.0)
        rounded = np.maximum(np.rint(local / _AMOUNT_ROUNDING), 5.0) * _AMOUNT_ROUNDING
        minor: Ints = np.rint(rounded * 100.0).astype(np.int64)
        return minor
