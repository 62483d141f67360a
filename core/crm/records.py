"""Records of delimited text, read strictly: a broken one costs one physical line and is named.

Stock readers let one stray quote hide the rest of a file. Here each record is RFC 4180 or it is
handed out with a reason, and reading resumes on the next physical line.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from core.crm.gate import Text

FIELD_LIMIT_CHARACTERS: Final = 65_536
BLANK: Final = " \t\r\n\x0b\x0c\x1a"  # Ctrl-Z is the end-of-file mark of DOS
UNDECODABLE: Final = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Record:
    """One record, or one physical line that is none.

    Parameters
    ----------
    fields
        Its fields, empty when it is broken.
    line
        Physical line it starts on, from 1.
    text
        Its text as it stands in the file.
    reason
        Why it is broken; empty otherwise.
    """

    fields: list[str]
    line: int
    text: str
    reason: str = ""


@dataclass
class LineSource:
    """Physical lines with their number and their place in the file, and a way to put some back."""

    lines: Iterator[str]
    number: int = 0
    consumed_bytes: int = 0
    _returned: list[str] = field(default_factory=list)  # the next line is the last element

    @classmethod
    def at(cls, text: Text, position: int, number: int) -> "LineSource":
        """Start after some bytes and some lines of a text in UTF-8."""
        data = io.BytesIO(text.data)
        data.seek(position)
        errors = "surrogateescape" if text.damaged else "strict"
        lines = io.TextIOWrapper(data, encoding="utf-8", errors=errors, newline="")
        return cls(lines, number, position)

    def next(self) -> str | None:
        """Return the next line, None at the end."""
        line = self._returned.pop() if self._returned else next(self.lines, None)
        if line is not None:
            self._count([line], 1)
        return line

    def take(self, count: int) -> list[str]:
        """Return up to so many lines."""
        taken = [self._returned.pop() for _ in range(min(count, len(self._returned)))]
        taken.extend(islice(self.lines, count - len(taken)))
        self._count(taken, 1)
        return taken

    def put_back(self, lines: Sequence[str]) -> None:
        """Take lines back, to be handed out again."""
        self._returned.extend(reversed(lines))
        self._count(lines, -1)

    def _count(self, lines: Sequence[str], direction: int) -> None:
        self.number += direction * len(lines)
        text = "".join(lines)
        size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
        self.consumed_bytes += direction * size


def next_record(source: LineSource, delimiter: str) -> Record | None:
    """Return the next record that is not blank, or None at the end."""
    taken: list[str] = []

    def physical_lines() -> Iterator[str]:
        while (line := source.next()) is not None:
            taken.append(line)
            yield line

    while True:
        taken.clear()
        first = source.number + 1
        try:
            fields = next(csv.reader(physical_lines(), delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            source.put_back(taken[1:])
            return Record([], first, taken[0], _broken_reason(error, len(taken)))
        if fields is None:
            return None
        if "".join(taken).strip(BLANK):
            return Record(fields, first, "".join(taken))


def limit_fields() -> None:
    """Make the csv module, whose limit is global, refuse fields that are too long."""
    csv.field_size_limit(FIELD_LIMIT_CHARACTERS)


def _broken_reason(error: csv.Error, physical_lines: int) -> str:
    message = str(error)
    if "field larger" in message:  # over several lines it is a quote that was never closed
        return "field_too_long" if physical_lines == 1 else "unterminated_quote"
    return "unterminated_quote" if "unexpected end" in message else "bad_quote"
