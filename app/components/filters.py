"""The filter bar: one scope for all pages, kept in the URL."""

from datetime import date

import streamlit as st

from app import cache, state
from app.components import deal_filter
from app.defaults import DEFAULT_PERIOD
from app.services import Services
from app.state import Key, View
from core.coverage import Coverage
from core.periods import Period, Preset, period, previous
from core.scope import Scope


def show(services: Services) -> None:
    """Draw the filter bar in the sidebar and hand its answer to the page.

    An empty workspace has nothing to filter: the page gets no view and says what to do.
    """
    state.put_pending()
    if services.is_empty():
        state.set_view(None)
        return
    covered = cache.coverage(services, services.cache_key)
    with st.sidebar:
        chosen = _period(covered)
        currency = st.selectbox(
            "Currency",
            covered.currencies,
            key=Key.CURRENCY,
            bind="query-params",
            help="Amounts in other currencies are as the CRM itself converted them, where it did; "
            "else they are converted with the rate of the day each deal was closed: one of your "
            "own, or that of the European Central Bank.",
        )
        owners = _owners(covered)
        where = deal_filter.show(services)
        _reset()
    view = _view(services, covered, chosen, currency, owners)
    state.set_view(deal_filter.applied(view, where))


def default_view(services: Services) -> View:
    """Return the view of somebody who has not touched the filter bar."""
    covered = cache.coverage(services, services.cache_key)
    days = period(DEFAULT_PERIOD, covered.as_of)
    return _view(services, covered, (DEFAULT_PERIOD, days), covered.currencies[0], ())


def _period(covered: Coverage) -> tuple[Preset, Period]:
    chosen = st.selectbox(
        "Period",
        list(Preset),
        index=list(Preset).index(DEFAULT_PERIOD),
        format_func=lambda preset: Preset(preset).label,
        key=Key.PERIOD,
        bind="query-params",
        help="Counted back from the day the data reach, by the day a deal was closed.",
    )
    preset = Preset(chosen or DEFAULT_PERIOD)
    custom = _custom_days(covered) if preset is Preset.CUSTOM else None
    return preset, period(preset, covered.as_of, custom)


def _custom_days(covered: Coverage) -> tuple[date, date]:
    days = st.date_input(
        "Days",
        (covered.first_day, covered.as_of),
        min_value=covered.first_day,
        max_value=covered.as_of,
        key=Key.DAYS,
        format="DD/MM/YYYY",
        bind="query-params",
    )
    # While a range is being picked the widget holds its first day only.
    return (days[0], days[-1]) if days else (covered.first_day, covered.as_of)


def _owners(covered: Coverage) -> tuple[str, ...]:
    names = dict(covered.owners)
    chosen = st.multiselect(
        "Owner",
        list(names),
        format_func=lambda owner_id: names.get(owner_id, owner_id),
        key=Key.OWNERS,
        bind="query-params",
        placeholder="Everybody",
    )
    return tuple(sorted(chosen))


def _reset() -> None:
    active = sum(key in st.query_params for key in state.FILTER_KEYS)
    if active:
        st.button(
            f"Reset {active} {'filter' if active == 1 else 'filters'}",
            icon=":material/filter_alt_off:",
            on_click=state.reset_filters,
            type="tertiary",
        )


def _view(
    services: Services,
    covered: Coverage,
    chosen: tuple[Preset, Period],
    currency: str,
    owners: tuple[str, ...],
) -> View:
    preset, days = chosen
    return View(
        services=services,
        coverage=covered,
        scope=Scope(currency, days.starts_on, days.ends_on, owners),
        period=days,
        before=previous(days, preset),
        preset=preset,
    )
