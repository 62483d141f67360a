"""How far models can be trusted: measured on companies whose truth is known."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from core.attribution import attribute
from core.attribution.incremental.offered import teach
from core.attribution.misallocation import misallocated
from core.attribution.results import Question
from core.attribution.trust_record import Measured, Shape, by_model, measured, recorded
from core.crm.demo.company import load, simulate
from core.crm.demo.expected import expected_shares
from core.crm.demo.options import DemoOptions
from core.crm.demo.scenarios import Family
from core.engine import collect, open_engine
from core.scope import Scope
from core.workspace import Workspace

MOST_REHEARSED_DEALS: Final = 5_000
"""A rehearsal simulates no larger companies: they would take minutes."""

FEWEST_REHEARSED_DEALS: Final = 300

REHEARSAL_SEED: Final = 20_261
"""Another seed than those the model was developed on and those of the record."""


@dataclass(frozen=True)
class Rehearsal:
    """One company to rehearse on.

    Parameters
    ----------
    family
        How effects combine.
    confounded
        Whether exposure follows intent.
    deals
        Number of deals.
    ends_on
        Last day of its history.
    """

    family: str
    confounded: bool
    deals: int
    ends_on: date

    @property
    def in_words(self) -> str:
        """What is special about it."""
        reach = "exposure follows intent" if self.confounded else "exposure is random"
        return f"{self.family} effects, {reach}, late touches that do nothing"

    @property
    def options(self) -> DemoOptions:
        """What to simulate."""
        reach = "_confounded" if self.confounded else ""
        return DemoOptions(
            ends_on=self.ends_on,
            seed=REHEARSAL_SEED,
            deals=self.deals,
            scenario=f"{self.family}{reach}_harvest",
        )


def rehearsals(deals: int, ends_on: date) -> tuple[Rehearsal, ...]:
    """Return the six companies of a rehearsal, with as many deals as asked for, within limits."""
    size = min(max(deals, FEWEST_REHEARSED_DEALS), MOST_REHEARSED_DEALS)
    return tuple(
        Rehearsal(family.value, confounded, size, ends_on)
        for family in Family
        for confounded in (False, True)
    )


def rehearse(rehearsal: Rehearsal, models: tuple[str, ...], engine_url: str) -> pl.DataFrame:
    """Simulate a company, ask all models, and compare them with its truth.

    Returns
    -------
    polars.DataFrame
        ``model, of_won, among_channels, confounded, won_deals``: one row a model.
    """
    truth = expected_shares(rehearsal.options)
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(rehearsal.options))
        asked = Question(Scope("EUR"), models)
        result = attribute(open_engine(workspace, engine_url), asked, "rehearsal")
    rows = []
    for model in models:
        given = result.frame.filter(pl.col("model") == model).select("channel", "share")
        found = misallocated(truth, dict(given.iter_rows()))
        rows.append((model, found.of_won, found.among_channels))
    told = pl.DataFrame(rows, schema=["model", "of_won", "among_channels"], orient="row")
    return told.with_columns(
        confounded=pl.lit(rehearsal.confounded), won_deals=pl.lit(result.won_deals)
    )


@dataclass(frozen=True)
class TrustServices:
    """What may be asked about how far models can be trusted with one workspace's data."""

    workspace: Workspace
    engine_url: str

    def shape(self) -> Shape:
        """Return what decides how accurate models can be here."""
        engine = open_engine(self.workspace, self.engine_url)
        outcomes = collect(engine.table("deal_facts").select("outcome"))["outcome"]
        touches = collect(engine.table("deal_touches").select("channel"))["channel"]
        won, lost = int((outcomes == "won").sum()), int((outcomes == "lost").sum())
        return Shape(
            won_deals=won,
            deals=len(outcomes),
            touches_per_deal=len(touches) / max(len(outcomes), 1),
            channels=touches.n_unique(),
            win_rate=won / (won + lost) if won + lost else None,
        )

    def recorded(self, shape: Shape) -> pl.DataFrame:
        """Return what each model misallocated on the recorded companies nearest in size."""
        return by_model(recorded(shape.won_deals))

    def measured(self, model: str, shape: Shape) -> Measured | None:
        """Return what is on record for one model; None if it was never measured."""
        return measured(model, shape.won_deals)

    def more_accurate(self, compared: tuple[str, ...], shape: Shape) -> Measured | None:
        """Return the model that errs least on companies of this size, unless it is compared.

        None also where the deals are too few for it: an offer has to be worth a click.
        """
        best = self.recorded(shape)["model"][0]
        if best in compared or not teach(shape.won_deals, shape.deals - shape.won_deals):
            return None
        return self.measured(best, shape)

    def rehearsed(self, parts: list[pl.DataFrame]) -> pl.DataFrame:
        """Return what each model misallocated over the companies of a rehearsal."""
        return by_model(pl.concat(parts))
