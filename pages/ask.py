"""Ask: a question in plain language, answered by the product's own figures or refused."""

import streamlit as st

from app import state
from app.components import ask, empty, header

view = state.view()
header.show("Ask", view)
if view is None:
    empty.no_data("Questions need deals to be answered from.")
    st.stop()

st.markdown(
    "Ask about revenue, deals, win rate, deal size, sales cycle, pipeline, credit, spend, ROI, "
    "CAC, the forecast, the quota, deals at risk or the chance of a deal."
)
question = ask.question()
if question.strip():
    ask.show(question, view)
