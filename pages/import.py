"""Import: bring in exports, see what would be read and rejected and why, then store them."""

import streamlit as st

from app import import_state, session, state
from app.components import check, header, history, import_progress, receipts, start, upload

view = state.view()
services = session.current_services()
header.show("Import", view)
st.markdown(
    "Drop in exports of your CRM, as many files as you like and in any order. "
    "Each is recognised by its columns, every row is accounted for, and the same file twice "
    "changes nothing."
)
drop, begin = st.columns([3, 2])
with drop:
    files = upload.show()
with begin:
    start.show(services)

latest, job = import_state.receipts(), import_state.import_job()
if import_state.was_stopped():
    st.info("The import was stopped. Nothing was stored.", icon=":material/stop_circle:")
if job:
    import_progress.show(job)
elif files:
    check.show(files)
elif latest:
    receipts.show(latest)
history.show(services)
