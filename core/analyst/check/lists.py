"""Lists of words, in files that anybody can read and add to."""

from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("vocabulary")


def words_in(text: str) -> frozenset[str]:
    """Return the words of a text that are parted by blanks.

    >>> sorted(words_in("more less"))
    ['less', 'more']
    """
    return frozenset(text.split())


@lru_cache(maxsize=16)
def word_list(name: str) -> frozenset[str]:
    """Return the words of a list; its comments start with a hash."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return words_in(" ".join(line for line in lines if not line.startswith("#")))
