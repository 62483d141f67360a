"""What the chances were worth: reliability, ranking, money, and the models that were tried."""

import polars as pl
import streamlit as st

from app.components import cards, tables
from app.components.text import literal
from app.state import View
from core import formats
from core.charts.scores import reliability, reliability_alt
from core.deals.model import Verdict, WinModel
from core.deals.record import CalibrationRecord
from core.deals.scoring import DealScores
from core.metrics import metric

CARD_WIDTH = 340  # pixels; side by side on a screen of 1280, one below the other on 1024
MEASURE_WIDTH = 165  # pixels; what is left holds two amounts on a screen of 1280


def show(scores: DealScores, view: View) -> None:
    """Draw the record of the model on deals later than those it had learned from."""
    win = scores.model.win
    if win.record is None:
        return
    with st.grid(2, min_column_width=CARD_WIDTH):
        with cards.card("What was said, and what came", _rests_on(win.record)):
            cards.chart(
                reliability(win.record.curve),
                reliability_alt(win.record.error),
                key="deal_reliability",
                fill=True,
            )
        with cards.card("Track record", "Out of time: later deals, other companies"):
            _figures(win, win.record, view)
            _tried(win)


def _rests_on(record: CalibrationRecord) -> str:
    return (
        f"{formats.counted(record.snapshots, 'snapshot')} of "
        f"{formats.counted(record.deals, 'deal')}, {formats.day(record.from_on)} to "
        f"{formats.day(record.until_on)}; bands hold the truth 95 times in 100"
    )


def _figures(win: WinModel, record: CalibrationRecord, view: View) -> None:
    told = [
        (metric("calibration_error").title, formats.percent(record.error)),
        (metric("auc").title, formats.percent(record.auc)),
        (metric("brier_skill").title, formats.percent(record.skill)),
        ("Brier score, base rate", f"{record.brier:.3f}, {record.base_brier:.3f}"),
        ("Wins expected, observed", f"{record.expected_wins:,.0f}, {record.observed_wins:,.0f}"),
        (
            "Amount expected, observed",
            ", ".join(
                formats.money_compact(round(minor), view.scope.currency)
                for minor in (record.expected_minor, record.observed_minor)
            ),
        ),
        ("Beats the base rate by", f"{win.surety or 0:.1f} standard errors"),
    ]
    tables.show(
        pl.DataFrame(told, schema=["measure", "value"], orient="row"),
        {
            "measure": st.column_config.TextColumn("Measure", width=MEASURE_WIDTH),
            "value": st.column_config.TextColumn("Value", alignment="right"),
        },
        "How the chances fared on later deals",
        key="deal_record",
    )


def _tried(win: WinModel) -> None:
    used = win.title if win.verdict is Verdict.FOUND else "base rate"
    losses = ", ".join(f"{one.title.lower()} {one.log_loss:.3f}" for one in win.tried)
    st.caption(
        literal(
            f"In use: {used}, learned from {win.won:,} deals won and {win.lost:,} lost. Mean log "
            f"loss out of time: {losses}."
        )
    )
