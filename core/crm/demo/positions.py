"""Many things of a kind as arrays of one length: what stands at a position is about one of them."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from core.crm.demo.chance import Flags, Ints


@dataclass(frozen=True)
class Positions:
    """A frozen dataclass whose every field is an array, one position a thing."""

    def chosen(self, which: Ints | Flags | slice) -> Self:
        """Return the chosen ones."""
        parts = {field.name: getattr(self, field.name)[which] for field in fields(self)}
        return type(self)(**parts)

    def joined(self, other: Self) -> Self:
        """Return these, then others."""
        parts = {
            field.name: np.concatenate([getattr(self, field.name), getattr(other, field.name)])
            for field in fields(self)
        }
        return type(self)(**parts)
