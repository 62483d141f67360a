"""``python -m app serve``: pages and API in one process."""

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments import workspace_file
from core.errors import InvalidParameterError
from core.workspace import Workspace

THIS_MACHINE = "127.0.0.1"
"""Address that nobody else reaches."""

LAST_PORT = 65_535


def serve(
    workspace: Annotated[
        Path | None,
        typer.Option(help="Share this workspace; without it each visitor has a private one."),
    ] = None,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0: every one, behind a proxy only.")
    ] = THIS_MACHINE,
) -> None:
    """Open the pages and the API in the browser's reach: http://localhost:8501, its /api."""
    require_free(host, port)
    from app.server import run

    if workspace is not None:
        file = workspace_file(workspace)
        Workspace.open_or_create(file).close()
        os.environ["PLUMBLINE_WORKSPACE"] = str(file.resolve())
    if host == THIS_MACHINE:  # whoever reaches it may then say what it calls
        os.environ.setdefault("PLUMBLINE_OWN_INSTALLATION", "true")
    run(port, host)


def require_free(host: str, port: int) -> None:
    """Refuse an address nobody can listen on, in words, before anything is opened.

    Raises
    ------
    InvalidParameterError
        If there is no such address, or another process listens there.
    """
    if not 0 < port <= LAST_PORT:
        raise InvalidParameterError(f"There is no port {port}.", f"Choose 1 to {LAST_PORT}.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise InvalidParameterError(
            f"Nothing can listen on {host}, port {port}: {error.strerror}.",
            "Choose another --port or --host, or end what listens there.",
        ) from error
