"""Deals, who takes part in them, how they moved, and the touches around them."""

import numpy as np
import polars as pl

from core.crm.demo import wording
from core.crm.demo.accounts import ROLES
from core.crm.demo.chance import Chance, Flags, Ints
from core.crm.demo.channels import CHANNELS, NAMES
from core.crm.demo.ledger import Ledger
from core.crm.demo.opportunities import DealKind
from core.crm.demo.physical import amount, chosen, day, ids, instant
from core.crm.demo.pipeline import OPEN_STAGES, RENEWALS, SALES, STAGE_NAMES


def deals(ledger: Ledger) -> list[pl.Series]:
    """Return the columns of the deals."""
    deals, decisions, closed = ledger.story.deals, ledger.story.decisions, ledger.story.closed
    last = ledger.changes.unique("deal", keep="last", maintain_order=True)
    stage = last["stage"].to_numpy()
    account = ledger.account_row[deals.account]
    is_won = pl.Series("is_won", decisions.won).set(~pl.Series(closed), None)
    key, chance, window = deals.key, ledger.chance, ledger.window
    kind = np.where(_bought_before(ledger), int(DealKind.EXPANSION), deals.kind)
    year = 1970 + window.month_number(window.real_days(deals.created)) // 12
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
        chosen(NAMES, _source(ledger)).alias("source"),
        wording.next_steps(chance, key, _last_open(ledger)),
        *amount("amount", last["amount_minor"]),
        ledger.currencies.alias("currency"),
        *instant("created_at", window.working_seconds(deals.created)),
        day("expected_close_at", window.epoch_days(last["close_on"].to_numpy())),
        *instant("closed_at", window.working_seconds(decisions.decided), closed),
        is_won,
        wording.attributes(chance, key, _lead_score(ledger), lost),
    ]


def deal_contacts(ledger: Ledger) -> list[pl.Series]:
    """Return the columns of the people of each deal."""
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


def stage_changes(ledger: Ledger) -> list[pl.Series]:
    """Return the columns of every change of every deal."""
    changes = ledger.changes
    deal = changes["deal"].to_numpy()
    return [
        ledger.deal_ids.gather(deal).alias("deal_id"),
        *instant("changed_at", changes["seconds"].to_numpy()),
        _stage_names(ledger.pipelines.gather(deal), changes["stage"].to_numpy()).alias("stage"),
        *amount("amount", changes["amount_minor"]),
        day("expected_close_at", ledger.window.epoch_days(changes["close_on"].to_numpy())),
    ]


def touchpoints(ledger: Ledger) -> list[pl.Series]:
    """Return the columns of the touches."""
    story, touches, chance = ledger.story, ledger.story.touches, ledger.chance
    everyone, of = story.everyone, story.touches.opportunity
    keys = (everyone.key[of], touches.channel, touches.number)
    campaign = ledger.touch_campaign
    deal = np.where(_names_deal(ledger), of, -1)
    return [
        ids("T", len(touches)).alias("touch_id"),
        *instant("occurred_at", ledger.window.working_seconds(touches.at)),
        chosen(NAMES, touches.channel).alias("channel"),
        chosen(ledger.campaigns.frame["name"], campaign).alias("campaign"),
        chosen(ledger.campaign_ids, campaign).alias("campaign_id"),
        _touch_kinds(chance, touches.channel, keys).alias("kind"),
        chosen(ledger.contact_ids, np.where(ledger.names_contact, ledger.touch_contact, -1)).alias(
            "contact_id"
        ),
        ledger.account_ids.gather(ledger.account_row[everyone.account[of]]).alias("account_id"),
        chosen(ledger.deal_ids, deal).alias("deal_id"),
    ]


def _stage_names(pipelines: pl.Series, stage: Ints) -> pl.Series:
    names = [name for pipeline in (SALES, RENEWALS) for name in STAGE_NAMES[pipeline]]
    shift = (pipelines == RENEWALS).to_numpy() * len(STAGE_NAMES[SALES])
    return chosen(names, stage + shift)


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


def _last_open(ledger: Ledger) -> wording.Moment:
    """Return where each deal stands, or stood just before it was decided."""
    deals, window = ledger.story.deals, ledger.window
    stage = ledger.changes.filter(pl.col("stage") < OPEN_STAGES).unique("deal", keep="last")
    until = np.minimum(ledger.story.decisions.decided, window.horizon)
    return wording.Moment(
        stage.sort("deal")["stage"].to_numpy(),
        deals.kind == DealKind.RENEWAL,
        window.epoch_days(window.real_days(until)),
    )


def _source(ledger: Ledger) -> Ints:
    """Channel of the first touch up to a deal's creation; -1 for none, and for renewals."""
    deals, touches = ledger.story.deals, ledger.story.touches
    early = np.flatnonzero(
        (touches.opportunity < len(deals))
        & (touches.at <= ledger.story.everyone.created[touches.opportunity])
    )
    first = np.full(len(deals), -1, dtype=np.int64)
    first[touches.opportunity[early][::-1]] = touches.channel[early][::-1]
    return np.where(deals.kind == DealKind.RENEWAL, -1, first)


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
