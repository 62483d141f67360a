"""The document: cover, sections, bookmarks, feet; equal reports make equal bytes."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
)

from core import formats
from core.reports import lettering
from core.reports.content import Line, Report, Section, Tone
from core.reports.paper import LINE, MARGIN, SOFT, Paper
from core.reports.pdf import styles
from core.reports.pdf.blocks import Press, line
from core.reports.pdf.typesetting import known, markup, prepare
from core.reports.stamping import stamped

FOOT: Final = 15.0
"""Room between the text and the line at the foot of a page."""

FOOT_SIZE: Final = 7.0

ROOM_FOR_A_SECTION: Final = 0.4
"""A section starts on a new page when less than this part of one is left."""

MAKER: Final = "Plumbline"


def to_pdf(report: Report, paper: Paper = Paper.A4) -> bytes:
    """Return the report as a document of pages.

    Parameters
    ----------
    report
        What to draw.
    paper
        Format of the pages.

    Raises
    ------
    ReportError
        If a chart cannot be drawn.
    """
    prepare()
    written, press = BytesIO(), Press(paper.sheet, report.currency)
    document = _Document(written, report, paper)
    story = list(_story(report, press, paper))
    press.draw_charts()
    document.build(story, canvasmaker=_counted(report))
    return stamped(written.getvalue(), press.stamps(), report.as_of)


def _story(report: Report, press: Press, paper: Paper) -> Iterator[Flowable]:
    yield Paragraph(markup(report.title, strong=True), styles.TITLE)
    yield Paragraph(markup(report.subtitle), styles.SUBTITLE)
    for finding in report.findings:
        yield line(Line(finding, Tone.FINDING))
    for number, section in enumerate(report.sections):
        if number:
            yield CondPageBreak(paper.sheet.height * ROOM_FOR_A_SECTION)
        yield _Heading(section)
        yield from press.blocks(section.blocks)


class _Heading(Paragraph):  # type: ignore[misc]
    """The sentence that heads a section; it becomes a bookmark by the section's subject."""

    def __init__(self, section: Section) -> None:
        super().__init__(markup(section.heading, strong=True), styles.HEADING)
        self.key, self.subject = section.key, lettering.plain(section.subject)


class _Document(BaseDocTemplate):  # type: ignore[misc]
    """A sheet with one frame a page; section headings become bookmarks."""

    def __init__(self, target: BytesIO, report: Report, paper: Paper) -> None:
        sheet = paper.sheet
        super().__init__(
            target,
            pagesize=(sheet.width, sheet.height),
            title=lettering.plain(f"{report.title}: {report.subtitle}"),
            author=MAKER,
            subject=lettering.plain(f"{report.source}, data as of {formats.day(report.as_of)}"),
            keywords=f"data {report.fingerprint}",
            creator=MAKER,
            producer=MAKER,
            lang="en",
            invariant=1,
        )
        height = sheet.height - 2 * MARGIN - FOOT
        inner = Frame(MARGIN, MARGIN + FOOT, sheet.inner_width, height, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate("page", [inner])])

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - ReportLab's name
        """Make a bookmark of a section's heading."""
        if isinstance(flowable, _Heading):
            self.canv.bookmarkPage(flowable.key)
            self.canv.addOutlineEntry(flowable.subject, flowable.key, 0)


def _counted(report: Report) -> type[Canvas]:
    """Return a canvas that writes source, date and page x of y at the foot of each page."""
    said = lettering.plain(
        f"{report.source}. Data as of {formats.day(report.as_of)}, state {report.fingerprint}. "
        f"Amounts in {report.currency}."
    )

    class Counted(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
            super().__init__(*args, **options)
            self._finished: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - ReportLab's name
            self._finished.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._finished:
                self.__dict__.update(page)
                _foot(self, said, len(self._finished))
                super().showPage()
            super().save()

    return Counted


def _foot(canvas: Canvas, said: str, pages: int) -> None:
    width = canvas._pagesize[0]
    canvas.setStrokeColor(HexColor(LINE))
    canvas.line(MARGIN, MARGIN, width - MARGIN, MARGIN)
    canvas.setFillColor(HexColor(SOFT))
    left, below = MARGIN, MARGIN - FOOT_SIZE - 5
    for run in lettering.runs(said):
        canvas.setFont(known(run.font), FOOT_SIZE)
        canvas.drawString(left, below, run.letters)
        left += pdfmetrics.stringWidth(run.letters, run.font, FOOT_SIZE)
    canvas.setFont(lettering.REGULAR, FOOT_SIZE)
    canvas.drawRightString(width - MARGIN, below, f"Page {canvas.getPageNumber()} of {pages}")
