"""Where the quarter stands: commit, best case, pipeline, and whether there is enough of it."""

import streamlit as st

from app.caches import pipeline as caches
from app.components import cards, empty, opened
from app.components.kpis import Kpi
from app.components.text import literal
from app.pipeline_services import Behind, PipelineQuestion
from app.state import View
from core import formats
from core.charts.categories import categories, categories_alt
from core.forecasting.attainment import Attainment
from core.forecasting.categories import categorise, category_totals
from core.periods import quarter_name

NO_QUOTA = "There is no quota for the quarter: import quotas.csv to see coverage."


def category_card(found: Attainment) -> str | None:
    """Draw the open deals by how sure they are; return the category whose bar was clicked."""
    quarter = quarter_name(found.ends_on)
    subtitle = f"Chance to be won by {formats.day(found.ends_on)}; click a bar"
    with cards.card(f"Commit, best case, pipeline: {quarter}", subtitle):
        if found.forecast is None or found.forecast.deals.is_empty():
            empty.nothing_found(
                "No deal is open.", "Import open deals, or choose another period or owner."
            )
            return None
        totals = category_totals(found.forecast.deals)
        currency = found.forecast.currency
        return cards.clickable(
            categories(totals, currency),
            categories_alt(totals, currency),
            key="pipeline_categories",
        )


def deals_of(category: str, found: Attainment, view: View) -> None:
    """Draw the open deals of a category with their chances."""
    if found.forecast is None:
        return
    rows = categorise(found.forecast.deals).filter(category=category.lower())
    totals = category_totals(found.forecast.deals).filter(category=category.lower())
    opened.show(
        f"Open deals in {category.lower()}",
        rows.sort("expected_minor", descending=True, nulls_last=True),
        view,
        key=f"category_deals_{category}",
        proof_minor=int(totals["amount_minor"].item()),
    )


def coverage_kpi(found: Attainment) -> Kpi:
    """Return coverage with what was needed in past quarters beside it."""
    needed = formats.times(found.coverage_needed)
    if found.quota.target_minor is None:
        why = NO_QUOTA
    elif not found.still_needed:
        why = "The quota is reached, so nothing is left to cover."
    else:
        why = ""
    return Kpi(
        "pipeline_coverage",
        found.coverage,
        beside=f"{needed} needed",
        why=why,
    )


def coverage(found: Attainment, view: View) -> bool:
    """Say what coverage is made of; tell whether the deals that are due are to be shown."""
    quarter, ends_on = quarter_name(found.ends_on), formats.day(found.ends_on)
    st.subheader(f"Coverage of {quarter}", anchor=False)
    due = literal(formats.money(found.pipeline_due, view.scope.currency))
    st.markdown(f"**{due}** of open pipeline is due by {ends_on}, overdue deals among it.")
    st.markdown(_against_quota(found, view))
    for warning in found.warnings:
        st.caption(f":material/info: {literal(warning)}")
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
