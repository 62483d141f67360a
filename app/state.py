"""Typed access to session state: every key the application keeps stands here, once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import streamlit as st

from app.services import Services
from core.analyst.narrative import Narrative
from core.analyst.writers.registry import WriterSettings
from core.coverage import Coverage
from core.crm.importing import Preview
from core.crm.receipts import Receipt
from core.periods import Period
from core.scope import Scope


class Key(StrEnum):
    """Names in session state; those of the filter bar are also names in the URL."""

    PERIOD = "period"
    DAYS = "days"
    CURRENCY = "currency"
    OWNERS = "owner"
    MODEL = "model"
    COMPARED = "compare"
    LEVEL = "by"
    LOOKBACK = "lookback"
    ANCHOR = "anchor"
    ACCOUNT_TOUCHES = "company_touches"
    HALF_LIFE = "half_life"
    SERVICES = "app_services"
    VIEW = "app_view"
    OWN = "app_own_services"
    UPLOADS = "app_uploads"
    RECEIPTS = "app_receipts"
    PREVIEWS = "app_previews"
    MAPPINGS = "app_mappings"
    CHOICE = "app_choice"
    WRITER = "app_writer"
    TEXTS = "app_texts"


PREVIEWS_KEPT: Final = 4
TEXTS_KEPT: Final = 20
FILTER_KEYS: Final = (Key.PERIOD, Key.DAYS, Key.CURRENCY, Key.OWNERS)


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
    """

    services: Services
    coverage: Coverage
    scope: Scope
    period: Period
    before: Period | None

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


def upload_key() -> str:
    """Return the key of the drop zone; a new one empties it and frees what it held."""
    return f"{Key.UPLOADS}_{st.session_state.setdefault(Key.UPLOADS, 0)}"


def keep_receipts(receipts: tuple[Receipt, ...]) -> None:
    """Keep the account of the latest import for the page, and empty the drop zone."""
    st.session_state[Key.RECEIPTS] = receipts
    st.session_state.pop(Key.PREVIEWS, None)
    st.session_state[Key.UPLOADS] = st.session_state.get(Key.UPLOADS, 0) + 1


def receipts() -> tuple[Receipt, ...]:
    """Return the account of the latest import of this visit."""
    kept: tuple[Receipt, ...] = st.session_state.get(Key.RECEIPTS, ())
    return kept


def previews(key: str, make: Callable[[], tuple[Preview, ...]]) -> tuple[Preview, ...]:
    """Return the previews of a key, made once; only the last few are kept.

    They hold rows of the visitor's files, so they live and end with the session.
    """
    kept: dict[str, tuple[Preview, ...]] = st.session_state.setdefault(Key.PREVIEWS, {})
    if key not in kept:
        while len(kept) >= PREVIEWS_KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = make()
    return kept[key]


def choice_key(what: str, digest: str = "") -> str:
    """Return the key of the widget that decides something about a file, or about all of them."""
    return f"{Key.CHOICE}_{what}_{digest}"


def choice(what: str, digest: str = "") -> str | None:
    """Return what the visitor decided, or None; also before the widget is drawn in this run."""
    return st.session_state.get(choice_key(what, digest)) or None


def mapping(digest: str) -> str | None:
    """Return the mapping the visitor made for a file, or None."""
    made: dict[str, str] = st.session_state.get(Key.MAPPINGS, {})
    return made.get(digest)


def keep_mapping(digest: str, text: str) -> None:
    """Keep the mapping of a file for this visit."""
    st.session_state.setdefault(Key.MAPPINGS, {})[digest] = text


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


def reset_filters() -> None:
    """Put the filter bar back to its defaults; for use in a callback."""
    for key in FILTER_KEYS:
        st.session_state.pop(key, None)
