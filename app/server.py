"""Pages and API in one process: what ``python -m app serve`` runs.

It wraps the plain ``app/main.py``, which keeps running by itself on Community Cloud and in tests.
What the wrapper adds: everything heavy is imported before the first visitor, objects that live as
long as the process are taken out of garbage collection (Streamlit collects after every rerun), and
every answer carries security headers.
"""

import atexit
import gc
import importlib
import logging
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Final
from uuid import uuid4

ROOT: Final = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
os.environ.setdefault("PYTHONPATH", str(ROOT))

import anyio  # noqa: E402
import streamlit as st  # noqa: E402
from starlette.datastructures import MutableHeaders  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.routing import Mount  # noqa: E402
from starlette.types import ASGIApp, Message, Receive, Scope, Send  # noqa: E402

from app.api.application import create_api  # noqa: E402
from app.api.keys import ApiKey, KeyFile  # noqa: E402
from app.api.repeats import answers_beside  # noqa: E402
from app.services import Services  # noqa: E402
from core.errors import PlumblineError, WorkspaceError, WorkspaceMissingError  # noqa: E402
from core.settings import Settings  # noqa: E402

LOG: Final = logging.getLogger("plumbline")

WARMING: Final = "warming"
"""Name of the thread that works ahead."""

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    # Streamlit's own bundle needs inline styles, and Vega compiles its expressions.
    "Content-Security-Policy": "default-src 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; frame-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


SLOW_IMPORTS: Final = ("altair", "duckdb", "narwhals", "pandas", "polars", "pyarrow")
"""Packages the first page would otherwise wait for; Streamlit needs pandas for any table."""


class SecurityHeaders:
    """Adds the headers to every HTTP answer, also to files and errors; streams stay streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def show_unexpected(error: Exception) -> bool:
    """Tell the visitor that something went wrong here, and the log what it was."""
    reference = uuid4().hex[:8]
    LOG.error("Reference %s", reference, exc_info=error)
    st.error(
        f"Reload the page. If it happens again, report reference `{reference}`: the details are "
        "in the server's log.",
        title="Something went wrong on our side.",
    )
    return True


@asynccontextmanager
async def prepared(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Import what pages need and answer their first questions before the first visitor comes.

    At the end the jobs of the API are stopped; an import of theirs is then complete or not there.
    """
    await anyio.to_thread.run_sync(_prepare)
    gc.collect()
    gc.freeze()
    Thread(target=_prepare_the_rest, name=WARMING, daemon=True).start()
    yield {}
    await anyio.to_thread.run_sync(API.state.jobs.stop)


def _prepare() -> None:
    for package in SLOW_IMPORTS:
        importlib.import_module(package)
    from app import warming

    try:
        warming.answer_first_questions()
    except PlumblineError as error:
        # A locked or missing file is no reason not to serve: the pages say what to do about it.
        LOG.warning("%s", error)


def _prepare_the_rest() -> None:
    """Answer what takes seconds while the first visitor is still looking at the first page."""
    from app import warming

    # The cache's spinner has no visitor to show itself to, and Streamlit warns of that.
    streamlit_log = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    streamlit_log.addFilter(lambda record: record.threadName != WARMING)
    try:
        warming.answer_heavy_questions()
    except PlumblineError as error:
        LOG.warning("%s", error)


def _shared_services() -> Services:
    """Return the services of the workspace file that the pages show."""
    from app import cache  # its caches want the running Streamlit

    settings = Settings()
    if settings.workspace is None:
        raise WorkspaceMissingError(
            "The API serves a workspace file, and there is none here.",
            "Start with: python -m app serve --workspace W.",
        )
    try:
        return cache.shared_services(settings.workspace, settings)
    except WorkspaceError as error:
        # Where the file lies on this machine is nothing to tell over a network.
        named = error.message.replace(str(settings.workspace), settings.workspace.name)
        raise type(error)(named, error.hint) from error


def _keys() -> tuple[ApiKey, ...]:
    """Return the keys of that workspace: read at every request, so that revoking works at once."""
    workspace = Settings().workspace
    return KeyFile.beside(workspace).keys() if workspace else ()


def _kept_answers() -> Path:
    """Return the folder beside that workspace in which answers are kept for repeated requests."""
    workspace = Settings().workspace
    if workspace is None:  # there are no keys then, so nobody gets here
        raise WorkspaceMissingError("There is no workspace file here.")
    return answers_beside(workspace)


API: Final = create_api(_shared_services, _keys, _kept_answers)

app = st.App(
    ROOT / "app" / "main.py",
    lifespan=prepared,
    routes=[Mount("/api", API)],
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=show_unexpected,
)


def run(port: int = 8501, host: str = "127.0.0.1") -> None:
    """Serve pages and API until interrupted."""
    with suppress(KeyboardInterrupt):  # the way a server is ended
        app.run(
            config={
                "server.address": host,
                "server.port": port,
                # Said again for a start from a folder where Streamlit finds no file of the project.
                "browser.gatherUsageStats": False,
                "server.enableStaticServing": True,
            }
        )
    atexit.register(_end)


def _end() -> None:
    """End the process here, after its threads: an import of the pages has stopped by now.

    Python would go on to take modules apart, under threads of Streamlit that never end, and the
    engine's bindings would then write forty lines about what these still hold.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    run()
