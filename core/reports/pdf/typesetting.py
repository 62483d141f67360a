"""Text set in type: as markup in which nothing of the text is markup, in fonts known to ReportLab.

A font is read when the first letter needs it: the one of Chinese, Japanese and Korean takes 19 MB,
and most reports do without.
"""

from functools import cache
from html import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from core.reports.lettering import MOST_LETTERS, REGULAR, STRONG, font_file, plain, runs


@cache
def known(font: str) -> str:
    """Make a font known to ReportLab and return its name."""
    pdfmetrics.registerFont(TTFont(font, str(font_file(font))))
    return font


def prepare() -> None:
    """Make the fonts known that every page has."""
    known(REGULAR)
    known(STRONG)


def markup(text: str, *, strong: bool = False, most: int = MOST_LETTERS) -> str:
    """Return a text as paragraph markup in which nothing of the text is markup.

    >>> markup("<b>AT&T</b>")
    '<font name="Inter">&lt;b&gt;AT&amp;T&lt;/b&gt;</font>'
    """
    return "".join(
        f'<font name="{known(run.font)}">{escape(run.letters, quote=False)}</font>'
        for run in runs(plain(text, most), strong=strong)
    )
