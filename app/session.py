"""Whose data a visitor sees.

With a workspace file set, everybody shares it. Without one each visitor looks at the demo company,
which is simulated once and never written, until the first import or a fresh start gives that
visitor a private workspace in memory. No visitor ever sees another's rows.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

import streamlit as st

from app import cache, state
from app.import_job import ImportJob, Order
from app.services import Services
from core.crm.importing import ImportOptions, Preview
from core.crm.receipts import Receipt, SourceFile, Status
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


def preview(
    files: Sequence[SourceFile], now: datetime, options: ImportOptions
) -> tuple[Preview, ...]:
    """Return what importing into this visitor's data would do; nothing is stored.

    While the visitor looks at the demo, the import would go into a new private workspace, so that
    is what the preview is made against.
    """
    services = current_services()
    if not is_everybodys_demo(services):
        return services.preview(files, now, options)
    with closing(Services(Workspace.in_memory(Settings()))) as private:
        return private.preview(files, now, options)


def begin_import(order: Order) -> ImportJob:
    """Import into this visitor's data, and never into the demo that everybody reads.

    The first import of a visitor goes into a new private workspace; `finish_import` lets it take
    the demo's place.
    """
    services = current_services()
    if is_everybodys_demo(services):
        services = Services(Workspace.in_memory(Settings()))
    return ImportJob(services, order)


def finish_import(job: ImportJob) -> tuple[Receipt, ...]:
    """Return the account of an import that has ended, and show its data if a file was read.

    Raises
    ------
    PlumblineError
        Whatever stopped it; nothing was stored then.
    """
    is_new = is_private() and state.given_services() is None
    is_new = is_new and job.services is not state.own_services()
    try:
        receipts = job.receipts()
    except Exception:
        if is_new:
            job.services.close()
        raise
    if is_new and all(receipt.status is Status.REFUSED for receipt in receipts):
        job.services.close()
    elif is_new:
        state.keep_own_services(job.services)
    return receipts


def forget_mapping(key: str) -> None:
    """Let go of what was said about files with some headers."""
    current_services().forget_mapping(key)


def data_key() -> str:
    """Return what an import would go into and its state, for keys of previews."""
    services = current_services()
    return "new" if is_everybodys_demo(services) else services.cache_key


def start_empty() -> None:
    """Give this visitor a private, empty workspace; what it had before is gone."""
    state.keep_own_services(Services(Workspace.in_memory(Settings())))


def may_load_demo(services: Services) -> bool:
    """Tell whether loading the demo company is possible and would replace nobody's own data."""
    if is_private():
        return not is_everybodys_demo(services)
    return services.is_empty()


def load_demo() -> None:
    """Show this visitor the demo company; fill the shared workspace with it when there is one."""
    settings = Settings()
    if settings.workspace is None:
        state.keep_own_services(None)
        return
    services = current_services()
    if may_load_demo(services):  # a second tab may have imported since the button was drawn
        services.load_demo(cache.demo_options(settings))


def _demo_services(settings: Settings) -> Services:
    with st.spinner("Simulating the demo company"):  # shows only while it really takes time
        return cache.demo_services(settings)


def is_private() -> bool:
    """Tell whether this visitor's data are its own and gone when it leaves."""
    return Settings().workspace is None


def is_everybodys_demo(services: Services) -> bool:
    """Tell whether these are the services of the demo that everybody reads and nobody writes."""
    return state.given_services() is None and is_private() and state.own_services() is not services
