"""Reports: the same answers as the pages and the command line, put together for print."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from app.heavy_answers import HeavyAnswers, worked_out
from app.report_making import ReportMaking
from app.report_question import Progress, ReportQuestion
from core.replay import replayed
from core.reports.bundle import to_bundle
from core.reports.content import Report
from core.reports.drawing import begun
from core.reports.pdf import to_pdf
from core.reports.workbook import to_workbook

if TYPE_CHECKING:
    from app.services import Services


@dataclass(frozen=True)
class ReportServices:
    """Puts reports together from the answers every other way in gives.

    Parameters
    ----------
    services
        What is asked.
    heavy
        Answers that are at hand already; a past day never has any.
    """

    services: "Services"
    heavy: HeavyAnswers | None = None

    def report(self, question: ReportQuestion, progress: Progress | None = None) -> Report:
        """Ask for everything the report shows.

        Raises
        ------
        EmptyWorkspaceError
            If there is nothing to report on.
        """
        with _as_of(self.services, question.as_of) as services:
            heavy = self.heavy if self.heavy and question.as_of is None else worked_out(services)
            return ReportMaking(services, question, heavy, progress or _silent).report()

    def pdf(self, question: ReportQuestion, progress: Progress | None = None) -> bytes:
        """Return the report as a document."""
        with begun():
            return to_pdf(self.report(question, progress), question.options.paper)

    def workbook(self, question: ReportQuestion, progress: Progress | None = None) -> bytes:
        """Return the tables of the report as a workbook."""
        return to_workbook(self.report(question, progress))

    def bundle(self, question: ReportQuestion, progress: Progress | None = None) -> bytes:
        """Return every table as CSV and every chart as SVG and PNG, in one archive."""
        with begun():
            return to_bundle(self.report(question, progress))


@contextmanager
def _as_of(services: "Services", day: date | None) -> Iterator["Services"]:
    if day is None:
        yield services
        return
    past = replayed(services.workspace, day)
    try:
        yield replace(services, workspace=past, identity=f"{services.identity}@{day}")
    finally:
        past.close()


def _silent(_part: float, _doing: str) -> None:
    """Tell nobody."""
