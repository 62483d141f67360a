"""What each model gets wrong where the truth is known, in words, bars and numbers."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from app import navigation, state
from app.caches import trust as cache
from app.components import cards, tables
from app.components.attribution_settings import Choice
from app.components.text import literal
from app.state import View
from app.trust_services import Rehearsal, rehearsals
from core import formats
from core.attribution.rules.milestones import Custom
from core.attribution.trust_record import Shape
from core.charts.trust import misallocation, misallocation_alt

_SHARES = ("of_won", "of_won_worst", "random", "confounded", "among_channels")


def beside(model: str, title: str, view: View, *, key: str = "trust_beside") -> None:
    """Print beside a model's numbers what it misallocates, and lead to the page that says why."""
    services = view.services
    found = services.trust.measured(model, cache.shape(services, services.cache_key))
    if found is None:
        return
    with st.container(key=key):
        st.page_link(
            navigation.page("model_trust.py"),
            label=f"{literal(title)} {literal(found.label)}",
            icon=":material/verified:",
            help=literal(found.sentence),
            width="content",
        )


def offer(choice: Choice, view: View) -> None:
    """Say which model errs less than the lit one, where it is not compared, with a way to it."""
    services = view.services
    shape = cache.shape(services, services.cache_key)
    here = services.trust.measured(choice.model, shape)
    better = services.trust.more_accurate(tuple(choice.titles), shape)
    if here is None or better is None:
        return
    title = services.models()[better.model].title
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            ":material/verified: On simulated companies with about "
            f"{formats.counted(here.typical_wins, 'won deal')} {literal(choice.title)} gives "
            f"{literal(formats.percent(here.mean, 0))} of revenue to the wrong name, "
            f"{literal(title)} {literal(formats.percent(better.mean, 0))}.",
            width="content",
        )
        st.button(
            "Compare it",
            icon=":material/add:",
            type="tertiary",
            on_click=state.compare_also,
            args=(tuple(choice.titles), better.model),
            key="compare_more_accurate",
            help="Takes a few seconds the first time.",
        )


def sentence(rows: pl.DataFrame, titles: Mapping[str, str], shape: Shape) -> None:
    """Say which model errs least on companies of this size, and what that is worth."""
    known = rows.filter(pl.col("model").is_in(list(titles)))
    best, last = known.row(0, named=True), known.row(-1, named=True)
    st.markdown(
        f"**{literal(titles[best['model']])} errs least:** on {best['companies']} simulated "
        f"companies with about {formats.counted(best['wins'], 'won deal')} each (yours has "
        f"{formats.counted(shape.won_deals, 'won deal')}) it gives "
        f"{literal(formats.percent(best['of_won'], 0))} of won revenue to the wrong name, "
        f"{literal(titles[last['model']])} {literal(formats.percent(last['of_won'], 0))}. A model "
        "that hands out all revenue is wrong at least about what would have closed anyway."
    )


def record(rows: pl.DataFrame, titles: Mapping[str, str], chosen: str, *, key: str) -> None:
    """Draw the bars and, below them, the numbers."""
    subtitle = "Part of won revenue, mean over simulated companies; tick: the worst of them"
    with cards.card("Revenue given to the wrong name", subtitle):
        cards.chart(
            misallocation(rows, titles, chosen), misallocation_alt(rows, titles), key=f"{key}_chart"
        )
    shown = rows.filter(pl.col("model").is_in(list(titles))).with_columns(
        pl.col("model").replace_strict(dict(titles), return_dtype=pl.String),
        *[tables.in_percent(name) for name in _SHARES],
    )
    tables.show(shown, _columns(), "What each model misallocates", key=f"{key}_table")
    tables.download(rows, "model_trust.csv", key=f"{key}_download")


def rehearsal(view: View, titles: Mapping[str, str], shape: Shape, chosen: str) -> None:
    """Offer to simulate companies of this size now, and show what came of it."""
    planned = rehearsals(shape.deals, view.coverage.as_of)
    st.header("Run it on companies of your size", anchor=False)
    st.caption(
        f"Simulates {len(planned)} companies with "
        f"{formats.counted(planned[0].deals, 'deal')} each, asks every model and compares with "
        "the truth. Takes a minute, or a few where the machine is busy; your data are not touched."
    )
    if st.button("Simulate and measure", icon=":material/experiment:", key="rehearse"):
        state.remember_rehearsal(planned[0].deals)
    if state.rehearsed() == planned[0].deals:
        # Without weights of its own the custom model repeats another.
        models = tuple(name for name in titles if name != Custom.name)
        parts = _played(planned, models, view)
        record(view.services.trust.rehearsed(parts), titles, chosen, key="rehearsed")


def how_it_is_measured() -> None:
    """Say what the figures mean and what they cannot promise."""
    st.header("How this is measured", anchor=False)
    st.markdown(
        "Each company is simulated with known effects and replayed with every set of channels, so "
        "the part of its revenue that each channel brought, and the part that would have come "
        "anyway, are known. A model's misallocated share is half the sum of differences between "
        "its shares and these. The companies have additive, multiplicative or saturating effects, "
        "exposure that is random or follows the intent to buy, and channels that only collect "
        "touches before a decision. Real companies differ from simulated ones: an error there "
        "can be larger. Only an experiment proves what a channel brings."
    )


def _played(
    planned: tuple[Rehearsal, ...], models: tuple[str, ...], view: View
) -> list[pl.DataFrame]:
    """Return the companies one after the other, telling how far it is."""
    progress = st.progress(0.0, "Simulating")
    parts = []
    for number, one in enumerate(planned):
        progress.progress(number / len(planned), f"Company {number + 1}: {one.in_words}")
        parts.append(cache.rehearsed(one, models, view.services.engine_url))
    progress.empty()
    return parts


def _columns() -> dict[str, object]:
    return {
        "model": st.column_config.TextColumn("Model", pinned=True),
        "of_won": tables.percent_column("Misallocated", 0, "Mean over all companies."),
        "of_won_worst": tables.percent_column("Worst company", 0),
        "random": tables.percent_column("Random exposure", 0, "Who is reached is chance."),
        "confounded": tables.percent_column(
            "Exposure follows intent", 0, "Those who want to buy anyway are reached more."
        ),
        "among_channels": tables.percent_column(
            "Among channels",
            0,
            "The same between channels only: the fairer figure for models that leave nothing to "
            "nobody.",
        ),
        "companies": st.column_config.NumberColumn("Companies"),
    }
