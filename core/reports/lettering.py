"""Text on paper: any name of any script legible, none of it obeyed as markup.

Letters come from Inter; what it lacks from DejaVu Sans (Hebrew, Arabic, symbols) and Droid Sans
Fallback (Chinese, Japanese, Korean). A picture letter that no font has is written by its name.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.machinery import PathFinder
from itertools import groupby
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).with_name("fonts")
REGULAR: Final = "Inter"
STRONG: Final = "Inter-SemiBold"
SYMBOLS: Final = "DejaVuSans"
HAN: Final = "DroidSansFallback"

MOST_LETTERS: Final = 300
"""A longer text is cut: no name says more, and a cell has to fit on a page."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})


@dataclass(frozen=True)
class Run:
    """Letters in a row that one font has."""

    font: str
    letters: str


def plain(text: str, most: int = MOST_LETTERS) -> str:
    r"""Return a text without what cannot be seen, on one line and not longer than stated.

    Control, direction and tag characters are dropped, since they would let a text show what it
    does not say.

    >>> plain("Acme\u202e\x00 GmbH\nBerlin"), plain("abcdef", 4)
    ('Acme GmbH Berlin', 'abc…')
    """
    whole = " ".join(unicodedata.normalize("NFC", visible(text)).split())
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}…"


def visible(text: str) -> str:
    r"""Return a text without the characters that cannot be seen; white space becomes a space.

    >>> visible("a\x00b\tc")
    'ab c'
    """
    spaced = (" " if letter.isspace() else letter for letter in text)
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in _UNSEEN)


def runs(text: str, *, strong: bool = False) -> Iterator[Run]:
    """Yield a text in runs of one font each, shaped and in the order it is read on paper."""
    first = STRONG if strong else REGULAR
    letters = [(letter, _font_of(letter, first)) for letter in _named(_shaped(text))]
    for font, group in groupby(letters, key=lambda pair: pair[1]):
        yield Run(font, "".join(letter for letter, _ in group))


def is_plain(text: str) -> bool:
    """Tell whether the first font has every letter, so that no runs are needed."""
    return text.isascii() or all(ord(letter) in _glyphs(REGULAR) for letter in text)


@cache
def font_file(font: str) -> Path:
    """Return the file of a font; DejaVu comes with Matplotlib, which the forecast needs."""
    if font == SYMBOLS:
        # Found and not imported: the library is large, and nothing but its font is needed here.
        library = PathFinder.find_spec("matplotlib")
        place = Path(library.origin or "") if library else Path()
        return place.parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    files = {REGULAR: "Inter-Regular", STRONG: "Inter-SemiBold", HAN: "DroidSansFallback"}
    return FONTS / f"{files[font]}.ttf"


@cache
def _glyphs(font: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font_file(font), lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def _font_of(letter: str, first: str) -> str:
    code = ord(letter)
    return next((font for font in (first, SYMBOLS, HAN) if code in _glyphs(font)), first)


def _named(text: str) -> Iterator[str]:
    """Yield the letters; one that no font has by its name in brackets, as an emoji."""
    for letter in text:
        if any(ord(letter) in _glyphs(font) for font in (REGULAR, SYMBOLS, HAN)):
            yield letter
        else:
            yield from f"[{unicodedata.name(letter, 'unknown letter').lower()}]"


def _shaped(text: str) -> str:
    """Join Arabic letters and put right-to-left text in the order it stands on paper."""
    if not any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return text
    from arabic_reshaper import reshape
    from bidi.algorithm import get_display

    shown: str = get_display(reshape(text))
    return shown
