"""What engines have in common: each serves one call and hands out canonical tables only."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import narwhals as nw

from core.engine import Frame, readable
from core.workspace import Workspace

T = TypeVar("T")


class Call(ABC):
    """What one call has built so far, from one place.

    Parameters
    ----------
    workspace
        Whose data.
    name
        What results are kept apart by; empty for the workspace's own engine.
    keeps
        Rows that may stay in memory between questions.
    """

    def __init__(self, workspace: Workspace, name: str, keeps: int = 0) -> None:
        self.keeps = keeps
        self._workspace = workspace
        self._name = name
        self._built: dict[Hashable, Frame] = {}

    def table(self, name: str) -> Frame:
        """Return a canonical table or view."""
        return self.once(name, lambda: nw.from_native(self._read(readable(name))))

    def once(self, key: Hashable, build: Callable[[], Frame]) -> Frame:
        """Keep each frame as long as the call lasts."""
        if key not in self._built:
            self._built[key] = build()
        return self._built[key]

    def remembered(self, key: Hashable, compute: Callable[[], T], kind: str = "fits") -> T:
        """Ask the workspace, which outlives this call."""
        return self._workspace.remembered((self._name, key) if self._name else key, compute, kind)

    @abstractmethod
    def _read(self, name: str) -> Any:  # noqa: ANN401 - each engine has frames of its own
        """Return a table as the engine's own lazy frame."""
