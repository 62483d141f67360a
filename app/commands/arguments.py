"""What commands have in common: the workspace they open, the files and days they are given."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.defaults import FIRST_DAY, LAST_DAY
from app.services import Services
from core.crm.receipts import SourceFile
from core.engine import DEFAULT_URL
from core.errors import InvalidParameterError
from core.periods import Preset
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


def write(path: Path, content: bytes) -> None:
    """Write a file that a command was asked for, and its folder where there is none yet."""
    make_folder(path.parent)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise unwritable(path, error) from error


def make_folder(path: Path) -> None:
    """Make a folder for files that a command was asked for, where there is none yet."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> InvalidParameterError:
    """Return what to say of a place that cannot be written to."""
    return InvalidParameterError(
        f"{path} cannot be written: {error.strerror}.", "Choose another place."
    )


def text_of(path: Path) -> str:
    """Return the text of a small UTF-8 file."""
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidParameterError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error


def day(text: str, option: str) -> date | None:
    """Return the day an option says, or None where it is blank."""
    if not text:
        return None
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise InvalidParameterError(
            f"{option} {text} is not a day.", "Write it as YYYY-MM-DD, such as 2026-03-31."
        ) from error
    if not FIRST_DAY <= found <= LAST_DAY:
        raise InvalidParameterError(
            f"{option} {text} is out of reach.", f"Choose a day from {FIRST_DAY} to {LAST_DAY}."
        )
    return found


def require_blank(what: str, options: Mapping[str, object]) -> None:
    """Refuse options that say nothing about what is asked: left out, they would seem to hold."""
    given = [name for name, value in options.items() if value]
    if given:
        raise InvalidParameterError(
            f"{what} has no {' and no '.join(given)}.", "Leave it out, or give --workspace."
        )


def days_between(first: str, last: str, preset: Preset) -> tuple[date, date] | None:
    """Return the days ``--from`` and ``--to`` say, or None where a period is named instead."""
    starts_on, ends_on = day(first, "--from"), day(last, "--to")
    if starts_on and ends_on:
        return starts_on, ends_on
    if starts_on or ends_on:
        raise InvalidParameterError("A period has two ends.", "Give both --from and --to.")
    require_named(preset)
    return None


def require_named(preset: Preset) -> None:
    """Refuse the period that is none without days: it would silently mean all time."""
    if preset is Preset.CUSTOM:
        names = [name.value for name in Preset if name is not Preset.CUSTOM]
        raise InvalidParameterError(
            "A custom period is two days.", f"Give --from and --to, or one of {', '.join(names)}."
        )
