"""Answers that take seconds, kept while the data stay as they are."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import BoundedSemaphore, Lock
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request

from app.api.problems import too_busy

_Kept = TypeVar("_Kept")

KEPT: Final = 8
"""Answers kept, unless told otherwise."""

MOST_WAITING: Final = 8
"""Questions that are worked out or wait for it; each holds a thread that others may need."""


class Recent:
    """The last few heavy answers.

    Parameters
    ----------
    most
        Answers kept; the least used is forgotten first.
    """

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._keeping = Lock()
        self._working = Lock()
        self._room = BoundedSemaphore(MOST_WAITING)

    def answer(self, key: Hashable, work_out: Callable[[], _Kept]) -> _Kept:
        """Return an answer that is at hand, or work it out.

        One at a time: a burst of questions takes one core, and equal ones are worked out once.
        What is at hand waits for nobody.

        Raises
        ------
        RefusedError
            If too many wait already.
        """
        found: _Kept | None = self._at_hand(key)
        if found is not None:
            return found
        if not self._room.acquire(blocking=False):
            raise too_busy()
        try:
            with self._working:
                waited_for: _Kept | None = self._at_hand(key)
                return waited_for if waited_for is not None else self._keep(key, work_out())
        finally:
            self._room.release()

    def _at_hand(self, key: Hashable) -> Any | None:  # noqa: ANN401 - of any kind, by its key
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Hashable, found: _Kept) -> _Kept:
        with self._keeping:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found


def recent_answers(request: Request) -> Recent:
    """Return the heavy answers of the application that is asked."""
    found: Recent = request.app.state.recent
    return found


Heavy = Annotated[Recent, Depends(recent_answers)]
"""Where answers that take seconds are kept."""
