"""Saved views of the open deals: choose one, keep what is shown under a name, change and delete."""

from collections.abc import Callable

import streamlit as st

from app import deal_state, session, state
from app.components.text import literal
from app.services import Services
from app.state import Key, View
from core.deals.listing import Listing
from core.deals.saved_views import LONGEST_NAME, SavedViews


def open_asked(view: View) -> None:
    """Open the view the address names, or the default one on the first visit of a session."""
    kept = _kept(_of_all(view))
    asked = deal_state.asked_view(kept)
    if asked is None:
        return
    listing = kept.get(asked)
    if listing is None:
        st.info(
            f"There is no saved view called {literal(asked)} in this data.",
            icon=":material/bookmark:",
        )
        deal_state.leave_view()
        return
    deal_state.follow(asked, _possible(listing, view))
    st.rerun()


def show(listing: Listing, view: View) -> None:
    """Draw the choice among saved views, and what can be done with what is shown now."""
    kept, current = _kept(_of_all(view)), deal_state.current_view()
    saved = kept.get(current) if current else None
    _choose(kept, view)
    changed = saved is not None and _possible(saved, view) != listing
    label = "Save this view" if saved is None else ("Changed" if changed else "Edit this view")
    with st.popover(label, icon=":material/bookmark_add:"):
        if saved is not None:
            _edit(current, listing, kept, _of_all(view), changed=changed)
        _save(listing, kept, _of_all(view))
        st.caption(_where())


def _choose(kept: SavedViews, view: View) -> None:
    deal_state.choose_current()
    st.selectbox(
        "Saved view",
        kept.names,
        index=None,
        # Options of a list are shown as they are, without Markdown.
        format_func=lambda name: f"{name} (default)" if name == kept.default else name,
        placeholder="Choose a saved view" if kept.names else "None saved yet",
        key=Key.DEAL_SAVED_CHOICE,
        on_change=_take,
        args=(kept, view),
        disabled=not kept.names,
        width=220,
        help="Filters, columns and order under a name. The address names it, to be forwarded.",
    )


def _take(kept: SavedViews, view: View) -> None:
    """Show the chosen view, or everything when the choice was cleared; a callback."""
    name = deal_state.choice() or ""
    listing = kept.get(name) or Listing()
    deal_state.put(name, _possible(listing, view))


def _edit(
    current: str, listing: Listing, kept: SavedViews, services: Services, *, changed: bool
) -> None:
    if st.button(f"Update {literal(current)}", disabled=not changed, icon=":material/save:"):
        _change(services, lambda views: views.saved(current, listing))
        st.rerun()
    is_default = kept.default == current
    words = "Do not open it by itself" if is_default else "Open it by itself"
    if st.button(words, icon=":material/home:"):
        _change(services, lambda views: views.opening_with("" if is_default else current))
        st.rerun()
    if st.button(f"Delete {literal(current)}", icon=":material/delete:", type="tertiary"):
        _change(services, lambda views: views.without(current))
        deal_state.leave_view()
        st.rerun()


def _save(listing: Listing, kept: SavedViews, services: Services) -> None:
    current = deal_state.current_view()
    name = st.text_input(
        "Name",
        max_chars=LONGEST_NAME,
        key=Key.DEAL_SAVED_NAME,
        placeholder="At risk this quarter",
    ).strip()
    taken = name in kept.names
    with st.container(horizontal=True):
        if st.button("Save as new", disabled=not name or taken, icon=":material/bookmark_add:"):
            _change(services, lambda views: views.saved(name, listing))
            deal_state.name_view(name)
            state.put_soon({Key.DEAL_SAVED_NAME: ""})
            st.rerun()
        if current and st.button("Rename", disabled=not name or taken, icon=":material/edit:"):
            _change(services, lambda views: views.renamed(current, name))
            deal_state.name_view(name)
            state.put_soon({Key.DEAL_SAVED_NAME: ""})
            st.rerun()
    if taken:
        st.caption("Another view has that name." if name != current else "It has that name.")


def _possible(listing: Listing, view: View) -> Listing:
    return deal_state.with_owners_among(listing, view.coverage)


def _of_all(view: View) -> Services:
    """Return where views are kept: with all deals, whichever of them are looked at now."""
    return (view.of_all_deals or view).services


def _kept(services: Services) -> SavedViews:
    if session.is_everybodys_demo(services):
        return deal_state.views_of_this_visit()
    return services.deals.saved_views()


def _change(services: Services, change: Callable[[SavedViews], SavedViews]) -> None:
    if session.is_everybodys_demo(services):
        deal_state.keep_views_of_this_visit(change(_kept(services)))
    else:
        services.deals.change_views(change)


def _where() -> str:
    if session.is_private() and state.given_services() is None:
        return "Kept until you close this tab."
    return "Kept with the workspace, for everybody who opens it."
