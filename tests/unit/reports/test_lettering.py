"""Any text is legible on paper and none of it is obeyed."""

import pytest

from core.reports.lettering import HAN, REGULAR, SYMBOLS, is_plain, plain, runs
from core.reports.pdf.typesetting import markup


@pytest.mark.parametrize(
    ("text", "fonts"),
    [
        ("Acme GmbH", [REGULAR]),
        ("Ромашка Ελλάς", [REGULAR]),
        ("展示会", [HAN]),
        ("株式会社 Acme", [HAN, REGULAR]),
        ("שלום", [SYMBOLS]),
        ("😀", [SYMBOLS]),
    ],
)
def test_each_letter_is_set_in_a_font_that_has_it(text, fonts):
    assert [run.font for run in runs(text)] == fonts


def test_a_picture_no_font_has_is_written_by_its_name():
    assert "".join(run.letters for run in runs("🚀 Launch")) == "[rocket] Launch"


def test_arabic_letters_are_joined_and_stand_from_right_to_left():
    drawn = "".join(run.letters for run in runs("شركة"))

    # The last letter of the word stands first on paper, in its final form.
    assert drawn[0] == "\ufe94"
    assert len(drawn) == 4


def test_nothing_in_a_text_is_markup():
    drawn = markup('<img src="http://x/a.png"/> & <b>')

    assert "<img" not in drawn
    assert "&lt;img" in drawn
    assert "&amp;" in drawn


def test_what_cannot_be_seen_is_dropped():
    assert plain("a\u202eb\u2066c\x00\x1bd\U000e0041") == "abcd"


def test_a_long_text_is_cut_with_a_mark():
    assert plain("x" * 10_000, 50) == "x" * 49 + "…"


def test_plain_letters_need_no_second_font():
    assert is_plain("Müller & Søn")
    assert not is_plain("展")
