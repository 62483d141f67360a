"""How rules are written down: phrases with the names of facts, the first that fits is said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.analyst.facts import Claim, FactSheet

_NAME = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True)
class Phrase:
    """A sentence about named facts, said only where all of them are known.

    Parameters
    ----------
    text
        With the names of facts in braces.
    when
        Facts and what has to hold of them.
    """

    text: str
    when: tuple[tuple[str, Claim], ...] = ()

    def fits(self, sheet: FactSheet) -> bool:
        """Tell whether the sheet knows everything the phrase states."""
        named = [*_NAME.findall(self.text), *(name for name, _ in self.when)]
        return all(name in sheet for name in named) and all(
            claim in sheet[name].claims for name, claim in self.when
        )

    def filled(self, sheet: FactSheet) -> str:
        """Return the sentence with slots in the place of names."""
        return _NAME.sub(lambda found: sheet[found[1]].slot, self.text)


Paragraph = tuple[Sequence[Phrase], ...]
"""Sentences in order, each with its alternatives, the best first."""


def said(paragraph: Paragraph, sheet: FactSheet) -> Iterator[str]:
    """Yield of each sentence the first alternative that fits."""
    for alternatives in paragraph:
        for phrase in alternatives:
            if phrase.fits(sheet):
                yield phrase.filled(sheet)
                break
