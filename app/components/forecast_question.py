"""What the forecast is asked: as of when, by month or quarter, for whose deals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from app import state
from app.caches import forecast as caches
from app.components import empty
from app.components.text import literal
from app.defaults import QUARTERS_AHEAD
from app.state import Key, View
from core import formats
from core.errors import EmptyWorkspaceError
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.outlook_results import Outlook
from core.forecasting.segments import Segment

PERIODS_AHEAD = {PeriodKind.QUARTER: QUARTERS_AHEAD, PeriodKind.MONTH: 6}
_FILTERS = {"teams": "team", "regions": "region", "industries": "industry", "kinds": "kind"}
"""Dimension of each field of a segment that is chosen here; owners are in the sidebar."""
_KINDS = {PeriodKind.QUARTER: "Quarter", PeriodKind.MONTH: "Month"}


def quarters(view: View, as_of: date) -> ForecastQuestion:
    """Return what is asked while nobody has touched a setting, as of a day."""
    return _question(view, as_of, PeriodKind.QUARTER, 1)


def in_a_row(view: View) -> ForecastQuestion:
    """Draw the choices and return the question."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = _kind()
        as_of = _as_of(view)
        with st.popover("Settings", icon=":material/tune:"):
            starts_in = _fiscal_year()
            asked = _question(view, as_of, kind, starts_in)
            segment = _segment(asked, view)
    return replace(asked, segment=segment)


def answer(question: ForecastQuestion, view: View) -> Outlook | None:
    """Return the outlook; where there is nothing to learn from, say what is missing instead."""
    services = view.services
    try:
        return caches.outlook(services, services.cache_key, question)
    except EmptyWorkspaceError as error:
        empty.nothing_found(literal(error.message), literal(error.hint))
        return None


def _question(view: View, as_of: date, kind: PeriodKind, starts_in: int) -> ForecastQuestion:
    return ForecastQuestion(
        view.scope.currency,
        as_of,
        kind,
        PERIODS_AHEAD[kind],
        starts_in,
        Segment(owner_ids=view.scope.owner_ids),
    )


def _kind() -> PeriodKind:
    chosen = st.segmented_control(
        "By",
        list(PERIODS_AHEAD),
        default=PeriodKind.QUARTER,
        required=True,
        format_func=lambda kind: _KINDS[PeriodKind(kind)],
        key=Key.FORECAST_BY,
        bind="query-params",
    )
    return PeriodKind(chosen or PeriodKind.QUARTER)


def _as_of(view: View) -> date:
    covered = view.coverage
    chosen = st.date_input(
        "As of",
        covered.as_of,
        min_value=covered.first_day,
        max_value=covered.as_of,
        key=Key.AS_OF,
        bind="query-params",
        format="DD/MM/YYYY",
        width=150,
        help="An earlier day shows what would have been said then, from what was known then. The "
        "period in the sidebar does not change a forecast; currency and owner do.",
    )
    # A widget's limits hold in the browser only; the URL can say anything.
    day = chosen if isinstance(chosen, date) else covered.as_of
    return min(max(day, covered.first_day), covered.as_of)


def _segment(asked: ForecastQuestion, view: View) -> Segment:
    """Draw the filters that narrow the forecast to a part of the company, beside the owners."""
    services = view.services
    try:
        whole = quarters(view, view.coverage.as_of)  # one reading for every as-of date
        values = caches.segment_choices(services, services.cache_key, whole)
    except EmptyWorkspaceError:  # the answer to the question says what is missing
        return asked.segment
    chosen = {
        field: _one_filter(dimension, values[dimension])
        for field, dimension in _FILTERS.items()
        if any(values[dimension])
    }
    return replace(asked.segment, **chosen)


def _one_filter(dimension: str, values: Sequence[str]) -> tuple[str, ...]:
    chosen = st.multiselect(
        dimension.capitalize(),
        sorted(value for value in values if value),
        key=state.segment_key(dimension),
        bind="query-params",
        placeholder="All",
    )
    return tuple(sorted(chosen))


def _fiscal_year() -> int:
    chosen = st.selectbox(
        "Fiscal year starts in",
        range(1, 13),
        format_func=formats.month_name,
        key=Key.FISCAL,
        bind="query-params",
        help="Quarters are counted from it.",
    )
    return int(chosen or 1)
