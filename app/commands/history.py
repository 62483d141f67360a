"""``python -m app history``, ``undo``, ``redo`` and ``as-of``: imports, and the way back."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments import WorkspaceOption, day, opened, workspace_file
from app.history_output import (
    changes_json,
    changes_text,
    exchanged_text,
    snapshots_json,
    snapshots_text,
)
from core.errors import InvalidParameterError

_JsonOption = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
_NumberOption = Annotated[
    int | None, typer.Option("--import", help="Number of an import, as history lists them.")
]


def history(
    workspace: WorkspaceOption, number: _NumberOption = None, as_json: _JsonOption = False
) -> None:
    """List the imports; with --import N what that one changed."""
    with opened(workspace) as services:
        if number is None:
            found = services.timeline.snapshots()
            typer.echo(snapshots_json(found) if as_json else snapshots_text(found))
            return
        changed = services.timeline.changes(number)
        typer.echo(changes_json(changed) if as_json else changes_text(changed))


def undo(
    workspace: WorkspaceOption, number: _NumberOption = None, as_json: _JsonOption = False
) -> None:
    """Take back the latest import; with --import N that one and all after it."""
    with opened(workspace) as services:
        undone = services.timeline.undo(number)
        state = services.workspace.fingerprint()
        typer.echo(snapshots_json(undone) if as_json else exchanged_text("undone", undone, state))


def redo(workspace: WorkspaceOption, as_json: _JsonOption = False) -> None:
    """Do the import again that was undone last; its files are not needed."""
    with opened(workspace) as services:
        done = (services.timeline.redo(),)
        state = services.workspace.fingerprint()
        typer.echo(snapshots_json(done) if as_json else exchanged_text("done again", done, state))


def as_of(
    workspace: WorkspaceOption,
    out: Annotated[Path, typer.Option("--out", help="The workspace file to make.")],
    number: _NumberOption = None,
    on: Annotated[str, typer.Option("--date", help="Last day of what is known.")] = "",
) -> None:
    """Write the data as an import, or a day, left them into a workspace of their own."""
    until = day(on, "--date")
    if (number is None) == (until is None):
        raise InvalidParameterError("Which data are meant?", "Give either --import or --date.")
    with opened(workspace) as services:
        timeline = services.timeline
        chosen = number if number is not None else timeline.number_on(until) if until else 0
        file = workspace_file(out)
        with timeline.as_of(chosen, file) as copy:
            typer.echo(f"{file}: as of import {chosen}, state {copy.fingerprint()}")
