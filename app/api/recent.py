"""Answers that take seconds, kept while the data stay as they are."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from fastapi import Request

_Kept = TypeVar("_Kept")

KEPT: Final = 8
"""Answers kept; the least used is forgotten first."""


class Recent:
    """The last few heavy answers."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def answer(self, key: Hashable, work_out: Callable[[], _Kept]) -> _Kept:
        """Return an answer that is at hand, or work it out.

        One at a time: a burst of questions takes one core, and equal ones are worked out once.
        """
        with self._lock:
            if key not in self._kept:
                self._kept[key] = work_out()
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            found: _Kept = self._kept[key]
            return found


def recent_answers(request: Request) -> Recent:
    """Return the heavy answers of the application that is asked."""
    found: Recent = request.app.state.recent
    return found
