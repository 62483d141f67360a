"""Facts of the attribution comparison: who earned most, how far the models agree."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from core import formats
from core.analyst.facts import Claim, Fact, FactSheet, Link, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.making import Place, Said, topics
from core.analyst.sheets.overview import model_fact, period_fact, unattributed_fact
from core.analyst.sheets.performance import channel_rows
from core.attribution.comparison import Comparison, compare, credit_of
from core.attribution.performance import ChannelPerformance
from core.attribution.results import AttributionResult
from core.periods import Period
from core.schema import NO_CAMPAIGN, UNATTRIBUTED, UNKNOWN_CHANNEL

NAMELESS = (UNATTRIBUTED, NO_CAMPAIGN, UNKNOWN_CHANNEL)
OF_CREDIT = topics(Topic.CREDIT, Topic.REVENUE, Topic.CHANNEL)


@dataclass(frozen=True)
class CreditAnswers:
    """What is known of who earned the revenue of a period.

    Parameters
    ----------
    credit
        The answer of every model compared.
    model
        The model that is lit.
    titles
        What a reader calls each model, by name.
    period
        The period, for its words.
    performance
        Cost and return by channel; None where it was not asked for.
    """

    credit: AttributionResult
    model: str
    titles: Mapping[str, str]
    period: Period
    performance: ChannelPerformance | None = None


def attribution_facts(answers: CreditAnswers, place: Place) -> FactSheet:
    """Return what may be said of the models' answers."""
    credit, comparison = answers.credit, compare(answers.credit)
    link = place.link("attribution", ("model", answers.titles[answers.model]))
    line = credit.reconciliation[answers.model]
    part = line.unattributed_minor / line.closed_won_minor if line.closed_won_minor else None
    facts = [
        period_fact("period", answers.period, "the period", link),
        model_fact(answers.titles[answers.model], link),
        *_basis(answers, place, link),
        _compared(answers, comparison, link),
        *_ranked(answers, comparison, place, link),
        *_disputed(comparison, answers, place, link),
        unattributed_fact(part, link),
    ]
    if answers.performance is not None:
        facts += channel_rows(answers.performance, answers.titles[answers.model], place)
    return FactSheet(
        topic="attribution",
        title=f"Attribution of {answers.period.in_words}",
        facts=numbered(facts),
        fingerprint=credit.fingerprint,
        names=making.known_names(comparison.frame["name"]),
        doubts=credit.warnings,
    )


def _basis(answers: CreditAnswers, place: Place, link: Link) -> list[Fact | None]:
    credit = answers.credit
    won = Said("won deal", "number of deals won", "won_deals", topics(Topic.WON))
    revenue = Said(
        "closed-won revenue",
        "closed-won revenue that the models share out",
        "closed_won",
        topics(Topic.REVENUE, Topic.WON, Topic.TOTAL),
    )
    return [
        making.count("won_deals", credit.won_deals, won, link),
        making.money(
            "closed_won",
            credit.reconciliation[answers.model].closed_won_minor,
            revenue,
            place,
            link,
        ),
    ]


def _compared(answers: CreditAnswers, comparison: Comparison, link: Link) -> Fact | None:
    """Count the models; that all of them leave everything unexplained is no agreement."""
    if not comparison.led:
        return None
    said = Said("model", "number of models compared", "", topics(Topic.MODEL))
    return making.count("models", len(set(answers.credit.question.models)), said, link)


def _ranked(
    answers: CreditAnswers, comparison: Comparison, place: Place, link: Link
) -> list[Fact | None]:
    """State the first three by the lit model; of the first also whether the models agree."""
    rows = credit_of(answers.credit, answers.model).filter(~pl.col("name").is_in(NAMELESS))
    facts: list[Fact | None] = []
    for number, row in enumerate(rows.head(3).iter_rows(named=True), start=1):
        facts += _one(answers, row, number, place, link)
    leader = comparison.leaders.get(answers.model)
    if leader is None:
        return facts
    votes = len(comparison.led[leader])
    compared = len(set(answers.credit.question.models))
    agreed = votes == compared
    said = Said(
        "models",
        "how many of the models put the same name first",
        "",
        topics(Topic.MODEL, Topic.CREDIT),
        frozenset({Claim.AGREED if agreed else Claim.DEPENDS, Claim.FIRST}),
    )
    text = f"all {compared} models compared" if agreed else f"{votes} of {compared} models compared"
    return [*facts, making.words("votes", text, said, link)]


def _one(
    answers: CreditAnswers, row: Mapping[str, object], number: int, place: Place, link: Link
) -> list[Fact | None]:
    level, name = answers.credit.question.level.value, str(row["name"])
    about = f"{level} number {number} by revenue, by the chosen model"
    claims = frozenset({Claim.FIRST}) if number == 1 else frozenset()
    said = Said(level, f"name of the {about}", "", OF_CREDIT, claims, f"{level} {number}")
    revenue = replace(
        said,
        noun="attributed revenue",
        about=f"revenue of the {about}",
        definition="attributed_revenue",
        whose=f"for {name}",
    )
    share = replace(
        revenue,
        noun="of the revenue",
        about=f"share of the {about}",
        definition="credit_share",
    )
    prefix = "leader" if number == 1 else f"channel_{number}"
    minor, part = int(str(row["revenue_minor"])), float(str(row["share"]))
    return [
        making.name_of(prefix, name, said, link),
        making.money(f"{prefix}_revenue", minor, revenue, place, link),
        making.share(f"{prefix}_share", part, share, link),
    ]


def _disputed(
    comparison: Comparison, answers: CreditAnswers, place: Place, link: Link
) -> list[Fact | None]:
    """State whose credit depends most on the model, with its lowest and highest."""
    named = comparison.frame.filter(~pl.col("name").is_in(NAMELESS)).with_columns(
        width=pl.col("high_minor") - pl.col("low_minor")
    )
    if named.is_empty() or len(set(answers.credit.question.models)) == 1:
        return []
    order = named.sort("width", "high_minor", "name", descending=[True, True, False])
    row = order.row(0, named=True)
    level, name = answers.credit.question.level.value, row["name"]
    claims = frozenset({Claim.DEPENDS}) if row["width"] else frozenset({Claim.AGREED})
    about = f"{level} whose revenue differs most between the models"
    said = Said(level, f"name of the {about}", "", OF_CREDIT, claims, f"{level} disputed")
    low, high = (
        formats.money_compact(row[f"{end}_minor"], place.currency) for end in ("low", "high")
    )
    of_range = replace(
        said,
        noun="attributed revenue",
        about=f"lowest and highest revenue of the {about}",
        definition="attributed_revenue",
        topics=said.topics | {Topic.MODEL, Topic.RANGE},
        whose=f"for {name}",
    )
    text = f"{low} to {high} of attributed revenue by model"
    return [
        making.name_of("disputed", name, said, link),
        making.words("disputed_range", text, of_range, link),
    ]
