"""From facts to a text a reader may trust: written, checked, asked once more, counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.analyst.check.sentence import findings
from core.analyst.facts import Fact, FactSheet
from core.analyst.rendering import Sentence, rendered
from core.analyst.writers.base import Failed, Request, Watch, Writer
from core.analyst.writers.rules.writer import Rules
from core.errors import WriterError


@dataclass(frozen=True)
class Narrative:
    """A text whose every figure is a fact.

    Parameters
    ----------
    sheet
        The facts it was written from.
    sentences
        What was kept, in order.
    writer
        Who wrote it, as a reader calls it.
    sent
        What of the facts went where.
    dropped
        Sentences of the model that failed the check twice; never shown.
    note
        Why it was not the chosen writer that wrote; empty otherwise.
    """

    sheet: FactSheet
    sentences: tuple[Sentence, ...]
    writer: str
    sent: str
    dropped: tuple[Failed, ...] = ()
    note: str = ""

    @property
    def text(self) -> str:
        """The sentences as plain text."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def footnotes(self) -> tuple[Fact, ...]:
        """The facts stated, each once, in the order of the text."""
        cited = (fact for sentence in self.sentences for fact in sentence.facts)
        return tuple({fact.id: fact for fact in cited}.values())

    @property
    def label(self) -> str:
        """Who wrote it, how much of it was kept, and what was sent where."""
        kept = len(self.sentences)
        failed = bool(self.dropped) and not self.note
        checked = f" {kept} of {kept + len(self.dropped)} sentences held." if failed else ""
        return f"Written by {self.writer} from {len(self.sheet.facts)} facts.{checked} {self.sent}"


def narrate(sheet: FactSheet, writer: Writer, watch: Watch | None = None) -> Narrative:
    """Return the text a writer makes of some facts.

    Each sentence is checked; those that fail are asked for once more, then dropped and counted.
    If the writer cannot be reached, or none of its sentences holds, rules write and the note says
    so: a page is never without its text.
    """
    try:
        return _written(sheet, writer, watch or Watch())
    except WriterError as error:
        by_rules = _by_rules(sheet)
        sent = by_rules.sent if error.code in _NOTHING_SENT else writer.sent(sheet)
        return replace(by_rules, sent=sent, note=f"{error.message} Written by rules instead.")


_NOTHING_SENT: Final = frozenset({"unreachable", "not_set"})
"""What can go wrong before a server has read anything."""


def _written(sheet: FactSheet, writer: Writer, watch: Watch) -> Narrative:
    # Rules speak our own words, which a channel named like one of them must not silence.
    known = replace(sheet, names=()) if writer.is_ours else sheet
    written = list(writer.write(Request(sheet), watch))
    again = _failed(written, known)
    if again:
        _put_right(written, again, writer.write(Request(sheet, again), watch))
    dropped = _failed(written, known)
    lost = {failed.sentence for failed in dropped}
    kept = tuple(rendered(text, sheet) for text in dict.fromkeys(written) if text not in lost)
    if not kept and not writer.is_ours:
        note = f"No sentence of {writer.title} held. Written by rules instead."
        by_rules = replace(_by_rules(sheet), note=note, sent=writer.sent(sheet))
        return replace(by_rules, dropped=dropped)
    return Narrative(sheet, kept, writer.title, writer.sent(sheet), dropped)


def _by_rules(sheet: FactSheet) -> Narrative:
    return _written(sheet, Rules(), Watch())


def _failed(written: Sequence[str], sheet: FactSheet) -> tuple[Failed, ...]:
    checked = ((text, findings(text, sheet)) for text in dict.fromkeys(written))
    return tuple(
        Failed(text, tuple(str(finding) for finding in found)) for text, found in checked if found
    )


def _put_right(written: list[str], again: Sequence[Failed], second: Sequence[str]) -> None:
    """Put the second answer in the place of what failed, in order; what is left over is unasked."""
    for failed, better in zip(again, second, strict=False):
        written[written.index(failed.sentence)] = better
