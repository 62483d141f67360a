"""Facts of what became of the pipeline between two days, such as two imports."""

from collections.abc import Iterable
from dataclasses import replace

from core import formats
from core.analyst.facts import Claim, Fact, FactSheet, FactUnit, Link, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.making import Place, Said, topics
from core.forecasting.flow import Line, PipelineFlow

_WORDS = {
    Line.CREATED: ("of new deals", "value of deals created since", frozenset({Claim.UP})),
    Line.PULLED_IN: ("of deals pulled in", "value of deals that moved into the period",
                     frozenset({Claim.UP})),
    Line.INCREASED: ("of larger amounts", "by how much amounts grew", frozenset({Claim.UP})),
    Line.DECREASED: ("of smaller amounts", "by how much amounts fell", frozenset({Claim.DOWN})),
    Line.PUSHED: ("of deals pushed out", "value of deals that moved out of the period",
                  frozenset({Claim.DOWN, Claim.RISKY})),
    Line.LOST: ("of lost deals", "value of deals lost since",
                frozenset({Claim.DOWN, Claim.WORSE})),
    Line.WON: ("of won deals", "value of deals won since", frozenset({Claim.BETTER})),
}  # fmt: skip
_TOPICS = {
    Line.LOST: topics(Topic.LOST, Topic.CLOSED),
    Line.WON: topics(Topic.WON, Topic.CLOSED, Topic.REVENUE),
}


def change_facts(flow: PipelineFlow, fingerprint: str, place: Place) -> FactSheet:
    """Return what may be said of the pipeline's way from one day to another."""
    link = place.link("import")
    facts = [*_days(flow, link), *_ends(flow, place, link), *_moves(flow, place, link)]
    return FactSheet(
        topic="changes",
        title=f"Changes since {formats.day(flow.since)}",
        facts=numbered(facts),
        fingerprint=fingerprint,
        doubts=flow.warnings,
    )


def _days(flow: PipelineFlow, link: Link) -> Iterable[Fact | None]:
    for name, day, about in (
        ("since", flow.since, "the day it is compared with"),
        ("until", flow.until, "the last day of the data"),
    ):
        said = Said("day", about, subject="before" if name == "since" else "")
        yield replace(
            making.words(name, formats.day(day), said, link, FactUnit.PERIOD),
            topics=topics(Topic.IMPORT),
        )


def _ends(flow: PipelineFlow, place: Place, link: Link) -> Iterable[Fact | None]:
    start, end = flow.amount(Line.START), flow.amount(Line.END)
    said = Said(
        "open pipeline", "value of the open deals now", "open_pipeline",
        topics(Topic.OPEN, Topic.TOTAL), making.course(end, start, "open_pipeline"),
    )  # fmt: skip
    now = making.money("pipeline", end, said, place, link)
    yield now
    yield making.change(now, start, formats.day(flow.since), "before")


def _moves(flow: PipelineFlow, place: Place, link: Link) -> Iterable[Fact | None]:
    amounts = {line: flow.amount(line) for line in _WORDS}
    for line, (noun, about, claims) in _WORDS.items():
        if not amounts[line]:
            continue
        first = frozenset({Claim.FIRST}) if amounts[line] == max(amounts.values()) else frozenset()
        said = Said(
            noun.removeprefix("of "), about, "open_pipeline",
            _TOPICS.get(line, topics(Topic.OPEN)), claims | first,
        )  # fmt: skip
        yield making.money(line.value.replace(" ", "_"), amounts[line], said, place, link)
