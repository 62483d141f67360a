"""Facts of an answer: the figure asked for, or the first and the last of a list."""

from typing import Final

import polars as pl

from core.analyst.facts import Claim, Fact, FactSheet, FactUnit, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.making import Place, Said
from core.formats import figure
from core.metrics import Metric, Unit
from core.periods import Period

_PATTERNS: Final = {
    "closed_won": "{} of closed-won revenue",
    "win_rate": "a win rate of {}",
    "channel_win_rate": "a win rate of {}",
    "average_deal": "an average deal of {}",
    "sales_cycle": "a typical sales cycle of {}",
    "cac": "a CAC of {}",
    "roi": "an ROI of {}",
    "credit_share": "{} of the credit",
    "unattributed_share": "an unexplained share of {} of the revenue",
    "won_deals": "{} won deals",
    "attributed_deals": "{} attributed deals",
    "forecast": "{} of forecast revenue",
    "quota_chance": "a chance of {} to reach the quota",
    "forecast_error": "a forecast error of {}",
    "win_chance": "a win chance of {}",
    "calibration_error": "a calibration error of {}",
    "expected_value": "{} of expected revenue",
    "value_at_risk": "{} at high risk",
    "open_at_risk": "{} deals at high risk",
    "slipping_value": "{} due, but likely to slip",
}
_MEASURED: Final = frozenset({"calibration_error", "forecast_error"})
_UNITS: Final = {
    Unit.MONEY: FactUnit.MONEY,
    Unit.SHARE: FactUnit.SHARE,
    Unit.DAYS: FactUnit.DAYS,
    Unit.DEALS: FactUnit.COUNT,
    Unit.TOUCHES: FactUnit.COUNT,
}


def answer_facts(
    metric: Metric, rows: pl.DataFrame, period: Period, place: Place, page: str
) -> FactSheet:
    """Return what may be said of an answer.

    Parameters
    ----------
    metric
        What was asked for.
    rows
        ``name, value``, in the order they are shown; one row without a name for one figure. With
        ``low, high`` each value has an 80 % interval.
    period
        The period, for its words.
    place
        Currency and filters of the links.
    page
        Where the figure stands.
    """
    link = place.link(page)
    facts: list[Fact | None] = [
        making.words(
            _told_of(metric, period),
            period.in_words,
            Said("period", "the period"),
            link,
            FactUnit.PERIOD,
        )
    ]
    known = rows.drop_nulls("value").sort("value", "name", descending=[True, False])
    ends: list[tuple[str, Claim | None, int]] = [("only", None, 0)] if known.height else []
    if known.height > 1:
        ends = [("first", Claim.FIRST, 0), ("last", Claim.LAST, -1)]
    for name, claim, at in ends:
        row = known.row(at, named=True)
        facts += _one(name, row, metric, claim, (place, page))
    return FactSheet("answer", metric.title, numbered(facts), "", tuple(rows["name"].to_list()))


def _one(
    name: str, row: dict[str, object], metric: Metric, claim: Claim | None, at: tuple[Place, str]
) -> list[Fact | None]:
    place, page = at
    link, whose = place.link(page), str(row["name"])
    claims = frozenset({claim}) if claim else frozenset()
    text = _PATTERNS.get(metric.name, f"{{}} of {metric.title.lower()}").format(
        figure(float(str(row["value"])), metric.unit, place.currency)
    )
    text += _interval(row, metric.unit, place)
    fact = Fact(
        name=f"{name}_value",
        value=float(str(row["value"])),
        unit=_UNITS[metric.unit],
        noun=metric.title.lower(),
        text=f"{text} for {whose}" if whose else text,
        about=f"{metric.title.lower()}, the {name} of the answer",
        link=link,
        definition=metric.name,
        topics=frozenset(Topic),
        claims=claims,
        subject=name if whose else "",
        short=text if whose else "",
    )
    said = Said("name", f"name of the {name}", "", frozenset(Topic), claims, name)
    return [making.name_of(name, whose, said, link) if whose else None, fact]


def _told_of(metric: Metric, period: Period) -> str:
    """Return what the words of the period name: days, the deals of a day, or what was checked."""
    if metric.name in _MEASURED:
        return "measured"
    return "deals" if period.starts_on is None and period.ends_on else "period"


def _interval(row: dict[str, object], unit: Unit, place: Place) -> str:
    if row.get("low") is None or row.get("high") is None:
        return ""
    low, high = (figure(float(str(row[end])), unit, place.currency) for end in ("low", "high"))
    return f" (80 % interval {low} to {high})"
