"""The models side by side, what each does, and the line that proves their sum."""

import polars as pl
import streamlit as st

from app import cache
from app.components import tables
from app.components.attribution_settings import Choice
from app.components.text import literal
from app.services import Model
from app.state import View
from core import formats
from core.attribution.comparison import AGREE_WITHIN, Comparison
from core.attribution.results import AttributionResult
from core.attribution.trust_record import measured
from core.charts.credit import MOST_BARS
from core.schema import UNATTRIBUTED

METRICS = (
    "attributed_revenue",
    "attributed_deals",
    "credit_share",
    "unattributed_share",
    "spend",
    "roi",
    "cac",
    "channel_win_rate",
)
"""Figures of the page, in the order they are read."""

AGREE, DEPENDS = "All models agree", "Depends on the model"
_IN_SHORT = {True: "All agree", False: "Depends"}


def agreement(comparison: Comparison) -> None:
    """Say on which names the choice of model decides and on which it does not."""
    if not comparison.agreed and not comparison.depending:
        return
    sides = [
        f"**{title}**: {_named(names)}"
        for title, names in ((AGREE, comparison.agreed), (DEPENDS, comparison.depending))
        if names
    ]
    st.markdown(". ".join(sides) + ".")


_NAMED = 8


def _named(names: tuple[str, ...]) -> str:
    shown = [literal(name) for name in names[:_NAMED]]
    more = len(names) - _NAMED
    return formats.listed([*shown, f"{more:,} more"] if more > 0 else shown)


def legend(choice: Choice) -> str:
    """Say how to read the chart of ranges."""
    return f"Dot: {choice.title}. Ticks: the other models. {choice.question.scope.currency}"


def how_to_read(rows: pl.DataFrame, choice: Choice) -> str:
    """Say what the ranking shows, how wrong the model may be, and where the other names are."""
    said = "; ".join([choice.subtitle, *_error(rows, choice)])
    if rows.height <= MOST_BARS:
        return f"{said}; click a bar"
    return f"{said}; the {MOST_BARS} largest of {rows.height}, all in the table below"


def _error(rows: pl.DataFrame, choice: Choice) -> list[str]:
    """Return what the model misallocates on simulated companies of this size, if it is known."""
    found = measured(choice.model, round(rows["deals"].sum()))
    return [found.label] if found else []


def side_by_side(comparison: Comparison, choice: Choice, view: View) -> None:
    """Draw the credits of all models as a table, with the range between them."""
    currency = view.scope.currency
    amounts = [*choice.titles, "low_minor", "high_minor"]
    judged = comparison.frame.with_columns(
        said=pl.col("agreed").replace_strict(_IN_SHORT, return_dtype=pl.String, default=None),
        places=pl.when(pl.col("best_place") == pl.col("worst_place"))
        .then(pl.format("{}", "best_place"))
        .otherwise(pl.format("{} to {}", "best_place", "worst_place")),
    ).drop("agreed", "best_place", "worst_place")
    ranked = judged.sort(pl.col("name") == UNATTRIBUTED, choice.model, descending=[False, True])
    rows = ranked.with_columns(
        *[tables.in_major(column, currency) for column in amounts],
    )
    described = view.services.models()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("All models side by side", anchor=False, width="content")
        tables.download(rows, f"attribution_{currency}.csv", key="credit_download")
    tables.show(
        rows,
        {
            "name": st.column_config.TextColumn(
                choice.question.level.value.capitalize(), pinned=True
            ),
            "said": st.column_config.TextColumn(
                "Models",
                help=f"All agree: the lowest credit is at most {AGREE_WITHIN:.0%} below the "
                "highest.",
            ),
            "places": st.column_config.TextColumn(
                "Place", help="Best and worst place among all names over the models."
            ),
            **{
                name: tables.money_column(title, currency, _explained(described[name]))
                for name, title in choice.titles.items()
            },
        },
        "Revenue each model gives to each name, its places, and whether the models agree",
        key="credit_table",
    )


def reconciliation(credit: AttributionResult, choice: Choice, view: View) -> None:
    """Say that credited and unattributed revenue add up to closed won, to the last cent."""
    line, currency = credit.reconciliation[choice.model], view.scope.currency
    parts = [
        formats.money(minor, currency)
        for minor in (line.credited_minor, line.unattributed_minor, line.closed_won_minor)
    ]
    sums = all(proof.holds for proof in credit.reconciliation.values())
    said = f"{literal(parts[0])} credited + {literal(parts[1])} unattributed"
    if sums:
        st.markdown(
            f":material/check_circle: {said} = **{literal(parts[2])} closed won** by "
            f"{literal(formats.in_a_sentence(choice.title))}. Each of the "
            f"{len(credit.reconciliation)} models adds up to it, to the cent."
        )
    else:
        st.error(
            f"{said} do not add up to {literal(parts[2])} closed won. Report this: the data "
            f"are in state {credit.fingerprint}."
        )
    doubts(credit)
    if line.unattributed_minor:
        left = cache.gaps(view.services, view.services.cache_key, choice.question.of_touches)
        for why in left.in_words(currency):
            st.caption(f":material/info: {literal(why)}")


def _explained(model: Model) -> str:
    """Say what a model does, and when not to use it."""
    return f"{model.summary} {model.caution}"


def doubts(credit: AttributionResult) -> None:
    """Draw what was left out, assumed or unknown."""
    for warning in credit.warnings:
        st.caption(f":material/info: {literal(warning)}")
