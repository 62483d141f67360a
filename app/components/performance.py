"""Channel performance: what each channel cost and earned, and what the models agree on."""

from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from app import cache
from app.components import tables
from app.components.attribution_settings import Choice
from app.components.text import literal
from app.state import View
from core import formats
from core.attribution.performance import ChannelPerformance, channel_performance
from core.attribution.recommendation import Verdict
from core.attribution.results import AttributionResult, Level
from core.metrics import metric

_AMOUNTS = ("revenue_minor", "spend_minor", "cac_minor")
_SHARES = ("roi", "win_rate")
_UNANIMOUS = (Verdict.PAYS, Verdict.LOSES)
_RULE = (
    "Returns are called sure only when every model compared agrees: ROI above {roi:.0%} under all "
    "of them, from at least {deals} closed deals touched. The range is over the models, not a "
    "sampling interval; win rates carry a Wilson interval of {level:.0%}."
)


def show(choice: Choice, credit: AttributionResult, view: View) -> ChannelPerformance | None:
    """Draw the table with its rule; channels even where the page is summed by campaign.

    What was drawn is handed on, for the text about it.
    """
    question = replace(choice.question, level=Level.CHANNEL)
    services, key = view.services, view.services.cache_key
    facts = cache.channel_facts(services, key, question.of_touches)
    by_channel = cache.attribution(services, key, question)
    found = channel_performance(facts, by_channel, choice.model)
    if found.frame.is_empty():
        return None
    currency = view.scope.currency
    rows = found.frame.with_columns(*[tables.in_major(name, currency) for name in _AMOUNTS])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Channel performance", anchor=False, width="content")
        tables.download(rows, f"channel_performance_{currency}.csv", key="performance_download")
    st.caption(f"{literal(choice.title)} model, {view.period.label}, {currency}")
    _said(found)
    tables.show(
        _ranges(rows).with_columns(*[tables.in_percent(name) for name in _SHARES]),
        _columns(found, currency),
        "Spend, return, win rate and recommendation of each channel",
        key="performance_table",
    )
    settings = found.settings
    rule = _RULE.format(
        roi=settings.break_even_roi, deals=settings.fewest_closed_deals, level=settings.level
    )
    st.caption(literal(rule))
    for warning in found.warnings:
        if warning not in credit.warnings:
            st.caption(f":material/info: {literal(warning)}")
    return found


def _said(found: ChannelPerformance) -> None:
    """Say each verdict once, with the channels it is about and, where models differ, how far."""
    compared = len(set(found.question.models))
    lines = []
    for verdict in Verdict:
        rows = found.frame.filter(verdict=verdict.value)
        if not rows.is_empty():
            agreed = f" under all {compared} models compared" if verdict in _UNANIMOUS else ""
            lines.append(f"- **{verdict.capitalize()}{agreed}**: {_named(rows, verdict)}")
    st.markdown("\n".join(lines))


def _named(rows: pl.DataFrame, verdict: Verdict) -> str:
    """Return the channels of a verdict; those that depend on the model each with the reason."""
    if verdict is not Verdict.DEPENDS:
        return formats.listed([literal(name) for name in rows["channel"]])
    return "; ".join(
        f"{literal(channel)} {literal(reason.removeprefix(f'{verdict}: '))}"
        for channel, reason in rows.select("channel", "reason").iter_rows()
    )


def _columns(found: ChannelPerformance, currency: str) -> dict[str, Any]:
    """Describe what fits a screen side by side; the download has every column."""
    band = f"{found.settings.level:.0%} interval"
    return {
        "channel": st.column_config.TextColumn("Channel", pinned=True),
        "verdict": st.column_config.TextColumn(
            "The models say", help="The rule below; the sentence with its range stands above."
        ),
        "revenue_minor": _money("attributed_revenue", currency),
        "spend_minor": _money("spend", currency),
        "roi": tables.percent_column("ROI", 0, metric("roi").help),
        "roi_range": st.column_config.TextColumn(
            "by all models", help="Lowest and highest ROI over the models compared."
        ),
        "cac_minor": _money("cac", currency),
        "win_rate": tables.percent_column("Win rate", 0, metric("channel_win_rate").help),
        "win_range": st.column_config.TextColumn("interval", help=f"{band} of the win rate."),
        "closed_deals": st.column_config.NumberColumn(
            "of deals",
            format="%,d",
            help="Deals won or lost with an eligible touch of the channel.",
        ),
    }


def _ranges(rows: pl.DataFrame) -> pl.DataFrame:
    """Write both ends of a range in one cell, for a screen has room for one column."""
    return rows.with_columns(
        roi_range=_range(rows, "roi_low", "roi_high"), win_range=_range(rows, "win_low", "win_high")
    )


def _range(rows: pl.DataFrame, low: str, high: str) -> pl.Series:
    said = [
        None if a is None else f"{formats.percent(a, 0)} to {formats.percent(b, 0)}"
        for a, b in rows.select(low, high).iter_rows()
    ]
    return pl.Series(said, dtype=pl.String)


def _money(name: str, currency: str) -> Any:  # noqa: ANN401
    defined = metric(name)
    return tables.money_column(defined.title, currency, defined.help)
