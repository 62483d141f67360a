"""Answers about a part of the deals, chosen as ``--where`` does, and what that leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, Protocol, Self, TypeVar

from fastapi import Depends, Query, Request

from app.api.access import Asked
from app.api.parameters import Conditions
from app.api.recent import Recent
from app.services import Services
from core.selection import parse_condition

PARTS: Final = 6
"""Parts kept, as for the pages; one that is forgotten lives on while it is asked."""


class Parts:
    """The parts of the deals that were asked for last, each a copy in memory."""

    def __init__(self) -> None:
        self._recent = Recent(PARTS)

    def of(self, services: Services, where: Sequence[str]) -> Services:
        """Return the services of the deals that fulfil every condition; of all where there is none.

        In which order conditions are said makes no difference.

        Raises
        ------
        InvalidParameterError
            If a text is no condition, or does not fit its column.
        UnknownNameError
            If there is no such column.
        EmptyWorkspaceError
            If no deal fulfils them.
        """
        if not where:
            return services
        conditions = tuple(parse_condition(text) for text in sorted(set(where)))
        name = f"{services.cache_key}:{conditions}"
        # A part that is made again answers under the name of the first, so its answers are kept.
        return self._recent.answer(name, lambda: replace(services.where(conditions), identity=name))


def chosen(
    request: Request, services: Asked, where: Annotated[Conditions, Query()] = ()
) -> Services:
    """Return what may be asked of the deals a request chooses."""
    parts: Parts = request.app.state.parts
    return parts.of(services, where)


Chosen = Annotated[Services, Depends(chosen)]
"""What the holder of a key may ask, of the deals the request chooses."""


class _Doubting(Protocol):
    """An answer with doubts."""

    @property
    def warnings(self) -> list[str]: ...

    def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Self: ...


_Told = TypeVar("_Told", bound=_Doubting)


def noted(services: Services, answer: _Told) -> _Told:
    """Return an answer that says first which deals it is about, and what that leaves out."""
    said = services.selection.in_words()
    return answer.model_copy(update={"warnings": [said, *answer.warnings]}) if said else answer
