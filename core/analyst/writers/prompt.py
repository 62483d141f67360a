"""What a model is told: the facts it may state, by slot, and how to write. Nothing from a CRM.

Names of channels, people, accounts and deals stay out: a model knows them as "name of the channel
with the most revenue". Figures go along only where the operator lets them.
"""

from typing import Any, Final

from core.analyst.facts import Fact, FactSheet, FactUnit
from core.analyst.writers.base import Request

MOST_SENTENCES: Final = 8

SYSTEM: Final = " ".join(
    (
        "You explain business figures to a sales manager in plain English.",
        "You are given facts, each with a slot such as {f1}. Rules:",
        "every sentence states at least one fact by typing its slot;",
        "never type a digit, a number in words, a percentage, a currency, a date, a month, a name",
        "or a link, the slots carry them; a slot reads as a noun phrase with value and unit, such",
        "as so many won deals, so do not repeat the unit after it;",
        "say that something rose, fell, leads, is better or worse only where the fact is marked",
        "so; do not say why something happened unless a fact is marked as a reason;",
        "do not use 'not', 'no' or 'without';",
        "do not put about, nearly, over or more than before a slot;",
        "use plain words and short sentences, no headings, no lists, no markup.",
    )
)

ANSWER_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "maxItems": MOST_SENTENCES,
        }
    },
    "required": ["sentences"],
}
"""What an answer has to look like, for servers that hold a model to a schema."""


def messages(request: Request, *, with_values: bool) -> list[dict[str, str]]:
    """Return the conversation that asks for a text, or for failed sentences once more."""
    asked = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": _facts(request.sheet, with_values=with_values)},
    ]
    if request.again:
        asked.append({"role": "user", "content": _again(request)})
    return asked


def told(fact: Fact, *, with_values: bool) -> str:
    """Return the line a model reads of a fact.

    Text of the data never passes: a name is told as what it is the name of, and a figure without
    whose it is.
    """
    marks = ", ".join(sorted(fact.claims))
    value = _value(fact) if with_values else ""
    return f"{fact.slot} = {fact.about}{value}{f' [{marks}]' if marks else ''}"


def _value(fact: Fact) -> str:
    if fact.unit is FactUnit.NAME or fact.private:
        return ""
    return f": {fact.short or fact.text}"


def _facts(sheet: FactSheet, *, with_values: bool) -> str:
    lines = "\n".join(told(fact, with_values=with_values) for fact in sheet)
    return (
        f"Facts about the {sheet.topic}:\n{lines}\n\nWrite four to {MOST_SENTENCES} sentences that "
        'say what this means, as JSON: {"sentences": ["…", "…"]}.'
    )


def _again(request: Request) -> str:
    lines = "\n".join(f"- {failed.sentence}: {'; '.join(failed.why)}" for failed in request.again)
    return (
        f"These sentences cannot be used:\n{lines}\n\nWrite each of them once more, in the same "
        'order and by the rules, as JSON: {"sentences": ["…", "…"]}.'
    )
