"""How texts of the analyst are written for a terminal and for machines."""

import json
from datetime import date

from core.analyst.facts import Fact
from core.analyst.narrative import Narrative


def narrative_text(written: Narrative) -> str:
    """Write a text with its footnotes and its label, for people."""
    notes = [
        f"  {fact.id}  {fact.text} ({fact.link})"
        for fact in written.footnotes
        if fact.unit.is_measured or fact.definition
    ]
    doubts = [f"note: {doubt}" for doubt in (written.note, *written.sheet.doubts) if doubt]
    lines = [written.sheet.title, "", written.text, "", "Figures", *notes, "", written.label]
    return "\n".join([*lines, *doubts])


def narrative_json(written: Narrative) -> str:
    """Write a text with everything behind it as one JSON object."""
    return json.dumps(narrative_fields(written), ensure_ascii=False, indent=2)


def narrative_fields(written: Narrative) -> dict[str, object]:
    """Return a text as plain fields, for JSON of the command line and the API."""
    return {
        "topic": written.sheet.topic,
        "title": written.sheet.title,
        "text": written.text,
        "sentences": [
            {"text": sentence.text, "facts": [fact.id for fact in sentence.facts]}
            for sentence in written.sentences
        ],
        "facts": [_fact(fact) for fact in written.footnotes],
        "writer": written.writer,
        "sent": written.sent,
        "label": written.label,
        "dropped": len(written.dropped),
        "note": written.note,
        "warnings": list(written.sheet.doubts),
        "fingerprint": written.sheet.fingerprint,
    }


def _fact(fact: Fact) -> dict[str, object]:
    value = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
    return {
        "id": fact.id,
        "name": fact.name,
        "value": value,
        "unit": fact.unit.value,
        "noun": fact.noun,
        "text": fact.text,
        "definition": fact.definition,
        "link": str(fact.link),
    }
