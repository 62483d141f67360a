"""The fast way to read: blocks of bytes without a quote, cut into columns by array arithmetic.

A block is plain when every line in it is one record of the right width and no byte in it needs a
second look: no quote, no NUL, no lone carriage return, no field that is too long. Then its fields
are what lies between delimiters and line ends, exactly as the strict reader would have it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]

from core.crm.records import FIELD_LIMIT_CHARACTERS

BLOCK_BYTES: Final = 4 << 20
_LINE_FEED: Final = 10

_BLANKS: Final = b" \t\x0b\x0c"
_NOT_ASCII: Final = 0x80

_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.int32]


@dataclass(frozen=True)
class PlainBlock:
    """The columns of a plain block and the place after it.

    ``may_be_padded`` says whether a field may begin or end with a blank.
    """

    columns: list[pa.Array]
    rows: int
    end: int
    may_be_padded: bool


def plain_block(data: bytes, start: int, delimiter: str, width: int) -> PlainBlock | None:
    """Return the block of whole lines from a place on, or None when it is not plain."""
    end = data.rfind(b"\n", start, start + BLOCK_BYTES) + 1
    if end <= start or width == 1 or any(data.find(b, start, end) >= 0 for b in (b'"', b"\0")):
        return None
    returns = data.count(b"\r", start, end)
    if returns and returns != data.count(b"\r\n", start, end):
        return None
    return _columns(data, (start, end), delimiter, (width, returns))


def _columns(
    data: bytes, span: tuple[int, int], delimiter: str, shape: tuple[int, int]
) -> PlainBlock | None:
    start, end = span
    width, returns = shape
    block = np.frombuffer(data, np.uint8, end - start, start)
    marks = np.flatnonzero((block == ord(delimiter)) | (block == _LINE_FEED)).astype(np.int32)
    rows, rest = divmod(len(marks), width)
    line_ends = marks[width - 1 :: width]
    is_regular = not rest and data.count(b"\n", start, end) == rows and returns in {0, rows}
    if not is_regular or (block[line_ends] != _LINE_FEED).any():
        return None
    offsets = _offsets(marks, width, has_returns=bool(returns))
    if _has_long_line(line_ends) and np.diff(offsets).max() > FIELD_LIMIT_CHARACTERS:
        return None
    raw = data[start:end]
    separators = delimiter.encode() + b"\r\n"
    fields = pa.StringArray.from_buffers(
        len(marks), pa.py_buffer(offsets), pa.py_buffer(raw.translate(None, separators))
    )
    columns = [fields.take(pa.array(np.arange(i, len(marks), width))) for i in range(width)]
    return PlainBlock(columns, rows, end, _may_be_padded(block, marks, ord(delimiter)))


def _has_long_line(line_ends: _Places) -> bool:
    """Say whether a line is so long that one of its fields may be too long."""
    return bool(np.diff(line_ends, prepend=-1).max() > FIELD_LIMIT_CHARACTERS)


def _may_be_padded(block: _Bytes, marks: _Places, delimiter: int) -> bool:
    """Say whether a field may begin or end with a blank; anything not ASCII may be one."""
    is_edge_blank = np.zeros(256, np.bool_)
    is_edge_blank[list(_BLANKS)] = True
    is_edge_blank[_NOT_ASCII:] = True
    is_edge_blank[delimiter] = False  # the edge of a blank field
    first, before, after = block[:1], block[marks[1:] - 1], block[marks[:-1] + 1]
    end_of_first = block[max(int(marks[0]) - 1, 0)]
    edges = (first, before, after, end_of_first)
    return any(bool(is_edge_blank[edge].any()) for edge in edges)


def _offsets(marks: _Places, width: int, *, has_returns: bool) -> _Places:
    """Return where each field starts once delimiters and line ends are taken out."""
    order = np.arange(len(marks), dtype=np.int32)
    offsets = np.zeros(len(marks) + 1, np.int32)
    np.subtract(marks, order, out=offsets[1:])
    if has_returns:  # one more byte for each line before, and one before the line's own end
        offsets[1:] -= order // width + (order % width == width - 1)
    return offsets
