"""Words of the data on screen: shown as they are, never obeyed as Markdown."""

import re
from typing import Final

_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")


def literal(text: str) -> str:
    r"""Return text that Markdown shows as it is: no picture, link, formula or directive.

    A channel called ``![x](http://…)`` would otherwise make every viewer's browser call out.

    >>> literal("![x](http://a.b) $1$")
    '\\!\\[x\\]\\(http\\:\\/\\/a\\.b\\) \\$1\\$'
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))
