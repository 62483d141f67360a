"""Report: the document that is forwarded unedited, as it will look, and its parts as files."""

import streamlit as st

from app import state
from app.caches import reports
from app.components import empty, header, report_files, report_options

view = state.view()
header.show("Report", view)
if view is None:
    empty.no_data("A report needs deals with an amount and a close date.")
    st.stop()

services = view.services
choices, preview = st.columns([1, 2])
with choices:
    question = report_options.question(view)
report = reports.report(services, services.cache_key, question)
document = reports.pdf(services, services.cache_key, question, question.options.paper)
with choices:
    report_files.show(report, document)
with preview:
    st.pdf(document, height=900, key="report_preview", alt=f"{report.title}, {report.subtitle}")
