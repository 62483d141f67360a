"""Views of the open deals under a name: what is shown, filtered and sorted, kept with the data."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from core.deals.listing import Listing
from core.errors import InvalidParameterError, UnknownNameError
from core.workspace import Workspace, set_meta

LONGEST_NAME: Final = 40
MOST_VIEWS: Final = 40

_KEY: Final = "deal views"


@dataclass(frozen=True)
class SavedViews:
    """Listings by name, in order of the names, and the one a page opens with.

    Parameters
    ----------
    views
        Name and listing.
    default
        Name of the one that opens by itself; empty for none.
    """

    views: tuple[tuple[str, Listing], ...] = ()
    default: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(name for name, _ in self.views)

    def get(self, name: str) -> Listing | None:
        """Return the listing of a name, or None."""
        return dict(self.views).get(name)

    def saved(self, name: str, listing: Listing) -> "SavedViews":
        """Return the views with one more; one of the same name is replaced.

        Raises
        ------
        InvalidParameterError
            If the name is none, or there are too many views.
        """
        wanted = _named(name)
        views = {**dict(self.views), wanted: listing}
        if len(views) > MOST_VIEWS:
            raise InvalidParameterError(
                f"There are {MOST_VIEWS} saved views already.", "Delete one first."
            )
        return replace(self, views=_in_order(views))

    def renamed(self, name: str, to: str) -> "SavedViews":
        """Return the views with another name for one of them.

        Raises
        ------
        InvalidParameterError
            If the name is none, or another view has it.
        UnknownNameError
            If there is no such view.
        """
        wanted, listing = _named(to), self._known(name)
        if wanted != name and wanted in self.names:
            raise InvalidParameterError(
                f"There is a view called {wanted} already.", "Choose another name."
            )
        kept = {known: one for known, one in self.views if known != name}
        default = wanted if self.default == name else self.default
        return SavedViews(_in_order({**kept, wanted: listing}), default)

    def without(self, name: str) -> "SavedViews":
        """Return the views without one of them; a view that is gone already is no error."""
        kept = tuple(one for one in self.views if one[0] != name)
        return SavedViews(kept, "" if self.default == name else self.default)

    def opening_with(self, name: str) -> "SavedViews":
        """Return the views with another one that opens by itself; none where the name is empty.

        Raises
        ------
        UnknownNameError
            If there is no such view.
        """
        if name:
            self._known(name)
        return replace(self, default=name)

    def _known(self, name: str) -> Listing:
        found = self.get(name)
        if found is None:
            raise UnknownNameError.among("saved view", name, self.names)
        return found


def _in_order(views: Mapping[str, Listing]) -> tuple[tuple[str, Listing], ...]:
    return tuple(sorted(views.items(), key=lambda view: (view[0].casefold(), view[0])))


def _named(name: str) -> str:
    """Return a name as it is kept: printable, in one line, not too long."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    kept = " ".join(shown.split())
    if not 0 < len(kept) <= LONGEST_NAME:
        raise InvalidParameterError(
            f"A saved view needs a name of up to {LONGEST_NAME} characters.", "Try: At risk."
        )
    return kept


def saved_views(workspace: Workspace) -> SavedViews:
    """Return the views kept in a workspace."""
    return _read(workspace.meta(_KEY))


def change_views(workspace: Workspace, change: Callable[[SavedViews], SavedViews]) -> SavedViews:
    """Change the views kept in a workspace and return them; imports leave them alone.

    Parameters
    ----------
    workspace
        Where they are kept.
    change
        What to do with those there are.
    """
    with workspace.transaction(of_rows=False) as cursor:
        found = cursor.execute("SELECT value FROM meta WHERE key = $key", {"key": _KEY}).fetchall()
        views = change(_read(found[0][0] if found else None))
        kept = {name: listing.content for name, listing in views.views}
        set_meta(cursor, _KEY, json.dumps({"views": kept, "default": views.default}))
    return views


def _read(text: str | None) -> SavedViews:
    kept = json.loads(text) if text else {}
    views = {name: Listing.of(content) for name, content in kept.get("views", {}).items()}
    default = kept.get("default", "")
    return SavedViews(_in_order(views), default if default in views else "")
