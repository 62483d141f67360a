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
_SHARES = ("roi", "win_rate", "win_low", "win_high")
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
    facts = cache.channel_facts(services, key, question)
    by_channel = cache.attribution(services, key, question)
    found = channel_performance(facts, by_channel, choice.model)
    if found.frame.is_empty():
        return None
    currency = view.scope.currency
    rows = found.frame.with_columns(*[tables.in_major(name, currency) for name in _AMOUNTS])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Channel performance", anchor=False, width="content")
        tables.download(rows, f"channel_performance_{currency}.csv", key="performance_download")
    st.caption(f"{literal(choice.title)} model, {view.period.label}, {currency}")
    _said(found)
    tables.show(
        rows.with_columns(*[tables.in_percent(name) for name in _SHARES]),
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
    band = f"{found.settings.level:.0%} interval"
    return {
        "channel": st.column_config.TextColumn("Channel", pinned=True),
        "revenue_minor": _money("attributed_revenue", currency),
        "spend_minor": _money("spend", currency),
        "roi": tables.percent_column("ROI", 0, metric("roi").help),
        "cac_minor": _money("cac", currency),
        "influenced_deals": st.column_config.NumberColumn(
            "Won, touched", help="Won deals with an eligible touch of the channel; do not sum."
        ),
        "closed_deals": st.column_config.NumberColumn(
            "Closed, touched", help="Deals won or lost with an eligible touch of the channel."
        ),
        "win_rate": tables.percent_column("Win rate", 1, metric("channel_win_rate").help),
        "win_low": tables.percent_column("from", 1, f"Lower end of the win rate's {band}."),
        "win_high": tables.percent_column("to", 1, f"Upper end of the win rate's {band}."),
        "reason": st.column_config.TextColumn("What the models say", width="large"),
    }


def _money(name: str, currency: str) -> Any:  # noqa: ANN401
    defined = metric(name)
    return tables.money_column(defined.title, currency, defined.help)
