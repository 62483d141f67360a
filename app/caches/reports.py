"""Caches of reports: few, since a document is large beside an answer."""

import streamlit as st

from app.caches import deals, forecast
from app.heavy_answers import HeavyAnswers
from app.report_question import ReportQuestion
from app.report_services import ReportServices
from app.services import Services
from core.deals.settings import ScoreSettings
from core.reports.content import Report
from core.reports.drawing import begun
from core.reports.paper import Paper
from core.reports.pdf import to_pdf

REPORTS = 8
"""Reports kept at a time, over all visitors."""


@st.cache_data(max_entries=REPORTS, show_spinner="Asking for the figures")
def report(_services: Services, cache_key: str, question: ReportQuestion) -> Report:
    """Return the report before it is drawn; the paper does not matter yet."""
    heavy = HeavyAnswers(
        outlook=lambda asked: forecast.outlook(_services, cache_key, asked),
        scores=lambda asked: deals.scores(_services, cache_key, asked, ScoreSettings()),
    )
    return ReportServices(_services, heavy).report(question)


@st.cache_data(max_entries=REPORTS, show_spinner="Drawing the pages")
def pdf(_services: Services, cache_key: str, question: ReportQuestion, paper: Paper) -> bytes:
    """Return the report as a document."""
    with begun():
        return to_pdf(report(_services, cache_key, question), paper)
