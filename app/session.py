"""Whose data a visitor sees.

With a workspace file set, everybody shares it. Without one each visitor looks at the demo company,
which is simulated once and never written, until the first import or a fresh start gives that
visitor a private workspace in memory. No visitor ever sees another's rows.
"""

import streamlit as st

from app import cache, state
from app.services import Services
from core.settings import Settings
from core.workspace import Workspace


def current_services() -> Services:
    """Return the services of this visitor for this run."""
    given = state.given_services()
    if given is not None:
        return given
    settings = Settings()
    if settings.workspace is not None:
        return cache.shared_services(settings.workspace, settings)
    return state.own_services() or _demo_services(settings)


def writable_services() -> Services:
    """Return services that may be written: never the demo everybody reads."""
    services = current_services()
    return start_empty() if _is_everybodys_demo(services) else services


def start_empty() -> Services:
    """Give this visitor a private, empty workspace; what it had before is gone."""
    services = Services(Workspace.in_memory(Settings()))
    state.keep_own_services(services)
    return services


def load_demo() -> None:
    """Show this visitor the demo company; fill the shared workspace with it when there is one."""
    settings = Settings()
    if settings.workspace is not None:
        current_services().load_demo(cache.demo_options(settings))
    else:
        state.keep_own_services(None)


def _demo_services(settings: Settings) -> Services:
    with st.spinner("Simulating the demo company"):  # shows only while it really takes time
        return cache.demo_services(settings)


def is_private() -> bool:
    """Tell whether this visitor's data are its own and gone when it leaves."""
    return Settings().workspace is None


def _is_everybodys_demo(services: Services) -> bool:
    return state.given_services() is None and is_private() and state.own_services() is not services
