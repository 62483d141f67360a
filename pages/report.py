"""Report: the document that is forwarded unedited, as it will look, and its parts as files."""

import streamlit as st

from app import state
from app.caches import reports
from app.components import empty, header, report_files, report_options

PREVIEW_WIDTH = 628  # a page at its own size, of which Letter is the wider, and its surroundings
PREVIEW_HEIGHT = 900

view = state.view()
header.show("Report", view)
if view is None:
    empty.no_data("A report needs deals with an amount and a close date.")
    st.stop()

services = view.services
# Side by side where there is room for a sheet of paper, one below the other where there is not.
beside = st.container(horizontal=True, gap="small")
choices = beside.container(width="stretch")
preview = beside.container(width=PREVIEW_WIDTH)
with choices:
    question = report_options.question(view)
report = reports.report(services, services.cache_key, question)
document = reports.pdf(services, services.cache_key, question, question.options.paper)
with choices:
    # A part of the deals is chosen on the page in words that the command line does not read.
    command = "" if view.of_all_deals else question.command(report.currency)
    report_files.show(report, document, command)
with preview:
    st.pdf(
        document,
        height=PREVIEW_HEIGHT,
        key="report_preview",
        alt=f"{report.title}, {report.subtitle}",
    )
