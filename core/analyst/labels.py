"""Free text of a CRM becomes one of a few words of ours, and nothing else of it goes on.

A note may hold anything, also orders to a model. So the only thing a model is asked of it is which
word of a fixed list fits; an answer outside the list is no answer.
"""

import re
from typing import Any, Final, Protocol

from core.analyst.writers.base import Watch
from core.analyst.writers.drafts import said_in_json
from core.errors import WriterError

UNCLEAR: Final = "unclear"
NEXT_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "none said": (),
    "meeting": ("meeting", "call", "demo", "workshop", "visit", "presentation", "kick-off"),
    "offer or contract": ("proposal", "offer", "quote", "contract", "pricing", "redline", "sign"),
    "waiting for the customer": (
        "wait",
        "waiting",
        "feedback",
        "response",
        "hear back",
        "decision",
    ),
    "internal": ("internal", "approval", "legal", "security review", "procurement"),
    "follow up": ("follow up", "follow-up", "email", "e-mail", "send", "ping", "reach out"),
}
"""What a next step can be, with the words that give it away."""

LONGEST_TEXT: Final = 500
"""Characters of a text that are looked at."""


class Answers(Protocol):
    """A model that answers a conversation in the shape of a schema."""

    def answer(self, messages: list[dict[str, str]], schema: dict[str, Any], watch: Watch) -> str:
        """Return the whole answer."""


def next_step(text: str, model: Answers | None = None) -> str:
    """Return which kind of next step a text says.

    With a model the text goes to it in one message without tools, and only a word of the list
    comes back; without one, or when it fails, keywords decide.

    >>> next_step("Demo on Thursday"), next_step(""), next_step("asdf")
    ('meeting', 'none said', 'unclear')
    """
    seen = "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_TEXT]).strip()
    if not seen:
        return "none said"
    by_words = _by_words(seen.lower())
    if by_words != UNCLEAR or model is None:
        return by_words
    try:
        return _by_model(seen, model)
    except WriterError:
        return UNCLEAR


def _by_words(text: str) -> str:
    for label, words in NEXT_STEPS.items():
        if any(re.search(rf"\b{re.escape(word)}\b", text) for word in words):
            return label
    return UNCLEAR


def _by_model(text: str, model: Answers) -> str:
    labels = [*NEXT_STEPS, UNCLEAR]
    schema = {
        "type": "object",
        "properties": {"label": {"type": "string", "enum": labels}},
        "required": ["label"],
    }
    asked = [
        {"role": "system", "content": f"Answer which of these fits: {', '.join(labels)}."},
        {"role": "user", "content": text},
    ]
    said = said_in_json(model.answer(asked, schema, Watch()), "label")
    return said if said in labels else UNCLEAR
