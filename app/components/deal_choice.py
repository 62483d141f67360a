"""What the Deals page is asked: the period, the view, the filters, the thresholds."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import streamlit as st

from app.components import saved_views
from app.deal_services import DealQuestion
from app.state import Key, View
from core import formats
from core.deals.listing import Column, Listing, Until
from core.deals.risk import SIGNALS, risk_signal
from core.deals.scoring import BANDS, Band
from core.deals.settings import ScoreSettings, SignalSettings
from core.deals.views import MOVED_BY, DealFilters, DealView, Moved
from core.metrics import metric
from core.periods import quarter_end_after, quarter_name

_NINETY: Final = timedelta(days=90)


@dataclass(frozen=True)
class Choice:
    """What is asked, and what of the answer is shown.

    Parameters
    ----------
    question
        Currency, day and period.
    settings
        Thresholds of bands and signals.
    listing
        Which deals are listed, and how.
    moved_by
        Least change of a chance that fell or rose.
    """

    question: DealQuestion
    settings: ScoreSettings
    listing: Listing
    moved_by: float

    @property
    def filters(self) -> DealFilters:
        """What narrows the list."""
        said = self.listing
        return DealFilters(said.owner_ids, said.bands, said.signals, said.moved, self.moved_by)


def in_a_row(view: View) -> Choice:
    """Draw the controls above the table and return what they say."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kept = st.container(horizontal=True, vertical_alignment="bottom", width="content")
        until, ends_on = _period(view)
        columns, sort, ascending = _columns()
        settings, moved_by = _thresholds()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = _view()
        moved = _moved()
        bands = _bands()
    signals, owners = _signals(), view.scope.owner_ids
    listing = Listing(shown, until, owners, bands, signals, moved, columns, sort, ascending)
    with kept:
        saved_views.show(listing, view)
    question = DealQuestion(view.scope.currency, view.coverage.as_of, ends_on)
    return Choice(question, settings, listing, moved_by)


def _view() -> DealView:
    """Draw the views as chips: none of them is every open deal, and leaves the address clean."""
    shown = st.pills(
        "Show",
        [one for one in DealView if one is not DealView.ALL],
        format_func=lambda one: DealView(one).label,
        key=Key.DEAL_VIEW,
        bind="query-params",
        help="Without a choice every open deal is shown.",
    )
    return DealView(shown or DealView.ALL)


def _period(view: View) -> tuple[Until, date]:
    as_of = view.coverage.as_of
    this = quarter_end_after(as_of)
    ends = {
        Until.THIS_QUARTER: this,
        Until.NEXT_QUARTER: quarter_end_after(this),
        Until.NINETY_DAYS: as_of + _NINETY,
    }

    def label(until: str) -> str:
        day = ends[Until(until)]
        name = quarter_name(day) if until != Until.NINETY_DAYS else "90 days"
        return f"{name}, to {formats.day(day)}"

    chosen = st.selectbox(
        "Period",
        list(Until),
        format_func=label,
        key=Key.DEAL_PERIOD,
        bind="query-params",
        width=220,
        help="Chances to be won, lost or still open count up to the last day of it.",
    )
    until = Until(chosen or Until.THIS_QUARTER)
    return until, ends[until]


def _columns() -> tuple[tuple[Column, ...], Column, bool]:
    """Draw columns and order behind a button; columns keep the table's own order."""
    with st.popover("Columns", icon=":material/view_column:"):
        chosen = st.multiselect(
            "Columns",
            list(Column),
            format_func=lambda column: Column(column).label,
            key=Key.DEAL_COLUMNS,
            bind="query-params",
            placeholder="The usual ones",
        )
        by_expected_first = sorted(Column, key=lambda column: column is not Column.EXPECTED)
        sort = st.selectbox(
            "Sort by",
            by_expected_first,
            format_func=lambda column: Column(column).label,
            key=Key.DEAL_SORT,
            bind="query-params",
        )
        ascending = st.toggle("Lowest first", key=Key.DEAL_ASCENDING, bind="query-params")
    columns = tuple(column for column in Column if column in chosen)
    return columns, Column(sort or Column.EXPECTED), ascending


def _bands() -> tuple[str, ...]:
    chosen = st.pills(
        "Risk",
        [str(band) for band in Band if band is not Band.NONE],
        selection_mode="multi",
        format_func=lambda band: BANDS[Band(band)],
        key=Key.DEAL_BANDS,
        bind="query-params",
    )
    return tuple(chosen or ())


def _moved() -> tuple[Moved, ...]:
    chosen = st.pills(
        "Since the last import",
        list(Moved),
        selection_mode="multi",
        format_func=lambda moved: Moved(moved).label,
        key=Key.DEAL_MOVED,
        bind="query-params",
        help=metric("chance_moved").help,
    )
    return tuple(Moved(one) for one in chosen or ())


def _signals() -> tuple[str, ...]:
    chosen = st.pills(
        "Signals",
        [signal.code for signal in SIGNALS],
        selection_mode="multi",
        format_func=lambda code: risk_signal(code).title,
        key=Key.DEAL_SIGNALS,
        bind="query-params",
        help=" ".join(f"**{signal.title}**: {signal.meaning}" for signal in SIGNALS),
    )
    return tuple(chosen or ())


def _thresholds() -> tuple[ScoreSettings, float]:
    """Draw the thresholds behind a button; they change what is said, not what is learned."""
    usual = ScoreSettings()
    with st.popover("Thresholds", icon=":material/tune:"):
        low = st.slider(
            "Low risk from a win chance of", 0.35, 0.95, usual.low_risk, 0.05, format="percent",
            key="deal_low_risk",
        )  # fmt: skip
        medium = st.slider(
            "Medium risk from a win chance of", 0.05, 0.3, usual.medium_risk, 0.05,
            format="percent", key="deal_medium_risk",
        )  # fmt: skip
        moved_by = st.slider(
            "Chance fell or rose: between imports by", 0.01, 0.25, MOVED_BY, 0.01,
            format="percent", key="deal_moved_by",
        )  # fmt: skip
        signals = _signal_thresholds()
    return ScoreSettings(low_risk=low, medium_risk=medium, signals=signals), moved_by


def _signal_thresholds() -> SignalSettings:
    usual = SignalSettings()
    stalled = st.slider(
        "Stalled: longer in stage than this share of won deals", 0.5, 0.95,
        usual.stalled_share, 0.05, format="percent", key="deal_stalled",
    )  # fmt: skip
    pushes = st.slider(
        "Pushed: moves of the close date to a later month", 1, 5, usual.pushes,
        key="deal_pushes",
    )  # fmt: skip
    quiet = st.slider("Inactive: days without a touch", 7, 60, usual.quiet_days, key="deal_quiet")
    people = st.slider(
        "Single-threaded: people met below", 2, 4, usual.fewest_people,
        key="deal_people",
    )  # fmt: skip
    drop = st.slider(
        "Amount dropped: below its highest by", 0.05, 0.5, usual.amount_drop, 0.05,
        format="percent", key="deal_drop",
    )  # fmt: skip
    intent = st.slider(
        "Low intent: share of touches by low-intent channels", 0.3, 0.9,
        usual.low_intent_share, 0.05, format="percent", key="deal_intent",
        help=f"Channels whose name contains {', '.join(usual.low_intent_channels)}.",
    )  # fmt: skip
    return SignalSettings(
        stalled_share=stalled, pushes=pushes, quiet_days=quiet, fewest_people=people,
        amount_drop=drop, low_intent_share=intent,
    )  # fmt: skip
