"""Results of experiments, typed by the visitor; the incremental model leans on them."""

from collections.abc import Collection

import streamlit as st

from app import cache, state
from app.state import Key, View
from core.attribution.data_driven import Incremental
from core.attribution.incremental.lift import LiftTest, read_lift_lines


def show(models: Collection[str], view: View) -> tuple[LiftTest, ...]:
    """Draw where results of lift tests are typed, if the incremental model is compared.

    Where it is not, those of the URL are taken all the same: the answer says they change nothing.

    Raises
    ------
    InvalidParameterError
        If what was typed is not a channel and three numbers.
    UnknownNameError
        If no touch has such a channel.
    """
    lines = _typed() if Incremental.name in models else state.lift_tests_in_url()
    tests = read_lift_lines(lines)
    there = cache.touch_names(view.services, view.services.cache_key)
    there.require((test.channel for test in tests), ())
    return tests


def _typed() -> list[str]:
    return st.multiselect(
        "Incremental: results of experiments",
        [],
        key=Key.LIFT_TESTS,
        bind="query-params",
        accept_new_options=True,
        placeholder="Events,0.10,0.05,0.15",
        help="Type a channel, the part of won deals that would have been lost without it, and the "
        "80 % interval of that part, as an experiment measured them; press Enter. The channel's "
        "effect is then held near what was measured, the nearer the narrower the interval.",
    )
