"""What the rule models weigh; each setting only where its model is compared."""

from collections.abc import Collection
from typing import Final

import streamlit as st

from app.state import Key
from core.attribution.results import MilestoneWeights, RuleSettings
from core.attribution.rules.decay import StepDecay, TimeDecay
from core.attribution.rules.milestones import Custom
from core.attribution.rules.position import PositionBased

MOST_HALF_LIFE_DAYS: Final = 365.0
LEAST_KEPT, MOST_KEPT = 0.05, 0.95
MOST_WEIGHT: Final = 100

_MILESTONES: Final = {
    "first": "First touch",
    "lead": "Lead",
    "deal": "Deal creation",
    "close": "Close",
    "others": "All others",
}
_EVEN: Final = 20
"""Weight of each milestone until somebody types another."""


def show(models: Collection[str]) -> RuleSettings:
    """Draw the settings of the models compared and return all of them."""
    first, last = _ends() if PositionBased.name in models else _DEFAULT_ENDS
    return RuleSettings(
        half_life_days=(
            _half_life_days() if TimeDecay.name in models else RuleSettings.half_life_days
        ),
        kept_a_step=_kept_a_step() if StepDecay.name in models else RuleSettings.kept_a_step,
        first_share=first,
        last_share=last,
        custom=_milestones() if Custom.name in models else RuleSettings.custom,
    )


_DEFAULT_ENDS: Final = (RuleSettings.first_share, RuleSettings.last_share)


def _half_life_days() -> float:
    chosen = st.number_input(
        "Time decay: half-life in days",
        1.0,
        MOST_HALF_LIFE_DAYS,
        RuleSettings.half_life_days,
        step=1.0,
        format="%.0f",
        key=Key.HALF_LIFE,
        bind="query-params",
        help="After so many days a touch has half the weight.",
    )
    # A widget's limits hold in the browser only; the URL can say anything.
    return min(max(chosen, 1.0), MOST_HALF_LIFE_DAYS)


def _kept_a_step() -> float:
    chosen = st.number_input(
        "Step decay: part kept a step",
        LEAST_KEPT,
        MOST_KEPT,
        RuleSettings.kept_a_step,
        step=0.05,
        format="%.2f",
        key=Key.KEPT_A_STEP,
        bind="query-params",
        help="Each step back from the last touch keeps this part of the weight.",
    )
    return min(max(chosen, LEAST_KEPT), MOST_KEPT)


def _ends() -> tuple[float, float]:
    """Return the shares of the ends; what the first takes the last cannot have."""
    left, right = st.columns(2)
    with left:
        first = _percent("Position based: first", Key.FIRST_SHARE, _DEFAULT_ENDS[0])
    with right:
        last = _percent("last touch", Key.LAST_SHARE, _DEFAULT_ENDS[1])
    if first + last > 1:
        st.caption(":material/info: Together more than 100 %: the last touch gets what is left.")
        last = 1 - first
    if first + last == 0:
        st.caption(":material/info: Without a weight on either end the default of 40 % each holds.")
        return _DEFAULT_ENDS
    return first, last


def _percent(label: str, key: Key, default: float) -> float:
    chosen = st.number_input(
        f"{label}, %", 0, 100, round(default * 100), step=5, key=key, bind="query-params"
    )
    return min(max(int(chosen), 0), 100) / 100


def _milestones() -> MilestoneWeights:
    """Draw a weight a milestone; they are scaled to sum to 1 over those a deal has."""
    st.caption("Custom weights: of any size, scaled to sum to 100 % over what a deal has.")
    weights = {}
    for column, (name, title) in zip(st.columns(5), _MILESTONES.items(), strict=True):
        with column:
            weights[name] = _weight(name, title)
    if not any(weights.values()):
        st.caption(":material/info: All weights are 0: they count as equal.")
        return RuleSettings.custom
    return MilestoneWeights(**weights)


def _weight(name: str, title: str) -> float:
    chosen = st.number_input(
        title,
        0,
        MOST_WEIGHT,
        _EVEN,
        step=5,
        key=f"{Key.MILESTONE}_{name}",
        bind="query-params",
    )
    return float(min(max(int(chosen), 0), MOST_WEIGHT))
