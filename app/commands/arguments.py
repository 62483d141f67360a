"""What commands have in common: the workspace they open, the files and days they are given."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from app.services import Services
from core.crm.receipts import SourceFile
from core.engine import DEFAULT_URL
from core.errors import InvalidParameterError
from core.selection import LEFT_OUT, in_words, parse_condition
from core.settings import Settings
from core.workspace import Workspace

WORKSPACE_IN_FOLDER = "workspace.duckdb"
"""Name of the workspace in a folder of exports."""

WorkspaceOption = Annotated[Path, typer.Option("--workspace", help="The workspace file.")]


WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where", help="Only deals that fulfil it: 'Segment=A|B', 'Seats>=50'; may be repeated."
    ),
]


@contextmanager
def opened_part(
    path: Path, where: Sequence[str] | None, url: str = DEFAULT_URL
) -> Iterator[Services]:
    """Give the services of the deals of a workspace file that fulfil every condition.

    What cannot be split by deals is left out, which standard error says.
    """
    conditions = [parse_condition(text) for text in where or ()]
    with opened(path, url) as services:
        if not conditions:
            yield services
            return
        with closing(services.where(conditions)) as part:
            typer.echo(f"note: {in_words(conditions)} {LEFT_OUT}", err=True)
            yield part


@contextmanager
def opened(path: Path, url: str = DEFAULT_URL, *, create: bool = False) -> Iterator[Services]:
    """Give the services of a workspace file for one command.

    A file made for the command is not left behind when the command stored nothing in it.
    """
    file = workspace_file(path)
    is_new = create and not file.exists()
    workspace = Workspace.open_or_create(file) if create else Workspace.open(file)
    services = Services(workspace, url)
    try:
        yield services
    finally:
        is_left_empty = is_new and services.history().is_empty()
        services.close()
        if is_left_empty:
            file.unlink()


def workspace_file(path: Path) -> Path:
    """Return the file a ``--workspace`` means; a folder stands for the one in it."""
    return path / WORKSPACE_IN_FOLDER if path.is_dir() else path


def source(path: Path) -> SourceFile:
    """Return a file as an import wants it."""
    return SourceFile(path.name, read(path))


def read(path: Path) -> bytes:
    """Return the bytes of a file that is not larger than an upload may be."""
    settings = Settings()
    try:
        if path.stat().st_size > settings.max_upload_bytes:
            raise InvalidParameterError(
                f"{path} is larger than {settings.max_upload_mb} MB.",
                "Split it, or raise PLUMBLINE_MAX_UPLOAD_MB.",
            )
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InvalidParameterError(
            f"{path} cannot be read: {reason}.", "Check the path."
        ) from error


def text_of(path: Path) -> str:
    """Return the text of a small UTF-8 file."""
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidParameterError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error


def day(text: str, option: str) -> date | None:
    """Return the day an option says, or None where it is blank."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidParameterError(
            f"{option} {text} is not a day.", "Write it as YYYY-MM-DD, such as 2026-03-31."
        ) from error


def days_between(first: str, last: str) -> tuple[date, date] | None:
    """Return the days ``--from`` and ``--to`` say, or None where both are blank."""
    starts_on, ends_on = day(first, "--from"), day(last, "--to")
    if starts_on and ends_on:
        return starts_on, ends_on
    if starts_on or ends_on:
        raise InvalidParameterError("A period has two ends.", "Give both --from and --to.")
    return None
