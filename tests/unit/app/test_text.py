"""Words of the data reach the screen as words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.components.text import literal

UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]^-`{-~]")


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](http://example.invalid/a.png)",
        "[click](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "cost $1,200$ and $3$",
        ":material/delete: :red[gone]",
        "# heading\n- list",
    ],
)
def test_no_mark_of_markdown_is_left_bare(hostile):
    assert not UNESCAPED.search(literal(hostile))


@given(st.text())
def test_whatever_a_channel_is_called_reads_the_same_on_one_line(text):
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", literal(text))

    assert shown == " ".join(text.split())
