"""Journeys, their flows, accounts and what happened with one, as they travel."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from app.api.amounts import Amount, Answer, Number, amount_or_null
from app.api.parameters import Page
from core.attribution.flows import Flow, Stop
from core.attribution.patterns import JourneyPatterns
from core.attribution.timeline import AccountTimeline


class OutcomeRow(Answer):
    """What won or lost journeys come to: medians, and the sum of the deals' amounts."""

    outcome: str
    deals: int
    touches: Number
    steps: Number
    days: Number
    amount: Amount | None


class MetRow(Answer):
    """How many won and lost deals met a channel or campaign, and which part of them."""

    name: str
    won: int
    lost: int
    won_share: Number
    lost_share: Number


class PathRow(Answer):
    """One path, in order of time: deals that took it, an 80 % interval of its win rate."""

    names: list[str]
    longer: bool
    deals: int
    won: int
    lost: int
    win_rate: Number
    win_low: Number
    win_high: Number
    days: Number
    won_revenue: Amount | None


class _Journeys(Answer):
    fingerprint: str
    currency: str
    starts_on: date | None
    ends_on: date | None
    by: str
    lookback_days: int
    anchor: str
    steps: int
    side: str
    warnings: list[str]


class JourneysAnswer(_Journeys):
    """How the deals closed in the period came about, the most frequent path first."""

    outcomes: list[OutcomeRow]
    met: list[MetRow]
    total: int
    limit: int
    offset: int
    rows: list[PathRow]


class StopAnswer(Answer):
    """A name at a step; null for all names without a place of their own."""

    step: int
    name: str | None


class FlowRow(Answer):
    """Deals between two stops; without an end the journey ends there, won or lost."""

    start: StopAnswer | None
    end: StopAnswer | None
    outcome: str
    deals: int
    won: int


class FlowsAnswer(_Journeys):
    """How many closed deals went from each step to the next, the largest flow first."""

    rows: list[FlowRow]


class AccountRow(Answer):
    """An account with deals."""

    account_id: str
    name: str | None
    deals: int
    won: int
    won_revenue: Amount | None


class AccountsAnswer(Answer):
    """Accounts with deals, those that won most first; at most fifty."""

    fingerprint: str
    currency: str
    rows: list[AccountRow]
    warnings: list[str]


class AccountDealRow(Answer):
    """A deal of the account."""

    deal_id: str
    name: str | None
    owner: str | None
    stage: str | None
    outcome: str
    created_at: datetime | None
    closed_at: datetime | None
    amount: Amount | None


class EventRow(Answer):
    """One thing that happened."""

    happened_at: datetime | None
    what: str
    detail: str | None
    deal: str | None
    channel: str | None


class AccountAnswer(Answer):
    """What happened with one account, the oldest first."""

    fingerprint: str
    currency: str
    account_id: str
    name: str
    deals: list[AccountDealRow]
    total: int
    limit: int
    offset: int
    rows: list[EventRow]
    warnings: list[str]


def journeys_answer(found: JourneyPatterns, page: Page) -> JourneysAnswer:
    """Return a page of the paths, with what won and lost journeys come to."""
    currency = found.question.scope.currency
    paths = found.paths.slice(page.offset, page.limit).iter_rows(named=True)
    return JourneysAnswer(
        **_asked(found),
        outcomes=[_outcome(row, currency) for row in found.outcomes.iter_rows(named=True)],
        met=[MetRow(**row) for row in found.met.iter_rows(named=True)],
        total=found.paths.height,
        limit=page.limit,
        offset=page.offset,
        rows=[_path(row, currency) for row in paths],
    )


def flows_answer(found: JourneyPatterns, flows: tuple[Flow, ...]) -> FlowsAnswer:
    """Return the flows of closed deals."""
    rows = [
        FlowRow(
            start=_stop(flow.start),
            end=_stop(flow.end),
            outcome=flow.outcome,
            deals=flow.deals,
            won=flow.won,
        )
        for flow in flows
    ]
    return FlowsAnswer(**_asked(found), rows=rows)


def accounts_answer(found: pl.DataFrame, currency: str, fingerprint: str) -> AccountsAnswer:
    """Return the accounts found."""
    rows = [
        AccountRow(
            account_id=row["account_id"],
            name=row["account"],
            deals=row["deals"],
            won=row["won"],
            won_revenue=amount_or_null(row["won_minor"], currency),
        )
        for row in found.iter_rows(named=True)
    ]
    return AccountsAnswer(fingerprint=fingerprint, currency=currency, rows=rows, warnings=[])


def account_answer(
    found: AccountTimeline, currency: str, fingerprint: str, page: Page
) -> AccountAnswer:
    """Return the deals of an account, and a page of what happened with it."""
    events = found.events
    shown = events.slice(page.offset, page.limit).iter_rows(named=True)
    return AccountAnswer(
        fingerprint=fingerprint,
        currency=currency,
        account_id=found.account_id,
        name=found.name,
        deals=[_deal(row, currency) for row in found.deals.iter_rows(named=True)],
        total=events.height,
        limit=page.limit,
        offset=page.offset,
        rows=[EventRow(**{**row, "happened_at": _utc(row["happened_at"])}) for row in shown],
        warnings=[],
    )


def _asked(found: JourneyPatterns) -> dict[str, Any]:
    question = found.question
    return {
        "fingerprint": found.fingerprint,
        "currency": question.scope.currency,
        "starts_on": question.scope.starts_on,
        "ends_on": question.scope.ends_on,
        "by": question.level.value,
        "lookback_days": question.journeys.lookback_days,
        "anchor": question.journeys.anchor.value,
        "steps": question.steps,
        "side": question.side.value,
        "warnings": [],
    }


def _outcome(row: Mapping[str, Any], currency: str) -> OutcomeRow:
    plain = {name: row[name] for name in ("outcome", "deals", "touches", "steps", "days")}
    return OutcomeRow(**plain, amount=amount_or_null(row["amount_minor"], currency))


def _path(row: Mapping[str, Any], currency: str) -> PathRow:
    plain = {name: row[name] for name in PathRow.model_fields if name != "won_revenue"}
    return PathRow(**plain, won_revenue=amount_or_null(row["won_minor"], currency))


def _stop(stop: Stop | None) -> StopAnswer | None:
    return StopAnswer(step=stop.column, name=stop.name) if stop else None


def _deal(row: Mapping[str, Any], currency: str) -> AccountDealRow:
    plain = {name: row[name] for name in ("deal_id", "name", "owner", "stage", "outcome")}
    return AccountDealRow(
        **plain,
        created_at=_utc(row["created_at"]),
        closed_at=_utc(row["closed_at"]),
        amount=amount_or_null(row["amount_minor"], currency),
    )


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
