"""The PDF: the one place that knows ReportLab. It draws sections and computes nothing."""

from core.reports.pdf.document import to_pdf

__all__ = ["to_pdf"]
