"""The fan with scenario sliders beside it: moving one plays the cached forecast, fits nothing."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from app import scenario_state
from app.caches import forecast as caches
from app.components import cards, forecast_verdict, tables
from app.components.text import literal
from app.state import Key, View
from core import formats
from core.charts.forecast import fan, fan_alt
from core.forecasting.attainment import Attainment
from core.forecasting.forecast_question import PeriodKind
from core.forecasting.outlook_results import Outlook
from core.forecasting.outlook_scenarios import PlayedOutlook
from core.forecasting.scenario_rows import scenario_rows
from core.forecasting.scenarios import BASE, PRESETS, Scenario

HISTORY_SHOWN = {PeriodKind.QUARTER: 12, PeriodKind.MONTH: 24}
"""Periods that are over and still drawn, by length of a period."""
LONGEST_NAME = 40
STEP = 5
"""Percent a slider moves by."""
_CHANGED = "Changed"
_SLIDERS = {
    "win_rate": ("Win rate", -50, 50, "Part of the deals decided in the period that is won."),
    "cycle": ("Cycle length", -50, 100, "How long deals take; longer pushes wins out."),
    "deal_size": ("Deal size", -50, 50, "Amount of every deal."),
    "creation": ("Creation", -50, 50, "Business from deals not yet created."),
    "slippage": ("Slippage", 0, 50, "Part of the wins of a period that moves into the next."),
}
"""Title, least and most percent and meaning of each slider, by the scenario's factor."""


@st.fragment
def show(outlook: Outlook, standing: Attainment, view: View) -> None:
    """Draw fan and sliders; a moved slider runs only this part of the page again."""
    chart, sliders = st.columns([2, 1])
    with sliders, cards.card("What if", "Change to what the past says, in percent"):
        scenario = _scenario()
        played = _play(scenario, outlook, view)
        _outcome(played, standing, outlook)
        _save(scenario)
    with chart:
        changed = played if _factors(scenario) != _factors(BASE) else None
        _fan(outlook, changed, forecast_verdict.what_came(outlook, view))
    _side_by_side(scenario, outlook, standing, view)


def _fan(outlook: Outlook, played: PlayedOutlook | None, came: pl.DataFrame | None) -> None:
    kind, currency = outlook.question.kind, outlook.currency
    said = [
        "dashed: expected",
        "bands: 50, 80 and 95 %",
        "bar: booked so far",
        *(["grey squares: the scenario"] if played else []),
        *(["diamonds: what came"] if came is not None else []),
    ]
    subtitle = f"{currency} by {kind}, pipeline and series blended; {', '.join(said)}"
    history = outlook.history.tail(HISTORY_SHOWN[kind])
    with cards.card("Closed won and forecast", subtitle):
        cards.chart(
            fan(history, outlook.frame, currency, played.frame if played else None, came),
            fan_alt(history, outlook.frame, currency),
            key="forecast_fan",
            fill=True,
        )


def _known() -> dict[str, Scenario]:
    return {**{scenario.name: scenario for scenario in PRESETS}, **scenario_state.scenarios()}


def _scenario() -> Scenario:
    """Draw chips and sliders; the scenario is where the sliders stand, under its name if any."""
    scenario_state.start_scenario(BASE.name, _SLIDERS)
    st.pills(
        "Scenario",
        list(_known()),
        format_func=literal,
        key=Key.SCENARIO,
        on_change=_put_sliders,
        label_visibility="collapsed",
        persist_state="session",
    )
    for factor, (title, least, most, meaning) in _SLIDERS.items():
        st.slider(
            title,
            least,
            most,
            step=STEP,
            format="%d%%" if least == 0 else "%+d%%",
            key=scenario_state.slider_key(factor),
            help=meaning,
            on_change=_light_chip,
            persist_state="session",
        )
    return _as_set()


def _as_set() -> Scenario:
    factors = {
        factor: _factor(factor, scenario_state.slider_position(factor)) for factor in _SLIDERS
    }
    unnamed = Scenario(_CHANGED, **factors)
    same = [known for known in _known().values() if _factors(known) == _factors(unnamed)]
    return same[-1] if same else unnamed


def _put_sliders() -> None:
    scenario = _known().get(scenario_state.chosen_scenario() or "")
    if scenario is not None:
        scenario_state.set_sliders(_positions(scenario))


def _light_chip() -> None:
    scenario = _as_set()
    scenario_state.choose_scenario(None if scenario.name == _CHANGED else scenario.name)


def _factor(factor: str, position: int) -> float:
    return position / 100 if factor == "slippage" else 1 + position / 100


def _factors(scenario: Scenario) -> Mapping[str, float]:
    return {factor: round(getattr(scenario, factor), 4) for factor in _SLIDERS}


def _positions(scenario: Scenario) -> dict[str, int]:
    return {
        factor: round(100 * (value if factor == "slippage" else value - 1))
        for factor, value in _factors(scenario).items()
    }


def _play(scenario: Scenario, outlook: Outlook, view: View) -> PlayedOutlook:
    services = view.services
    return caches.scenario(services, services.cache_key, outlook.question, scenario)


def _outcome(played: PlayedOutlook, standing: Attainment, outlook: Outlook) -> None:
    row, currency = played.frame.row(0, named=True), outlook.currency
    delta = row["delta_minor"]
    target = standing.quota.target_minor
    chance = None if target is None else played.draws[0].chance_of(target)
    st.metric(
        f"{formats.period(row['period'])}, {literal(played.scenario.name.lower())}",
        formats.money_compact(row["forecast_minor"], currency),
        formats.money_compact(delta, currency) if delta else None,
        delta_description=None if chance is None else f"{formats.percent(chance, 0)} for quota",
        help="The change is to the base forecast. All scenarios use the same random draws.",
    )


def _save(scenario: Scenario) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name of the scenario",
            placeholder="Name it to keep it",
            max_chars=LONGEST_NAME,
            key=Key.SCENARIO_NAME,
            label_visibility="collapsed",
        )
        taken = {preset.name for preset in PRESETS}
        kept = name.strip()
        st.button(
            "Save",
            icon=":material/bookmark_add:",
            disabled=not kept or kept in taken,
            on_click=scenario_state.keep_scenario,
            args=(Scenario(kept, **_factors(scenario)),),
            help="Kept until you close this tab.",
        )


def _side_by_side(scenario: Scenario, outlook: Outlook, standing: Attainment, view: View) -> None:
    """Draw the presets, the saved scenarios and the sliders' own as a table."""
    asked = _known()
    if scenario.name == _CHANGED:
        asked[_CHANGED] = scenario
    rows = scenario_rows(
        [_play(each, outlook, view) for each in asked.values()], standing.quota.target_minor
    )
    currency, period = outlook.currency, formats.period(outlook.frame["period"][0])
    money = ("forecast_minor", "delta_minor", "lo80", "hi80", "all_periods_delta_minor")
    chance = tables.percent_column("Chance of the quota", 0)
    tables.show(
        rows.with_columns(
            *[tables.in_major(name, currency) for name in money], tables.in_percent("chance")
        ),
        {
            "scenario": st.column_config.TextColumn("Scenario", pinned=True),
            "forecast_minor": tables.money_column(period, currency),
            "delta_minor": tables.change_column("To base", currency),
            "lo80": tables.money_column("80 % from", currency),
            "hi80": tables.money_column("80 % to", currency),
            **({} if standing.quota.target_minor is None else {"chance": chance}),
            "all_periods_delta_minor": tables.change_column(
                "To base, all periods", currency, "Over every period of the fan."
            ),
        },
        "Scenarios side by side with their difference to the base",
        key="scenario_table",
    )
