"""Facts of channel performance: what channels cost and earned, and what the rule says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from core import formats
from core.analyst.facts import Claim, Fact, FactSheet, Link, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.making import Place, Said, topics
from core.analyst.sheets.overview import model_fact, period_fact
from core.attribution.performance import ChannelPerformance
from core.attribution.recommendation import Verdict
from core.periods import Period

MOST_CHANNELS: Final = 5
"""Channels a text speaks of, those with the largest spend first."""

CLAIMS_OF: Final = {
    Verdict.PAYS: frozenset({Claim.PAYS}),
    Verdict.LOSES: frozenset({Claim.LOSES}),
    Verdict.DEPENDS: frozenset({Claim.DEPENDS}),
    Verdict.TOO_FEW: frozenset({Claim.UNCLEAR}),
    Verdict.ONE_MODEL: frozenset({Claim.UNCLEAR}),
    Verdict.NO_SPEND: frozenset({Claim.UNCLEAR}),
}
"""What may be said of a channel, by the verdict of the rule."""

OF_RETURN: Final = topics(Topic.RETURN, Topic.SPEND, Topic.CHANNEL, Topic.MODEL)


@dataclass(frozen=True)
class Kind:
    """How one channel is told apart without its name."""

    subject: str
    about: str
    topics: frozenset[Topic] = OF_RETURN


def performance_facts(
    found: ChannelPerformance, title: str, period: Period, place: Place
) -> FactSheet:
    """Return what may be said of channels' cost and return.

    Parameters
    ----------
    found
        The figures and verdicts.
    title
        What a reader calls the model.
    period
        The period, for its words.
    place
        Currency and filters of the links.
    """
    link = place.link("attribution", ("model", title))
    facts = [
        period_fact("period", period, "the period", link),
        model_fact(title, link),
        *channel_rows(found, title, place),
    ]
    return FactSheet(
        topic="performance",
        title=f"Channel performance of {period.in_words}",
        facts=numbered(facts),
        fingerprint=found.fingerprint,
        names=making.known_names(found.frame["channel"]),
        doubts=found.warnings,
    )


def channel_rows(found: ChannelPerformance, title: str, place: Place) -> list[Fact | None]:
    """State the channels with the largest spend: name, verdict, spend, return, cost of a deal."""
    link = place.link("attribution", ("model", title))
    spent = found.frame.filter(pl.col("spend_minor") > 0)
    rows = spent.sort("spend_minor", "channel", descending=[True, False]).head(MOST_CHANNELS)
    facts: list[Fact | None] = []
    for number, row in enumerate(rows.iter_rows(named=True), start=1):
        facts += channel_figures(
            row,
            f"spender_{number}",
            Kind(f"spender {number}", f"channel number {number} by spend"),
            place,
            link,
        )
    return facts


def channel_figures(
    row: Mapping[str, object], prefix: str, kind: Kind, place: Place, link: Link
) -> list[Fact | None]:
    """State the figures of one channel, and the verdict in the rule's own words."""
    name, verdict = str(row["channel"]), Verdict(str(row["verdict"]))
    claims = CLAIMS_OF[verdict]
    said = Said("channel", f"name of the {kind.about}", "", kind.topics, claims, kind.subject)
    of = replace(said, topics=OF_RETURN, whose=f"for {name}", claims=frozenset())
    spend = replace(
        of, noun="spend", about=f"spend of the {kind.about}", definition="spend",
        topics=topics(Topic.SPEND, Topic.CHANNEL),
    )  # fmt: skip
    returned = replace(
        of, noun="return", about=f"return of the {kind.about}", definition="roi", claims=claims
    )
    cost = replace(
        of, noun="spend a won deal", about=f"spend for each deal won of the {kind.about}",
        definition="cac", topics=topics(Topic.COST_OF_A_DEAL, Topic.SPEND, Topic.CHANNEL),
    )  # fmt: skip
    reason = replace(
        said, noun="verdict", about=f"verdict of the rule on the {kind.about}", definition="roi"
    )
    return [
        making.name_of(prefix, name, said, link),
        making.words(f"{prefix}_verdict", str(row["reason"]), reason, link),
        making.money(f"{prefix}_spend", _number(row["spend_minor"]), spend, place, link),
        making.share(
            f"{prefix}_roi", _number(row["roi"]), returned, link, "a return on spend of {}"
        ),
        making.worth(
            f"{prefix}_cac", _number(row["cac_minor"]), cost, place, link, "{} of spend a won deal"
        ),
    ]


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def win_rate_with_band(row: Mapping[str, object], said: Said, link: Link) -> Fact | None:
    """State a channel's win rate with its interval: "a win rate of 24.0% (20.1% to 28.4%)"."""
    rate, low, high = (_number(row[name]) for name in ("win_rate", "win_low", "win_high"))
    if rate is None:
        return None
    band = f"({formats.percent(low)} to {formats.percent(high)})"
    return making.share("win_rate", rate, said, link, f"a win rate of {{}} {band}")
