"""Every error shown to a person: a message says what happened, a hint says what to do.

PlumblineError
├── DataError
│   ├── ImportRefusedError        a file that cannot be read as a whole; nothing was stored
│   ├── ImportCancelledError      a person stopped an import; nothing was stored
│   ├── UndoError                 there is no import to undo, or none to redo
│   ├── EmptyWorkspaceError       an analysis was asked of a workspace without the rows it needs
│   └── ForecastError             a forecaster cannot continue this history
├── InvalidParameterError         a setting outside its allowed values (also a ValueError)
├── UnknownNameError              a model, metric or table that does not exist (also a KeyError)
├── WorkspaceError
│   ├── WorkspaceMissingError     the file is not there
│   ├── WorkspaceLockedError      another process holds the file
│   ├── WorkspaceVersionError     a newer version of the product made the file
│   └── WorkspaceDamagedError     the file is not a workspace, or cannot be read
├── KeysDamagedError              the file with the keys of the API cannot be read
├── ReportError                   a document that cannot be drawn
├── ExtraMissingError             a part that is installed on its own is not there
├── EngineUnavailableError        the engine of a URL is not installed or not known
└── WriterError                   a model that writes text is out of reach or answers nonsense
"""

from collections.abc import Iterable
from difflib import get_close_matches


class PlumblineError(Exception):
    """Base of everything a person may be shown.

    Parameters
    ----------
    message
        What happened, in one sentence.
    hint
        What to do about it; empty when the message says it already.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class DataError(PlumblineError):
    """The data cannot answer, or cannot be read."""


class ImportRefusedError(DataError):
    """A file refused as a whole; nothing of it was stored.

    Parameters
    ----------
    file
        Name of the file, for display only.
    code
        Machine-readable reason, such as ``missing_columns``.
    message
        What is wrong with the file.
    hint
        How to get a file that works.
    """

    def __init__(self, file: str, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.args = (file, code, message, hint)
        self.file = file
        self.code = code


class ImportCancelledError(DataError):
    """A person stopped an import; nothing of it was stored."""


class UndoError(DataError):
    """There is no import that can be undone, or none that can be done again."""


class EmptyWorkspaceError(DataError):
    """An analysis was asked of a workspace that lacks the rows it needs."""


class ForecastError(DataError):
    """A forecaster cannot continue this history; others may."""


class InvalidParameterError(PlumblineError, ValueError):
    """A setting outside its allowed values."""


class UnknownNameError(PlumblineError, KeyError):
    """A name that does not exist; the hint lists the ones that do."""

    @classmethod
    def among(cls, kind: str, received: str, known: Iterable[str]) -> "UnknownNameError":
        """Build the error from what was asked for and what exists.

        >>> str(UnknownNameError.among("model", "liner", ["linear", "last_touch"]))
        "There is no model called 'liner'. Did you mean 'linear'? Known: linear, last_touch."
        """
        names = list(known)
        close = get_close_matches(received, names, n=1)
        guess = f"Did you mean '{close[0]}'? " if close else ""
        known_names = ", ".join(names) or "none"
        return cls(f"There is no {kind} called '{received}'.", f"{guess}Known: {known_names}.")


class WorkspaceError(PlumblineError):
    """The file that holds a workspace cannot be used."""


class WorkspaceMissingError(WorkspaceError):
    """There is no workspace at that path."""


class WorkspaceLockedError(WorkspaceError):
    """Another process has the workspace open."""


class WorkspaceDamagedError(WorkspaceError):
    """The file is not a workspace, or it cannot be read."""


class WorkspaceVersionError(WorkspaceError):
    """A newer version of the product made the workspace."""


class KeysDamagedError(PlumblineError):
    """The file with the keys of the API cannot be read; nobody is let in then."""


class ReportError(PlumblineError):
    """A report that cannot be drawn, although its figures are known."""


class ExtraMissingError(PlumblineError):
    """A part of the product that is installed on its own is not there."""


class EngineUnavailableError(PlumblineError):
    """The engine named by a URL is not installed or not known."""


class WriterError(PlumblineError):
    """A model that writes text cannot be reached, or does not answer as it should.

    Parameters
    ----------
    code
        What went wrong, for programs: ``unreachable``, ``no_model``, ``slow``, ``broken_off``,
        ``malformed``, ``refused``, ``cancelled``, ``not_set``.
    message
        What happened, in one sentence.
    hint
        What to do about it.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.args = (code, message, hint)
        self.code = code
