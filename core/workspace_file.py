"""The file of a workspace as the engine has it: opening it locked down, and telling what it is."""

import re
from pathlib import Path
from typing import Final

import duckdb

from core.errors import WorkspaceDamagedError, WorkspaceLockedError
from core.settings import Settings

_MAGIC: Final = b"DUCK"


def journal_of(path: Path) -> Path:
    """Return where the engine keeps what it has not written into a file yet."""
    return path.with_name(path.name + ".wal")


def connect(target: str, settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open a database file, or memory, locked down: nothing outside can be read or loaded.

    Raises
    ------
    WorkspaceLockedError
        If another process has the file open.
    WorkspaceDamagedError
        If it is no database.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{settings.memory_limit_mb}MB",
        "threads": str(settings.threads),
        # Gives back what a large write needed: 39 MB after the demo company was made.
        "allocator_background_threads": "true",
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
    }
    try:
        root = duckdb.connect(target, config=config)
        root.execute("SET TimeZone = 'UTC'")
        root.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise _translated(error, target) from error
    return root


def looks_like_workspace(path: Path) -> bool:
    """Tell whether a file begins as the engine's files do, without opening it as one.

    So it can be told of a file that another process has open.
    """
    with path.open("rb") as file:
        return file.read(12)[8:] == _MAGIC  # after a checksum of eight bytes


def is_interrupted(error: Exception) -> bool:
    """Tell whether an error is how the engine says that the keyboard stopped its statement."""
    return isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted"


def _translated(error: duckdb.Error, target: str) -> WorkspaceLockedError | WorkspaceDamagedError:
    name = Path(target).name  # visitors of the pages read it too, and need not know the folder
    # Not the word alone: the message quotes the path, which may hold it.
    if re.search(r"Could not set lock on file|used by another process", str(error)):
        holder = re.search(r"\(PID (\d+)\)", str(error))
        which = f" (its number is {holder[1]})" if holder else ""
        return WorkspaceLockedError(
            f"{name} is open in another process.",
            f"Wait until it is done, or close it{which}. If it is a server, use its pages and API.",
        )
    return WorkspaceDamagedError(
        f"{name} cannot be opened as a workspace.",
        "If it was one, restore a copy; otherwise choose another file.",
    )
