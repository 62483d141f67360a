"""Filters on any column of the exports: a part of the deals takes the place of all of them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import streamlit as st

from app import cache
from app.caches import selection
from app.components.text import literal
from app.services import Services
from app.state import Key, View
from core.attributes import AttributeKind
from core.formats import listed
from core.selection import Condition, Field, Relation, parse_condition

_MEASURED: Final = (AttributeKind.NUMBER, AttributeKind.DATE)
_HELP: Final = (
    "Any column of your deals and companies. Choose a value, or type a condition, such as "
    "Seats >= 50. Values of one column are alternatives. Every figure is then about these deals "
    "alone, and models learn from them alone."
)


def show(services: Services) -> tuple[str, ...]:
    """Draw the filter in the sidebar and return what was chosen, as texts."""
    offered = selection.fields(services, services.cache_key)
    if not offered:
        return ()
    chosen = st.multiselect(
        "Deals",
        list(_options(offered)),
        key=Key.WHERE,
        bind="query-params",
        placeholder="All deals",
        accept_new_options=True,
        select_all=False,
        help=_HELP + _measured(offered),
    )
    return tuple(sorted(chosen))


def applied(view: View, texts: tuple[str, ...]) -> View:
    """Return the view of the deals that were chosen, or of all of them.

    Raises
    ------
    PlumblineError
        If a text is no condition, or no deal fulfils it.
    """
    if not texts:
        return view
    whole = view.services
    known = _options(selection.fields(whole, whole.cache_key))
    conditions = _joined(known.get(text) or parse_condition(text) for text in texts)
    part = selection.part(whole, whole.cache_key, conditions)
    covered = cache.coverage(part, part.cache_key)
    return replace(view, services=part, coverage=covered, of_all_deals=view)


def _options(fields: Iterable[Field]) -> dict[str, Condition]:
    return {
        f"{field.name} = {value}": Condition(field.name, Relation.IS, (value,))
        for field in fields
        for value in field.values
    }


def _joined(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Return the conditions with the values of one column as alternatives."""
    alternatives: dict[str, Condition] = {}
    others = []
    for one in conditions:
        if one.relation is not Relation.IS:
            others.append(one)
            continue
        before = alternatives.get(one.field)
        values = (*(before.values if before else ()), *one.values)
        alternatives[one.field] = replace(one, values=values)
    return (*alternatives.values(), *others)


def _measured(fields: Iterable[Field]) -> str:
    names = [field.name for field in fields if field.kind in _MEASURED]
    return f" Numbers and days to compare: {literal(listed(names))}." if names else ""
