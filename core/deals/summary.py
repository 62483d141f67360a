"""The open deals in a few figures, and one deal in a few lines to forward."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from core import formats
from core.deals.explanation import DealExplanation
from core.deals.movement import Mover, NotCompared
from core.deals.next_action import NextAction
from core.deals.scoring import BANDS, Band, DealScores
from core.deals.views import LIKELY

_TOLD_FACTORS = 3


@dataclass(frozen=True)
class DealTotals:
    """Figures of some open deals.

    Parameters
    ----------
    deals
        How many.
    amount_minor
        Their amounts; those without one are left out.
    expected_minor
        Amount at the win x chance to be won in the period, summed.
    slipping, slipping_minor
        Deals due in the period that are more likely than not open after it, and their amounts.
    high_risk
        Deals at high risk; None where no deal could be told apart, which is not the same as none.
    unpriced
        Deals without an amount.
    """

    deals: int
    amount_minor: int
    expected_minor: float
    slipping: int
    slipping_minor: int
    high_risk: int | None
    unpriced: int


def totals(frame: pl.DataFrame, ends_on: date) -> DealTotals:
    """Add up the rows of the scores' frame.

    Parameters
    ----------
    frame
        Scored deals.
    ends_on
        Last day of the period.
    """
    due = frame.filter(pl.col("due_on") <= ends_on, pl.col("p_slip") >= LIKELY)
    return DealTotals(
        deals=frame.height,
        amount_minor=int(frame["amount_minor"].sum()),
        expected_minor=float(frame["expected_minor"].sum()),
        slipping=due.height,
        slipping_minor=int(due["amount_minor"].sum()),
        high_risk=int((frame["band"] == str(Band.HIGH)).sum()) if are_told_apart(frame) else None,
        unpriced=frame["amount_minor"].null_count(),
    )


def are_told_apart(frame: pl.DataFrame) -> bool:
    """Tell whether the deals have risk bands, or all just the base rate."""
    return frame.is_empty() or bool((frame["band"] != str(Band.NONE)).any())


def in_a_few_lines(scores: DealScores, explained: DealExplanation) -> str:
    """Write one deal for a message: chance and risk, path and intent, record, what to do."""
    row = scores.frame.row(by_predicate=pl.col("deal_id") == explained.deal_id, named=True)
    amount = formats.money_compact(row["amount_minor"], scores.currency)
    title = " / ".join(filter(None, (row["name"], row["account"], amount))) or explained.deal_id
    lines = [
        title,
        _chances(row, scores),
        *([moved] if (moved := moved_in_words(scores, explained)) else []),
        *_reasons(explained),
        *_path(explained),
        *([f"Owner: {owner}"] if (owner := owner_record(row)) else []),
        *(f"{one.signal.title}: {one.words}." for one in explained.readings),
        f"Next: {recommended(explained.action)}",
    ]
    return "\n".join(lines)


def moved_in_words(scores: DealScores, explained: DealExplanation) -> str:
    """Write how the chance moved since the import before and by what; blank with none to tell."""
    since = scores.since
    row = scores.frame.row(by_predicate=pl.col("deal_id") == explained.deal_id, named=True)
    if isinstance(since, NotCompared) or row["then"] is None:
        return ""
    then, now = (formats.percent(row[name], 0) for name in ("then", "chance"))
    told = f"Since {formats.day(since.reaches)}: {then} then, {now} now"
    if row["mover"] is None:
        return f"{told}; nothing moved it much."
    most = next(one for one in explained.movers if one.name == row["mover"])
    facts = mover_facts(most)
    return f"{told}, mostly by {most.name.lower()}{f' ({facts})' if facts else ''}."


def mover_facts(mover: Mover) -> str:
    """Write what was known then and what is known now, where the two differ.

    >>> mover_facts(Mover("Activity", -0.4, ("3 touches in 30 days",), ("0 touches in 30 days",)))
    '3 touches in 30 days, now 0 touches in 30 days'
    >>> mover_facts(Mover("Stage", 0.9, ("stage: Demo",), ("stage: Offer",)))
    'stage: Demo, now Offer'
    """
    before, now = ", ".join(mover.before), ", ".join(mover.now)
    name, colon, value = now.partition(": ")
    if len(mover.before) == len(mover.now) == 1 and colon and before.startswith(f"{name}: "):
        return f"{before}, now {value}"
    return f"{before}, now {now}" if before and now else now or (before and f"no longer {before}")


def recommended(action: NextAction | None) -> str:
    """Write an action with what it rests on."""
    if action is None:
        return "nothing stands out; keep to the plan."
    if action.remedy:
        return action.remedy
    return (
        f"{action.in_words} Within {formats.days(action.within_days)}, {action.won} of "
        f"{action.of_won} similar won deals did so, {action.lost} of {action.of_lost} lost ones."
    )


def _chances(row: Mapping[str, Any], scores: DealScores) -> str:
    chance, won, lost, still = (
        formats.percent(float(row[name]), 0) for name in ("chance", "p_win", "p_lose", "p_slip")
    )
    band = BANDS[Band(row["band"])].lower()
    ends = formats.day(scores.model.ends_on)
    return f"Win chance {chance} ({band}). By {ends}: won {won}, lost {lost}, still open {still}."


def _reasons(explained: DealExplanation) -> Iterator[str]:
    for word, sign in (("For", 1), ("Against", -1)):
        told = [
            f"{factor.name.lower()} ({factor.facts[0]})" if factor.facts else factor.name.lower()
            for factor in explained.factors
            if factor.contribution * sign > 0
        ][:_TOLD_FACTORS]
        if told:
            yield f"{word}: {', '.join(told)}."


def _path(explained: DealExplanation) -> Iterator[str]:
    path = explained.path
    if not path.channels:
        return
    names = ", ".join(f"{name} ({count})" for name, count in path.channels)
    intent = ""
    if path.high_intent_share is not None:
        intent = (
            f"; {formats.percent(path.high_intent_share, 0)} of the last 90 days' touches show "
            "high intent"
        )
    yield f"Path: {names}{intent}."


def owner_record(row: Mapping[str, Any]) -> str:
    """Write how often the owner of a deal wins deals of its kind; blank where nothing is known."""
    won, lost = int(row["owner_won"]), int(row["owner_lost"])
    if not row["owner"] or not won + lost:
        return ""
    rate, everybody = (
        formats.percent(float(share), 0) for share in (won / (won + lost), row["everybody"])
    )
    return f"{row['owner']} won {won} of {won + lost} such deals ({rate}; everybody {everybody})."
