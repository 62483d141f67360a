"""What single values of a file mean: stages won or lost, sources as channels, owners, currencies.

A person says it in a map.toml; a file in which nothing is said keeps its values as they are.
"""

import json
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from core.crm.currencies import code
from core.crm.recipe import ByStage, Cell, Emission, Recipe
from core.errors import InvalidParameterError, UnknownNameError
from core.schema import Kind

OUTCOMES: Final = ("open", "won", "lost")

Pairs = tuple[tuple[str, str], ...]
"""What a file says, without regard to case, and what it means."""


@dataclass(frozen=True)
class Values:
    """What single values of a file mean.

    Parameters
    ----------
    stage
        Stages in the order of the pipeline, and whether they are open, won or lost.
    channel
        Sources, and the channels they are.
    owner
        Spellings of a salesperson, and the one that counts.
    currency
        Words for currencies, and their codes of ISO 4217.
    """

    stage: Pairs = ()
    channel: Pairs = ()
    owner: Pairs = ()
    currency: Pairs = ()

    def of(self, kind: str) -> Pairs:
        """Return what values of a kind mean."""
        pairs: Pairs = getattr(self, kind)
        return pairs

    def over(self, other: "Values") -> "Values":
        """Return what is said here and, where a kind is not mentioned, what is said there."""
        return Values(*(self.of(kind) or other.of(kind) for kind in KINDS))

    def applied(self, recipe: Recipe) -> Recipe:
        """Return a recipe that reads these values as what they mean."""
        if self == Values():
            return recipe
        emissions = tuple(self._read_by(emission) for emission in recipe.emissions)
        return replace(recipe, emissions=emissions, stages=self.stage)

    def _read_by(self, emission: Emission) -> Emission:
        cells = dict(emission.cells)
        for name, cell in emission.cells:
            pairs = self._meant(emission, name)
            if pairs:
                cells[name] = replace(cell, chosen=_folded(pairs))
        if emission.table.name == "deals" and self.stage and "stage" in cells:
            rule = ByStage(cells["stage"], _folded(self.stage))
            won = cells.get("is_won", Cell(sources=cells["stage"].sources, otherwise=""))
            cells["is_won"] = replace(won, by_stage=rule)
            if "closed_at" in cells:
                cells["closed_at"] = replace(cells["closed_at"], by_stage=rule)
        return replace(emission, cells=tuple(cells.items()))

    def _meant(self, emission: Emission, name: str) -> Pairs:
        column = emission.table.column(name)
        if column.kind is Kind.CURRENCY:
            return self.currency
        if name == "owner_id" or (emission.table.name == "owners" and name == "name"):
            return self.owner
        return self.channel if name == "channel" else ()


KINDS: Final = tuple(field.name for field in fields(Values))


def parse_values(content: AnyMapping[str, Any]) -> Values:
    """Build values from the ``[values.…]`` parts of a map.toml.

    Raises
    ------
    UnknownNameError
        If it names a kind of value that does not exist.
    InvalidParameterError
        If a stage means something else than open, won or lost, or a currency has no code.

    >>> parse_values({"stage": {"Gewonnen": "won"}}).stage
    (('Gewonnen', 'won'),)
    """
    for kind, pairs in content.items():
        if kind not in KINDS:
            raise UnknownNameError.among("kind of value", kind, KINDS)
        for value, meaning in pairs.items():
            _check(kind, value, meaning)
    return Values(**{kind: tuple(pairs.items()) for kind, pairs in content.items()})


def values_text(values: Values) -> str:
    """Return the ``[values.…]`` parts of a map.toml.

    >>> print(values_text(Values(stage=(("Gewonnen", "won"),))))
    [values.stage]
    "Gewonnen" = "won"
    <BLANKLINE>
    """
    blocks = [
        "\n".join([f"[values.{kind}]", *(f"{quoted(a)} = {quoted(b)}" for a, b in pairs), ""])
        for kind in KINDS
        if (pairs := values.of(kind))
    ]
    return "\n".join(blocks)


def quoted(text: str) -> str:
    """Return a TOML string: JSON's rules, and the one control character JSON leaves alone."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check(kind: str, value: str, meaning: object) -> None:
    if not isinstance(meaning, str) or not meaning.strip():
        raise InvalidParameterError(
            f"The {kind} '{value}' is given no meaning.", "Write a text beside it, in quotes."
        )
    if kind == "stage" and meaning not in OUTCOMES:
        raise InvalidParameterError(
            f"The stage '{value}' cannot be '{meaning}'.", f"Use one of {', '.join(OUTCOMES)}."
        )
    if kind == "currency" and code(meaning) != meaning:
        raise InvalidParameterError(
            f"'{meaning}' is no currency.", "Use a code of ISO 4217, such as EUR."
        )


def _folded(pairs: Pairs) -> Pairs:
    return tuple((value.strip().lower(), meaning) for value, meaning in pairs)
