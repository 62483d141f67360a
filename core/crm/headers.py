"""Header names as people write them, and as they are compared."""

import re
import unicodedata
from typing import Final

_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_QUOTES: Final = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"})


def normalised(header: str) -> str:
    r"""Return a header in the form in which headers are compared.

    Compatibility forms, case, invisible characters, curly quotes and spaces make no difference;
    everything else does.

    >>> normalised("\ufeff Deal\u00a0ID ")
    'deal id'
    """
    return tidied(header).lower()


def tidied(header: str) -> str:
    """Return a header in its own capitals, the rest as in `normalised`."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", header))
    return " ".join(plain.translate(_QUOTES).split())
