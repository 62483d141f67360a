"""A terminal is told how far a long import is; anything else is left alone."""

import io

from app.import_line import ProgressLine
from core.crm.receipts import Progress, Step


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def told(stream, seconds):
    moments = iter(seconds)
    line = ProgressLine(stream, lambda: next(moments))
    for rows in (20_000, 40_000):
        line.tell(Progress("touches.csv", Step.READING, rows, 0, 2))
    line.clear()
    return stream.getvalue()


def test_a_long_import_tells_its_rows_and_takes_the_line_away():
    said = told(Terminal(), [0.0, 1.0, 3.0])

    assert "touches.csv: reading 40,000 rows (file 1 of 2)" in said
    assert "20,000" not in said
    assert said.endswith("\r")


def test_a_pipe_is_told_nothing():
    assert told(io.StringIO(), [0.0, 3.0, 6.0]) == ""
