"""``python -m app export``: the tables that analyses read, as files for another engine."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments import (
    WhereOption,
    WorkspaceOption,
    make_folder,
    opened_part,
    unwritable,
)
from app.progress import working
from core.formats import counted


def export(
    workspace: WorkspaceOption,
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")],
    where: WhereOption = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="CSV and load.sql for Postgres instead of Parquet.")
    ] = False,
) -> None:
    """Write the tables for an engine elsewhere: Parquet files, or CSV that Postgres loads."""
    from core.engines.export import FileFormat, export_tables

    kind = FileFormat.CSV if as_csv else FileFormat.PARQUET
    with opened_part(workspace, where) as services, working("Writing the tables") as tell:
        make_folder(out)
        try:
            for path, rows in export_tables(services.workspace, out, kind):
                tell(None, f"Wrote {path.name}")
                typer.echo(f"{path}: {counted(rows, 'row')}" if rows is not None else path)
        except OSError as error:
            raise unwritable(out, error) from error
