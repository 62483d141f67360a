"""Typed access to session state: every key the application keeps stands here, once.

What only one page keeps is read and written in a module of its own: `app.deal_state`,
`app.import_state`, `app.scenario_state`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import streamlit as st

from app.services import Services
from core.analyst.narrative import Narrative
from core.analyst.writers.registry import WriterSettings
from core.coverage import Coverage
from core.periods import Period, Preset
from core.scope import Scope


class Key(StrEnum):
    """Names in session state; those of the filter bar are also names in the URL."""

    PERIOD = "period"
    DAYS = "days"
    CURRENCY = "currency"
    OWNERS = "owner"
    WHERE = "where"
    MODEL = "model"
    COMPARED = "compare"
    LEVEL = "by"
    LOOKBACK = "lookback"
    ANCHOR = "anchor"
    ACCOUNT_TOUCHES = "company_touches"
    SINCE_CREATION = "after_creation"
    EXCLUDED_CHANNELS = "without"
    EXCLUDED_KINDS = "without_kind"
    LIFT_TESTS = "lift_test"
    HALF_LIFE = "half_life"
    DUE_ONLY = "due"
    SEGMENT = "split"
    AS_OF = "as_of"
    FORECAST_BY = "forecast_by"
    FISCAL = "fiscal"
    ROLL_UP = "roll_up"
    SCENARIO = "app_scenario"
    SCENARIOS = "app_scenarios"
    SCENARIO_NAME = "app_scenario_name"
    KEPT_A_STEP = "kept_a_step"
    FIRST_SHARE = "first_share"
    LAST_SHARE = "last_share"
    MILESTONE = "weight"
    BEHIND = "behind"
    SIDE = "side"
    STEPS = "steps"
    ACCOUNT_SEARCH = "account"
    DEAL = "deal"
    DEAL_VIEW = "show"
    DEAL_PERIOD = "until"
    DEAL_BANDS = "risk"
    DEAL_SIGNALS = "signal"
    DEAL_MOVED = "moved"
    DEAL_COLUMNS = "columns"
    DEAL_SORT = "sort"
    DEAL_ASCENDING = "ascending"
    DEAL_SAVED = "saved"
    DEAL_SAVED_CHOICE = "app_deal_saved_choice"
    DEAL_SAVED_NAME = "app_deal_saved_name"
    DEAL_SAVED_NOW = "app_deal_saved_now"
    DEAL_SAVED_HERE = "app_deal_saved_here"
    PENDING = "app_pending"
    DEAL_TABLE = "app_deal_table"
    SERVICES = "app_services"
    VIEW = "app_view"
    OWN = "app_own_services"
    UPLOADS = "app_uploads"
    RECEIPTS = "app_receipts"
    UNPACKED = "app_unpacked"
    PREVIEWS = "app_previews"
    MAPPINGS = "app_mappings"
    VALUES = "app_values"
    FORGOTTEN = "app_forgotten"
    JOB = "app_import_job"
    STOPPED = "app_import_stopped"
    CHOICE = "app_choice"
    WRITER = "app_writer"
    TEXTS = "app_texts"
    REHEARSED = "app_rehearsed"


TEXTS_KEPT: Final = 20
FILTER_KEYS: Final = (Key.PERIOD, Key.DAYS, Key.CURRENCY, Key.OWNERS, Key.WHERE, Key.AS_OF)


@dataclass(frozen=True)
class View:
    """What every page is about: the data, what they cover and the filters.

    Parameters
    ----------
    services
        What the page may ask.
    coverage
        What the data cover.
    scope
        The filter bar's answer.
    period
        The days of the scope with their name.
    before
        The period the scope is compared with, or None.
    preset
        The name of the period in the filter bar.
    of_all_deals
        The same view of all deals, where the filter bar chose a part of them.
    """

    services: Services
    coverage: Coverage
    scope: Scope
    period: Period
    before: Period | None
    preset: Preset
    of_all_deals: "View | None" = None

    @property
    def compared_with(self) -> Scope | None:
        """The scope of the period before, or None."""
        if self.before is None:
            return None
        return replace(self.scope, starts_on=self.before.starts_on, ends_on=self.before.ends_on)


def set_view(view: View | None) -> None:
    """Hand the view of this run to the page; None when there is nothing to look at yet."""
    st.session_state[Key.VIEW] = view


def view() -> View | None:
    """Return the view of this run, or None when the workspace is empty."""
    found: View | None = st.session_state[Key.VIEW]
    return found


def given_services() -> Services | None:
    """Return the services this session was handed, as a test does, or None."""
    found: Services | None = st.session_state.get(Key.SERVICES)
    return found


def own_services() -> Services | None:
    """Return the services of this session's private workspace, or None while it has none.

    They live in session state and not in a session-scoped cache: Streamlit empties those whenever
    the connection drops for a moment, and an import must survive that.
    """
    found: Services | None = st.session_state.get(Key.OWN)
    return found


def keep_own_services(services: Services | None) -> None:
    """Replace the private workspace of this session; the one before is closed.

    Filters of other data mean nothing for these: they go back to their defaults.
    """
    before = own_services()
    st.session_state[Key.OWN] = services
    reset_filters()
    if before is not None:
        before.close()


def segment_key(dimension: str) -> str:
    """Return the key of the filter of a forecast by a dimension; also its name in the URL."""
    return f"forecast_{dimension}"


def writer() -> WriterSettings | None:
    """Return who writes for this visitor, or None while the installation's choice holds."""
    chosen: WriterSettings | None = st.session_state.get(Key.WRITER)
    return chosen


def keep_writer(settings: WriterSettings | None) -> None:
    """Keep who writes for this visit."""
    st.session_state[Key.WRITER] = settings


def keep_question(key: str, question: str) -> None:
    """Put a question into its field; for use in a callback."""
    st.session_state[key] = question


def forget_writer() -> None:
    """Go back to the installation's choice; for use in a callback."""
    for key in [key for key in st.session_state if str(key).startswith("writer_")]:
        del st.session_state[key]
    st.session_state.pop(Key.WRITER, None)


def text(key: str) -> Narrative | None:
    """Return the text a model wrote earlier in this visit, or None."""
    kept: dict[str, Narrative] = st.session_state.get(Key.TEXTS, {})
    return kept.get(key)


def keep_text(key: str, written: Narrative) -> None:
    """Keep a text for this visit, so that a model is asked once; only the last few are kept."""
    kept: dict[str, Narrative] = st.session_state.setdefault(Key.TEXTS, {})
    while len(kept) >= TEXTS_KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = written


def forget_text(key: str) -> None:
    """Let a text be written anew; for use in a callback."""
    st.session_state.get(Key.TEXTS, {}).pop(key, None)


def filters_in_url() -> tuple[tuple[str, str], ...]:
    """Return the filters of the URL, for links that keep them."""
    return tuple((str(key), value) for key in FILTER_KEYS for value in st.query_params.get_all(key))


def lift_tests_in_url() -> tuple[str, ...]:
    """Return the lift tests of the URL, also where no widget to type them is drawn."""
    return tuple(st.query_params.get_all(Key.LIFT_TESTS))


def reset_filters() -> None:
    """Put the filter bar back to its defaults; for use in a callback."""
    for key in FILTER_KEYS:
        st.session_state.pop(key, None)


def compare_also(compared: tuple[str, ...], model: str) -> None:
    """Compare a further model, and light it; for use in a callback."""
    st.session_state[Key.COMPARED] = [*compared, model]
    st.session_state[Key.MODEL] = model


def put_soon(values: Mapping[Key, object]) -> None:
    """Let widgets have these values from the next run on, which has to be started."""
    st.session_state[Key.PENDING] = dict(values)


def put_pending() -> None:
    """Give widgets the values that wait for them; before any of them is drawn."""
    waiting: dict[Key, object] = st.session_state.pop(Key.PENDING, {})
    for key, value in waiting.items():
        st.session_state[key] = value


def chosen_deal() -> str | None:
    """Return the deal whose drawer is open; it stands in the URL, so that it can be forwarded."""
    return st.query_params.get(Key.DEAL) or None


def choose_deal(deal_id: str) -> None:
    """Open the drawer of a deal."""
    st.query_params[Key.DEAL] = deal_id


def forget_deal() -> None:
    """Close the drawer, and unselect the row that opened it; for use in a callback."""
    st.query_params.pop(Key.DEAL, None)
    st.session_state[Key.DEAL_TABLE] = st.session_state.get(Key.DEAL_TABLE, 0) + 1


def deal_table_key() -> str:
    """Return the key of the table of deals; a new one has no row selected."""
    return f"{Key.DEAL_TABLE}_{st.session_state.setdefault(Key.DEAL_TABLE, 0)}"


def remember_rehearsal(deals: int) -> None:
    """Keep for this visit that models were asked to be measured on companies of so many deals."""
    st.session_state[Key.REHEARSED] = deals


def rehearsed() -> int | None:
    """Return of how many deals the companies were that models were measured on, if they were."""
    deals: int | None = st.session_state.get(Key.REHEARSED)
    return deals
