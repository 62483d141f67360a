"""Where the quarter stands: commit, best case, pipeline, and whether there is enough of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.caches import forecast as forecasts
from app.caches import pipeline as caches
from app.components import cards, doubts, empty, forecast_question, opened
from app.components.kpis import Kpi
from app.components.text import literal
from app.pipeline_services import Behind, PipelineQuestion
from app.state import View
from core import formats
from core.charts.categories import categories, categories_alt
from core.errors import EmptyWorkspaceError
from core.forecasting.attainment import Attainment
from core.forecasting.outlook_results import Outlook
from core.periods import quarter_name

NO_QUOTA = "There is no quota for the quarter: import quotas.csv to see coverage."


@dataclass(frozen=True)
class Standing:
    """Where the quarter stands on the last day of the period.

    Parameters
    ----------
    attainment
        Booked, due and coverage against the quota.
    outlook
        The forecast whose chances sort the deals, the same as on the forecast page; None where
        there is nothing to learn from.
    missing
        Why there is none, and what to do; empty when there is one.
    """

    attainment: Attainment
    outlook: Outlook | None
    missing: tuple[str, str]


def ask(question: PipelineQuestion, view: View) -> Standing:
    """Ask where the quarter stands, of the outlook where there is one."""
    services, key = view.services, view.services.cache_key
    ahead = forecast_question.quarters(view, question.as_of)
    try:
        outlook = forecasts.outlook(services, key, ahead)
    except EmptyWorkspaceError as error:
        missing = (literal(error.message), literal(error.hint))
        return Standing(caches.attainment(services, key, question), None, missing)
    return Standing(forecasts.attainment(services, key, ahead), outlook, ("", ""))


def category_card(standing: Standing, view: View) -> str | None:
    """Draw the open deals by how sure they are; return the category whose bar was clicked."""
    ends_on = standing.attainment.ends_on
    subtitle = f"Chance to be won by {formats.day(ends_on)}; click a bar"
    with cards.card(f"Commit, best case, pipeline: {quarter_name(ends_on)}", subtitle):
        if standing.outlook is None:
            empty.nothing_found(*standing.missing)
            return None
        totals = view.services.forecasting.categories(standing.outlook)
        if not totals["deals"].sum():
            empty.nothing_found(
                "No deal is open.", "Import open deals, or choose another period or owner."
            )
            return None
        currency = standing.outlook.currency
        return cards.clickable(
            categories(totals, currency),
            categories_alt(totals, currency),
            key="pipeline_categories",
        )


def deals_of(category: str, standing: Standing, view: View) -> None:
    """Draw the open deals of a category with their chances."""
    if standing.outlook is None:
        return
    name, forecasting = category.lower(), view.services.forecasting
    totals = forecasting.categories(standing.outlook).filter(category=name)
    opened.show(
        f"Open deals in {name}",
        forecasting.category_deals(standing.outlook).filter(category=name),
        view,
        key=f"category_deals_{category}",
        proof_minor=int(totals["amount_minor"].item()),
    )


def coverage_kpi(found: Attainment) -> Kpi:
    """Return coverage with what was needed in past quarters beside it."""
    needed = found.coverage_needed
    if found.quota.target_minor is None:
        why = NO_QUOTA
    elif not found.still_needed:
        why = "The quota is reached, so nothing is left to cover."
    else:
        why = ""
    return Kpi(
        "pipeline_coverage",
        found.coverage,
        beside=f"{formats.times(needed)} needed" if needed else "no past quarter",
        why=why,
    )


def coverage(found: Attainment, said: Sequence[str], view: View) -> bool:
    """Say what coverage is made of; tell whether the deals that are due are to be shown.

    Parameters
    ----------
    found
        Where the quarter stands.
    said
        Doubts that the page has shown already.
    view
        Currency.
    """
    quarter, ends_on = quarter_name(found.ends_on), formats.day(found.ends_on)
    st.header(f"Coverage of {quarter}", anchor=False)
    due = literal(formats.money(found.pipeline_due, view.scope.currency))
    st.markdown(f"**{due}** of open pipeline is due by {ends_on}, overdue deals among it.")
    st.markdown(_against_quota(found, view))
    doubts.show(doubt for doubt in found.warnings if doubt not in said)
    return st.toggle("Show the deals that are due", key="coverage_deals")


def _against_quota(found: Attainment, view: View) -> str:
    if found.quota.target_minor is None:
        return NO_QUOTA
    currency = view.scope.currency
    quota, booked, left = (
        literal(formats.money(minor, currency))
        for minor in (found.quota.target_minor, found.booked, found.still_needed)
    )
    needed = f"Quota {quota} - booked {booked} = **{left} still needed**"
    if not found.still_needed:
        return f"{needed}: the quota is reached."
    enough = (
        f"In {formats.counted(found.past_periods, 'past quarter')} "
        f"{formats.times(found.coverage_needed)} on the same day was enough."
        if found.coverage_needed
        else "No past quarter says how much is enough."
    )
    return f"{needed}, and {formats.times(found.coverage)} of it is due. {enough}"


def due_deals(found: Attainment, question: PipelineQuestion, view: View) -> None:
    """Draw the open deals that are due by the end of the quarter."""
    services = view.services
    rows = caches.deals_behind(services, services.cache_key, question, Behind.DUE)
    opened.show("Deals due", rows, view, key="due_deals", proof_minor=found.pipeline_due)
