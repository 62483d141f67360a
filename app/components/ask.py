"""Ask: a question, what it was taken to mean, the answer as sentence, chart and table."""

from typing import Any

import polars as pl
import streamlit as st

from app import state
from app.ask_services import Answer
from app.caches import analyst as caches
from app.components import analyst_text, cards, tables
from app.components.text import literal
from app.state import View
from core.analyst.ask.inquiry import EXAMPLES, Breakdown, Refusal
from core.analyst.ask.search import LONGEST_QUESTION
from core.charts.answer import answer_bars, answer_line
from core.metrics import Unit

KEY = "q"


def question() -> str:
    """Draw the field and examples, and return what was asked; it stands in the URL."""
    asked = st.text_input(
        "Question",
        key=KEY,
        bind="query-params",
        max_chars=LONGEST_QUESTION,
        placeholder=EXAMPLES[0],
        help="About the product's own figures, by channel, campaign, owner, month or deal.",
    )
    with st.container(horizontal=True, gap="small"):
        for example in EXAMPLES:
            st.button(
                literal(example),
                key=f"ask_{example}",
                type="tertiary",
                on_click=state.keep_question,
                args=(KEY, example),
            )
    return asked or ""


def show(asked: str, view: View) -> None:
    """Draw the answer, or why there is none and what can be asked."""
    services, key = view.services, view.services.cache_key
    settings = state.writer() or services.analyst.settings
    found = caches.understood(services, key, asked, settings)
    if isinstance(found, Refusal):
        _refused(found)
        return
    _answered(caches.answer(services, key, found, view.scope.currency))


def _refused(refusal: Refusal) -> None:
    with st.container(border=True):
        st.markdown(f"**{literal(refusal.why)}** Ask about the figures of the product, such as:")
        st.markdown("\n".join(f"- {literal(example)}" for example in refusal.instead))


def _answered(answer: Answer) -> None:
    with cards.card(literal(answer.metric.title), literal(f"Understood as: {answer.understood}")):
        known = answer.rows.drop_nulls("value")
        if known.is_empty():
            st.markdown("**Not known from the data there are.** A longer period may have more.")
            return
        analyst_text.sentences(answer.text)
        if answer.rows.height > 1:
            _drawn(answer)
        st.caption(literal(answer.metric.help))
        _table(answer)


def _drawn(answer: Answer) -> None:
    unit, currency = answer.metric.unit, answer.currency
    by_month = answer.inquiry.by is Breakdown.MONTH
    draw = answer_line if by_month else answer_bars
    cards.chart(draw(answer.rows, unit, currency), answer.text.text, key="ask_chart")


def _table(answer: Answer) -> None:
    figures = [name for name in ("value", "low", "high") if name in answer.rows.columns]
    exact = pl.col(figures).round(0).cast(pl.Int64) if _is_money(answer) else pl.col(figures)
    rows = answer.rows.with_columns(exact).with_columns([_shown(answer, name) for name in figures])
    columns = {
        "value": _column(answer, answer.metric.title),
        **(
            {"low": _column(answer, "80 % from"), "high": _column(answer, "80 % to")}
            if "low" in figures
            else {}
        ),
    }
    tables.show(
        rows,
        {"name": _named(answer), **columns} if answer.rows.height > 1 else columns,
        "The figures of the answer",
        key="ask_table",
    )
    tables.download(rows, "answer.csv", key="ask_download")


def _named(answer: Answer) -> Any:  # noqa: ANN401
    title = answer.inquiry.by.value.capitalize()
    if answer.inquiry.by is Breakdown.MONTH:
        return st.column_config.DateColumn(title, format="MMM YYYY")
    return st.column_config.TextColumn(title, width="medium")


def _shown(answer: Answer, name: str) -> pl.Expr:
    if _is_money(answer):
        return tables.in_major(name, answer.currency)
    return tables.in_percent(name) if answer.metric.unit is Unit.SHARE else pl.col(name)


def _is_money(answer: Answer) -> bool:
    return answer.metric.unit is Unit.MONEY


def _column(answer: Answer, title: str) -> Any:  # noqa: ANN401
    unit = answer.metric.unit
    if unit is Unit.MONEY:
        return tables.money_column(title, answer.currency, answer.metric.help)
    if unit is Unit.SHARE:
        return tables.percent_column(title, 1, answer.metric.help)
    return st.column_config.NumberColumn(title, help=answer.metric.help, format="%.2f")
