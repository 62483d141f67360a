"""``python -m app key``: who may ask the HTTP API."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.api.keys import ApiKey, KeyFile, KeyScope
from app.commands.arguments import WorkspaceOption, workspace_file
from app.output import aligned
from core.errors import WorkspaceDamagedError, WorkspaceMissingError
from core.workspace_file import looks_like_workspace

keys = typer.Typer(name="key", help="Make, list and revoke keys of the API.", no_args_is_help=True)


@keys.command()
def add(
    workspace: WorkspaceOption,
    name: Annotated[str, typer.Option(help="What it is for, to tell keys apart.")] = "",
    scope: Annotated[
        KeyScope, typer.Option(help="read: ask; write: also import, undo and do again.")
    ] = KeyScope.READ,
) -> None:
    """Make a key of the HTTP API; its secret is shown this once."""
    made, secret = _key_file(workspace).add(name, datetime.now(UTC), scope)
    may = "read and write" if made.may_write else "read"
    typer.echo(f"key {made.key_id} may {may}. Its secret is not kept and not shown again:")
    typer.echo(secret)


@keys.command("list")
def list_keys(
    workspace: WorkspaceOption,
    as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
) -> None:
    """List the keys, revoked ones too; no secret is kept, so none is shown."""
    found = _key_file(workspace).keys()
    typer.echo(json.dumps([_fields(key) for key in found], indent=2) if as_json else _text(found))


@keys.command()
def revoke(
    workspace: WorkspaceOption,
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As key list names it.")],
) -> None:
    """Let a key work no more, at once, also for a running server."""
    revoked = _key_file(workspace).revoke(key_id, datetime.now(UTC))
    typer.echo(f"key {revoked.key_id} works no more, since {revoked.revoked_at}")


def _key_file(workspace: Path) -> KeyFile:
    """Return the keys of a workspace; it is not opened, so a server may hold it meanwhile."""
    file = workspace_file(workspace)
    if not file.exists():
        raise WorkspaceMissingError(f"There is no workspace at {file}.", "Check the path.")
    if not looks_like_workspace(file):
        raise WorkspaceDamagedError(f"{file} is not a workspace.", "Check the path.")
    return KeyFile.beside(file)


def _fields(key: ApiKey) -> dict[str, str]:
    return {name: value for name, value in asdict(key).items() if name != "secret_hash"}


def _text(found: tuple[ApiKey, ...]) -> str:
    if not found:
        return "no keys yet"
    rows = [
        [key.key_id, key.scope, key.created_at, key.revoked_at or "-", key.name] for key in found
    ]
    return aligned([["key", "scope", "created (UTC)", "revoked", "name"], *rows])
