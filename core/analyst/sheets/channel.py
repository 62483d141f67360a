"""Facts of one channel: what it earned, cost and touched, and what the rule says of it."""

from dataclasses import replace
from typing import Any

import polars as pl

from core import formats
from core.analyst.facts import Claim, Fact, FactSheet, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.attribution import NAMELESS, OF_CREDIT, CreditAnswers
from core.analyst.sheets.making import Place, Said, topics
from core.analyst.sheets.overview import model_fact, period_fact
from core.analyst.sheets.performance import OF_RETURN, Kind, channel_figures, win_rate_with_band
from core.attribution.comparison import compare, credit_of
from core.errors import InvalidParameterError, UnknownNameError

SUBJECT = "the channel"


def channel_facts(answers: CreditAnswers, name: str, place: Place) -> FactSheet:
    """Return what may be said of one channel.

    Raises
    ------
    UnknownNameError
        If no deal or spend of the period knows the channel.
    InvalidParameterError
        If cost and return were not asked for.
    """
    performance = answers.performance
    if performance is None:
        raise InvalidParameterError("A channel needs its performance.", "Ask for it by channel.")
    found = performance.frame.filter(channel=name)
    if found.is_empty():
        raise UnknownNameError.among("channel", name, list(performance.frame["channel"]))
    row = found.row(0, named=True)
    title = answers.titles[answers.model]
    link = place.link("attribution", ("model", title))
    facts = [
        period_fact("period", answers.period, "the period", link),
        model_fact(title, link),
        *channel_figures(
            row,
            "channel",
            Kind(
                SUBJECT,
                "channel in question",
                OF_RETURN | OF_CREDIT | topics(Topic.TOUCH, Topic.WON),
            ),
            place,
            link,
        ),
        *_earned(answers, name, place),
        *_touched(row, name, place),
    ]
    return FactSheet(
        topic="channel",
        title=f"{name} in {answers.period.in_words}",
        facts=numbered(facts),
        fingerprint=answers.credit.fingerprint,
        names=making.known_names(performance.frame["channel"]),
        doubts=performance.warnings,
        subject=SUBJECT,
    )


def _earned(answers: CreditAnswers, name: str, place: Place) -> list[Fact | None]:
    rows = credit_of(answers.credit, answers.model).filter(~pl.col("name").is_in(NAMELESS))
    if name not in rows["name"]:
        return []
    rank = rows["name"].to_list().index(name) + 1
    row = rows.row(rank - 1, named=True)
    claims = {1: frozenset({Claim.FIRST}), rows.height: frozenset({Claim.LAST})}.get(
        rank, frozenset()
    )
    said = Said(
        "attributed revenue", "revenue of the channel, by the chosen model", "attributed_revenue",
        OF_CREDIT, claims, SUBJECT, f"for {name}",
    )  # fmt: skip
    share = replace(
        said, noun="of the revenue", about="share of the channel", definition="credit_share"
    )
    ranked = replace(said, noun="rank", about="rank of the channel by revenue", whose="")
    band = compare(answers.credit).frame.filter(name=name).row(0, named=True)
    low, high = (
        formats.money_compact(band[f"{end}_minor"], place.currency) for end in ("low", "high")
    )
    of_range = replace(
        said,
        about="lowest and highest revenue of the channel over the models",
        topics=OF_CREDIT | {Topic.MODEL, Topic.RANGE},
        claims=frozenset({Claim.DEPENDS if low != high else Claim.AGREED}),
    )
    link = place.link("attribution", ("model", answers.titles[answers.model]))
    return [
        making.money("revenue", row["revenue_minor"], said, place, link),
        making.share("revenue_share", row["share"], share, link),
        making.words("rank", f"rank {rank} of {rows.height}", ranked, link),
        making.words("range", f"{low} to {high} of attributed revenue by model", of_range, link),
    ]


def _touched(row: dict[str, Any], name: str, place: Place) -> list[Fact | None]:
    link = place.link("attribution")
    won = Said(
        "won deal", "number of won deals the channel touched", "",
        topics(Topic.WON, Topic.TOUCH, Topic.CHANNEL), frozenset(), SUBJECT,
        f"touched by {name}",
    )  # fmt: skip
    rate = replace(
        won,
        noun="win rate",
        about="win rate of the closed deals the channel touched, with its interval",
        definition="channel_win_rate",
        topics=topics(Topic.WIN_RATE, Topic.CLOSED, Topic.TOUCH, Topic.RANGE),
    )
    return [
        making.count("touched_won", row["influenced_deals"], won, link),
        win_rate_with_band(row, rate, link),
    ]
