"""The parts of a report as files of their own: tables as CSV, charts as SVG and PNG."""

from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from core.reports.content import Report
from core.reports.vectors import pictures
from core.reports.workbook import to_csv

CHART_WIDTH: Final = 720
"""Width of a chart in a file of its own, in pixels."""


def to_bundle(report: Report) -> bytes:
    """Return an archive of the report's tables and charts; equal reports make equal bytes."""
    written = BytesIO()
    moment = (report.as_of.year, report.as_of.month, report.as_of.day, 0, 0, 0)
    with ZipFile(written, "w") as archive:
        for name, content in _files(report).items():
            entry = ZipInfo(name, moment)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return written.getvalue()


def _files(report: Report) -> dict[str, bytes]:
    tables = {
        f"tables/{table.name}.csv": to_csv(table, report.currency) for table in report.tables()
    }
    charts = list(report.charts())
    drawn = dict(zip((chart.name for chart in charts), pictures(charts, CHART_WIDTH), strict=True))
    vectors = {f"charts/{name}.svg": chart.svg.encode() for name, chart in drawn.items()}
    pixels = {f"charts/{name}.png": chart.png for name, chart in drawn.items()}
    return {**tables, **vectors, **pixels}
