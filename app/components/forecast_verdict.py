"""The sentence above the fan, and the figures of the period in progress."""

from typing import Any

import polars as pl
import streamlit as st

from app.caches import pipeline as caches
from app.components import kpis
from app.components.kpis import Kpi
from app.components.text import literal
from app.state import View
from core import formats
from core.forecasting.attainment import Attainment
from core.forecasting.outlook_results import BLIND, Outlook

SHOWN = (
    "forecast", "booked", "expected_revenue", "new_business", "quota_chance",
    "forecast_error", "forecast_skill", "interval_coverage",
)  # fmt: skip
"""Metrics of the page, for the section that says where they come from."""

_ODDS = (
    (0.8, "is likely to reach its quota"),
    (0.6, "more likely reaches its quota than not"),
    (0.4, "is a coin toss against its quota"),
    (0.2, "more likely misses its quota than not"),
    (0.0, "is unlikely to reach its quota"),
)
"""Least chance of the quota for each way to say it."""
NO_QUOTA = "No quota lies within the period: import quotas.csv to see the chance to reach it."


def show(outlook: Outlook, standing: Attainment, view: View) -> None:
    """Say what the period will bring, how sure that is, and how such forecasts did before."""
    row, currency = outlook.frame.row(0, named=True), outlook.currency
    if outlook.is_blind:
        _nothing_to_learn_from(outlook)
        return
    money = {name: _compact(row[name], currency) for name in _AMOUNTS}
    st.markdown(
        f"{_headline(outlook, standing, money['forecast_minor'])} 80% interval {money['lo80']} "
        f"to {money['hi80']}: {money['booked_minor']} booked, {money['pipeline_minor']} from open "
        f"deals, {money['new_business_minor']} from deals not yet created. {_trust(outlook)}"
    )
    _what_came(outlook, view)
    if outlook.drift:
        st.warning(literal(outlook.drift), icon=":material/warning:", title="Drift alarm")


def _nothing_to_learn_from(outlook: Outlook) -> None:
    row, currency = outlook.frame.row(0, named=True), outlook.currency
    st.markdown(
        f"**{formats.period(row['period'])} cannot be forecast yet:** {literal(BLIND)} "
        f"{_compact(row['booked_minor'], currency)} is booked, and "
        f"{formats.counted(outlook.pipeline.deals.height, 'deal is', 'deals are')} open. Import a "
        "longer history of closed deals, with the days they were created."
    )


_AMOUNTS = (
    "forecast_minor", "lo80", "hi80", "booked_minor", "pipeline_minor", "new_business_minor",
)  # fmt: skip


def figures(outlook: Outlook, standing: Attainment, view: View) -> None:
    """Draw the figures of the period in progress."""
    row = outlook.frame.row(0, named=True)
    currency = outlook.currency
    target = standing.quota.target_minor
    low, high = (formats.money_compact(row[name], currency) for name in ("lo80", "hi80"))
    known = not outlook.is_blind
    kpis.show(
        (
            Kpi(
                "forecast",
                row["forecast_minor"] if known else None,
                beside=f"{low} to {high}" if known else "nothing to learn from",
                title=f"Forecast, {formats.period(row['period'])}",
                why="Below it stands the 80 % interval.",
            ),
            Kpi("booked", row["booked_minor"], beside=f"by {formats.day(outlook.as_of)}"),
            Kpi(
                "expected_revenue",
                row["pipeline_minor"] if known else None,
                beside=f"{formats.counted(outlook.pipeline.deals.height, 'open deal')}",
            ),
            Kpi(
                "new_business",
                row["new_business_minor"] if known else None,
                beside="not yet created",
            ),
            Kpi(
                "quota_chance",
                standing.chance if known else None,
                beside=f"of {formats.money_compact(target, currency)}" if target else "no quota",
                why="" if target else NO_QUOTA,
            ),
        ),
        view,
    )


def _headline(outlook: Outlook, standing: Attainment, expected: str) -> str:
    """Return the finding: whether the quota is reached, or where there is none, what comes."""
    period = formats.period(outlook.frame["period"][0])
    chance = standing.chance
    if chance is None:
        return f"**{period} is heading for {expected}**,"
    said = next(words for least, words in _ODDS if chance >= least)
    return f"**{period} {said} ({formats.chance(chance)}).** {expected} is expected,"


def _trust(outlook: Outlook) -> str:
    line = outlook.track_record
    if line.wape is None:
        return "No past forecast is over yet, so nothing says how good it is."
    return (
        f"Such forecasts were {formats.percent(line.wape, 0)} off on average in {line.n} past "
        f"values, {line.skill.verdict}."
    )


def what_came(outlook: Outlook, view: View) -> pl.DataFrame | None:
    """Return what came of the periods that are over since; None when the forecast is of today."""
    services, known_until = view.services, view.coverage.as_of
    if outlook.as_of >= known_until:
        return None
    return caches.came(services, services.cache_key, outlook.question, known_until)


def _what_came(outlook: Outlook, view: View) -> None:
    """Say of an earlier as-of date what came of the periods that are over since."""
    came = what_came(outlook, view)
    if came is None:
        return
    rows = outlook.frame.join(came, on="period", maintain_order="left")
    said = [_hit(row, outlook.currency) for row in rows.iter_rows(named=True)]
    st.info(
        " ".join(said) or "None of its periods is over yet.",
        icon=":material/history:",
        title=f"Replayed as of {formats.day(outlook.as_of)}, from what was known then",
    )


def _hit(row: dict[str, Any], currency: str) -> str:
    came = row["won_minor"]
    inside = "inside" if row["lo80"] <= came <= row["hi80"] else "outside"
    return (
        f"{formats.period(row['period'])} came to {_compact(came, currency)}, {inside} the "
        f"80% interval of {_compact(row['lo80'], currency)} to {_compact(row['hi80'], currency)}."
    )


def _compact(minor: int, currency: str) -> str:
    return literal(formats.money_compact(minor, currency))
