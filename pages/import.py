"""Import: bring in exports, see what was read, what was rejected and why."""

import streamlit as st

from app import session, state
from app.components import header, history, receipts, start, upload

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
    upload.show()
with begin:
    start.show(services)

latest = state.receipts()
if latest:
    receipts.show(latest)
history.show(services.history(), services.rejected_rows())
