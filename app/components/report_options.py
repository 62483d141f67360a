"""What the reader of the Report page chooses: for whom, which parts, which models, which paper."""

from datetime import date

import streamlit as st

from app.components import attribution_settings
from app.report_question import ReportQuestion
from app.state import View
from core.periods import Preset
from core.reports.options import Audience, Part, ReportOptions
from core.reports.paper import Paper

_AUDIENCES = {
    Audience.BOARD: "Board",
    Audience.MARKETING: "Marketing",
    Audience.SALES: "Sales",
}
_PAPERS = {Paper.A4: "A4", Paper.LETTER: "Letter"}


def question(view: View) -> ReportQuestion:
    """Draw the choices and return what the report is about; filters come from the filter bar."""
    first = st.container(horizontal=True, vertical_alignment="bottom")
    with first:
        audience, paper = _audience(), _paper()
        as_of = _as_of(view)
    parts = _parts(audience)
    choice = attribution_settings.behind_a_button(view)
    scope = view.scope
    custom = (scope.starts_on, scope.ends_on) if scope.starts_on and scope.ends_on else None
    return ReportQuestion(
        options=ReportOptions(audience, parts, paper),
        preset=view.preset,
        custom=custom if view.preset is Preset.CUSTOM else None,
        currency=scope.currency,
        owner_ids=scope.owner_ids,
        models=choice.question.models,
        model=choice.model,
        journeys=choice.question.journeys,
        rules=choice.question.rules,
        lift_tests=choice.question.lift_tests,
        as_of=as_of,
    )


def _as_of(view: View) -> date | None:
    """Draw the day to report as of; the day the data reach is no past day."""
    reach = view.coverage.as_of
    chosen = st.date_input(
        "As of",
        reach,
        min_value=view.coverage.first_day,
        max_value=reach,
        format="DD/MM/YYYY",
        key="report_as_of",
        width=200,
        help="A past day gives the report as it was then: later deals, closings and touches are "
        "not in it.",
    )
    return chosen if isinstance(chosen, date) and chosen < reach else None


def _audience() -> Audience:
    chosen = st.segmented_control(
        "For",
        list(Audience),
        default=Audience.BOARD,
        required=True,
        format_func=lambda audience: _AUDIENCES[Audience(audience)],
        key="report_audience",
    )
    return Audience(chosen or Audience.BOARD)


def _parts(audience: Audience) -> tuple[Part, ...]:
    chosen = st.pills(
        "Parts",
        list(Part),
        selection_mode="multi",
        default=list(audience.parts),
        format_func=lambda part: Part(part).label,
        # Another audience starts from its own parts.
        key=f"report_parts_{audience}",
        wrap=True,
    )
    return tuple(Part(part) for part in chosen)


def _paper() -> Paper:
    chosen = st.segmented_control(
        "Paper",
        list(Paper),
        default=Paper.A4,
        required=True,
        format_func=lambda paper: _PAPERS[Paper(paper)],
        key="report_paper",
    )
    return Paper(chosen or Paper.A4)
