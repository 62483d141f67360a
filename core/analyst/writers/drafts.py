"""An answer of a model, cut into sentences; whatever it looks like, nothing in it is obeyed."""

import json
import re
from typing import Final

from core.errors import WriterError

MOST_SENTENCES: Final = 12
"""More are not read."""

_BULLET: Final = re.compile(r"^\s*(?:[-*\u2022]|\d{1,2}[.)])\s+")
_ENDS: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def sentences_of(answer: str) -> tuple[str, ...]:
    """Return the sentences of an answer: JSON as asked, or plain text from servers without schema.

    Raises
    ------
    WriterError
        If there is none.

    >>> sentences_of('{"sentences": ["{f1} closed.", "It rose."]}')
    ('{f1} closed.', 'It rose.')
    >>> sentences_of("- {f1} closed. It rose.")
    ('{f1} closed.', 'It rose.')
    """
    texts = _from_json(answer)
    if texts is None:
        texts = [answer]
    found = [
        _BULLET.sub("", sentence).strip()
        for text in texts
        for sentence in _ENDS.split(text.strip())
    ]
    sentences = tuple(sentence for sentence in found if sentence)[:MOST_SENTENCES]
    if not sentences:
        raise WriterError("malformed", "The model answered no sentence.", "Ask again.")
    return sentences


def _from_json(answer: str) -> list[str] | None:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    listed = said.get("sentences") if isinstance(said, dict) else said
    if isinstance(listed, str):
        return [listed]
    if not isinstance(listed, list):
        raise WriterError("malformed", "The model's answer has no sentences.", "Ask again.")
    return [text for text in listed if isinstance(text, str)]
