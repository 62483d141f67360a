"""What session state and the address hold of the Deals page: the listing and the saved view."""

from dataclasses import replace
from typing import Final

import streamlit as st

from app import state
from app.state import Key
from core.coverage import Coverage
from core.deals.listing import Listing
from core.deals.saved_views import SavedViews
from core.deals.views import DealView

_OPENED: Final = ""
"""Current view of a session that has opened the page and follows no saved view."""


def current_view() -> str:
    """Return the name of the saved view that is shown, changed or not; empty for none."""
    found: str | None = st.session_state.get(Key.DEAL_SAVED_NOW)
    return found or _OPENED


def asked_view(kept: SavedViews) -> str | None:
    """Return the name of a saved view to open now, or None where nothing new is asked for.

    The address asks for one by its name; a session that has not seen the page yet, and whose
    address asks for nothing in particular, for the default.
    """
    named, is_new = st.query_params.get(Key.DEAL_SAVED), Key.DEAL_SAVED_NOW not in st.session_state
    st.session_state.setdefault(Key.DEAL_SAVED_NOW, _OPENED)
    if named:
        return named if named != current_view() else None
    if current_view() in kept.names:  # another page took the name out of the address
        st.query_params[Key.DEAL_SAVED] = current_view()
        return None
    filtered = any(key in st.query_params for key in _values(Listing()))
    return kept.default or None if is_new and not filtered else None


def follow(name: str, listing: Listing) -> None:
    """Open a saved view from the next run on; what the address says besides stays as it is."""
    name_view(name)
    values = _values(listing)
    state.put_soon({key: values[key] for key in values if key not in st.query_params})


def put(name: str, listing: Listing) -> None:
    """Show a listing under its name, or under none; for use in a callback."""
    name_view(name)
    for key, value in _values(listing).items():
        st.session_state[key] = value


def name_view(name: str) -> None:
    """Say in the address and for this visit which saved view is shown."""
    st.session_state[Key.DEAL_SAVED_NOW] = name
    if name:
        st.query_params[Key.DEAL_SAVED] = name
    else:
        st.query_params.pop(Key.DEAL_SAVED, None)


def leave_view() -> None:
    """Show what is shown under no name."""
    name_view(_OPENED)


def choose_current() -> None:
    """Let the choice among saved views stand at the one that is shown; before it is drawn."""
    st.session_state[Key.DEAL_SAVED_CHOICE] = current_view() or None


def choice() -> str | None:
    """Return the saved view that was chosen; for use in the callback of that choice."""
    found: str | None = st.session_state.get(Key.DEAL_SAVED_CHOICE)
    return found


def with_owners_among(listing: Listing, covered: Coverage) -> Listing:
    """Return a listing without owners the data do not know, in the order of the filter."""
    known = {owner_id for owner_id, _ in covered.owners}
    return replace(listing, owner_ids=tuple(sorted(known & set(listing.owner_ids))))


def views_of_this_visit() -> SavedViews:
    """Return the views a visitor of the shared demo saved."""
    found: SavedViews = st.session_state.get(Key.DEAL_SAVED_HERE, SavedViews())
    return found


def keep_views_of_this_visit(views: SavedViews) -> None:
    """Keep the views of a visitor of the shared demo until the visit ends."""
    st.session_state[Key.DEAL_SAVED_HERE] = views


def _values(listing: Listing) -> dict[Key, object]:
    """Return what each widget of the page has to hold to show a listing."""
    return {
        Key.DEAL_VIEW: None if listing.show is DealView.ALL else listing.show,
        Key.DEAL_PERIOD: listing.until,
        Key.OWNERS: list(listing.owner_ids),
        Key.DEAL_BANDS: list(listing.bands),
        Key.DEAL_SIGNALS: list(listing.signals),
        Key.DEAL_MOVED: list(listing.moved),
        Key.DEAL_COLUMNS: list(listing.columns),
        Key.DEAL_SORT: listing.sort,
        Key.DEAL_ASCENDING: listing.ascending,
    }
