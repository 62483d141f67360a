"""Facts of a forecast: what a period is expected to bring, how sure that is, how it did before."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from core import formats
from core.analyst.facts import Claim, Fact, FactSheet, FactUnit, Link, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.making import Place, Said, topics

EVEN: float = 0.5
"""Chance from which a target is more likely reached than missed."""


@dataclass(frozen=True)
class ExpectedPeriod:
    """What one period is expected to bring.

    Parameters
    ----------
    label
        What a sentence calls the period: "Q4 2026".
    forecast_minor, low_minor, high_minor
        Expected revenue and its 80 % interval.
    booked_minor, pipeline_minor, new_business_minor
        What it is made of; None where it is not told apart.
    target_minor, chance
        The target and the chance to reach it; None without a target.
    before_minor, before_label
        What the period before brought; None where it is not known.
    """

    label: str
    forecast_minor: int
    low_minor: int
    high_minor: int
    booked_minor: int | None = None
    pipeline_minor: int | None = None
    new_business_minor: int | None = None
    target_minor: int | None = None
    chance: float | None = None
    before_minor: int | None = None
    before_label: str = ""


@dataclass(frozen=True)
class ForecastAnswers:
    """A forecast as a text needs it; every forecast of the product can be turned into it.

    Parameters
    ----------
    period
        The period the text is about.
    as_of
        Last day of which everything is known.
    fingerprint
        The data it was asked of.
    error
        Mean error of past forecasts as a share of what came; None where none could be replayed.
    comparison
        How that compares with repeating last season, in our own words; empty where not measured.
    held
        How often the 80 % interval held what came.
    largest_deals
        Amount of the open deals it rests on most, and how many they are.
    doubts
        Warnings of the forecast.
    """

    period: ExpectedPeriod
    as_of: date
    fingerprint: str
    error: float | None = None
    comparison: str = ""
    held: float | None = None
    doubts: tuple[str, ...] = ()


def forecast_facts(answers: ForecastAnswers, place: Place) -> FactSheet:
    """Return what may be said of a forecast."""
    link = place.link("forecast")
    period = answers.period
    facts = [
        making.words("period", period.label, Said("period", "the period forecast"), link,
                     FactUnit.PERIOD),
        making.words("as_of", formats.day(answers.as_of),
                     Said("day", "the last day of which everything is known"), link,
                     FactUnit.DATE),
        *_expected(period, place, link),
        *_made_of(period, place, link),
        *_target(period, place, link),
        *_record(answers, link),
    ]  # fmt: skip
    return FactSheet(
        topic="forecast",
        title=f"Forecast of {period.label}",
        facts=numbered(facts),
        fingerprint=answers.fingerprint,
        doubts=answers.doubts,
    )


def _expected(period: ExpectedPeriod, place: Place, link: Link) -> Iterable[Fact | None]:
    claims = making.course(period.forecast_minor, period.before_minor, "closed_won")
    said = Said(
        "expected revenue", "revenue expected of the period", "forecast",
        topics(Topic.FORECAST, Topic.REVENUE, Topic.TOTAL), claims,
    )  # fmt: skip
    expected = making.money("expected", period.forecast_minor, said, place, link)
    low, high = (
        formats.money_compact(minor, place.currency)
        for minor in (period.low_minor, period.high_minor)
    )
    band = replace(
        said, about="interval that holds four of five outcomes", claims=frozenset(),
        topics=said.topics | {Topic.RANGE},
    )  # fmt: skip
    yield expected
    yield making.words("band", f"an 80% interval of {low} to {high}", band, link)
    if period.before_minor and period.before_label:
        yield making.change(expected, period.before_minor, period.before_label, "before")


def _made_of(period: ExpectedPeriod, place: Place, link: Link) -> Iterable[Fact | None]:
    parts = (
        ("booked", period.booked_minor,
         Said("booked revenue", "revenue already booked in the period", "booked",
              topics(Topic.REVENUE, Topic.WON))),
        ("from_pipeline", period.pipeline_minor,
         Said("revenue expected from open deals", "revenue expected from deals that are open now",
              "expected_revenue", topics(Topic.OPEN, Topic.FORECAST, Topic.REVENUE))),
        ("new_business", period.new_business_minor,
         Said("revenue expected from new business",
              "revenue expected from deals nobody has created yet", "new_business",
              topics(Topic.NEW_BUSINESS, Topic.FORECAST, Topic.REVENUE))),
    )  # fmt: skip
    largest = max((minor for _, minor, _ in parts if minor is not None), default=None)
    for name, minor, said in parts:
        first = frozenset({Claim.FIRST}) if minor is not None and minor == largest else frozenset()
        yield making.money(name, minor, replace(said, claims=first), place, link)


def _target(period: ExpectedPeriod, place: Place, link: Link) -> Iterable[Fact | None]:
    if period.target_minor is None:
        return
    said = Said("target", "target of the period", "quota", topics(Topic.TARGET))
    yield making.worth("target", period.target_minor, said, place, link, "a target of {}")
    likely = period.chance is not None and period.chance >= EVEN
    yield making.chance(
        "chance",
        period.chance,
        replace(
            said,
            noun="chance",
            about="chance to reach the target",
            definition="quota_chance",
            topics=topics(Topic.TARGET, Topic.CHANCE),
            claims=frozenset({Claim.SAFE if likely else Claim.RISKY}),
        ),
        link,
        "a chance of {} to reach the target",
    )


def _record(answers: ForecastAnswers, link: Link) -> Iterable[Fact | None]:
    said = Said(
        "mean error", "mean error of past forecasts, as a share of what came", "forecast_error",
        topics(Topic.FORECAST),
    )  # fmt: skip
    yield making.share("error", answers.error, said, link, "a mean error of {} in past forecasts")
    if answers.comparison:
        compared = replace(
            said,
            about="how past forecasts did against last season repeated",
            definition="forecast_skill",
        )
        yield making.words("comparison", answers.comparison, compared, link)
    held = replace(
        said, noun="of past outcomes", about="how often the interval held what came",
        definition="interval_coverage",
        topics=topics(Topic.FORECAST, Topic.RANGE),
    )  # fmt: skip
    yield making.share("held", answers.held, held, link, "{} of past outcomes, of the promised 80%")
