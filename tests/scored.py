"""A simulated company's deals, ready to be scored; and pieces of a score said in a few lines."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import polars as pl

from core.crm.demo import DemoOptions, load, simulate
from core.deals.columns import Features, Name, Number
from core.deals.learning import learn
from core.deals.scoring import score_deals
from core.deals.source import DealData, as_touches, read_deal_data
from core.engine import open_engine
from core.periods import quarter_end_after
from core.workspace import Workspace
from tests.pipelines import epoch

AS_OF = date(2026, 11, 20)


@cache
def company_data(deals=450, seed=7):
    """Return the deals and touches of a simulated company."""
    company = simulate(DemoOptions(ends_on=AS_OF, seed=seed, deals=deals))
    with Workspace.in_memory() as workspace:
        load(workspace, company)
        return read_deal_data(open_engine(workspace), "EUR", AS_OF, "demo")


@cache
def company_scores(deals=450, seed=7, as_of=AS_OF):
    """Return the scored deals of a simulated company."""
    data = company_data(deals, seed)
    return score_deals(data, learn(data, as_of, quarter_end_after(as_of)))


def data_of(pipeline, touches=(), next_steps=(), reaches=date(2024, 12, 31)):
    """Return deals to score; a touch is (deal_id, instant, channel, kind, contact_id)."""
    histories = pipeline.histories()
    ids = histories.deals.select("deal", "deal_id")
    columns = ["deal_id", "at", "channel", "kind", "contact_id"]
    rows = (
        pl.DataFrame(list(touches), schema=dict.fromkeys(columns, pl.String), orient="row")
        .with_columns(
            known_at=pl.col("at").map_elements(epoch, return_dtype=pl.Int64).cast(pl.Int64)
        )
        .join(ids, on="deal_id")
        .sort("deal", "known_at", "channel", "kind", "contact_id")
    )
    steps = histories.deals["deal_id"].is_in(list(next_steps)).to_numpy()
    return DealData(
        histories=histories,
        touches=as_touches(rows),
        employees=np.full(histories.deals.height, np.nan),
        next_steps=steps,
        traits=pl.DataFrame(),
        left_out=(),
        reaches=reaches,
        fingerprint="test",
    )


def features_of(numbers=None, names=None):
    """Return features from plain lists, each in a factor of its own name."""
    return Features(
        tuple(Number(key, key, np.array(value, float)) for key, value in (numbers or {}).items()),
        tuple(
            Name(key, key, np.array(codes), tuple(levels))
            for key, (codes, levels) in (names or {}).items()
        ),
    )


def without_future(data, as_of):
    """Return the data as an export of that day would have had them."""
    at = epoch(as_of.isoformat()) + 86_400
    histories, touches = data.histories, data.touches
    closed = pl.col("closed_epoch").fill_null(2**60) < at
    deals = histories.deals.with_columns(
        outcome=pl.when(closed).then("outcome").otherwise(pl.lit("open")),
        closed_epoch=pl.when(closed).then("closed_epoch"),
    )
    states = histories.states.filter(pl.col("from_epoch") < at).with_columns(
        until_epoch=pl.when(pl.col("until_epoch") < at).then("until_epoch").otherwise(2**60)
    )
    kept = touches.known_at < at
    return replace(
        data,
        histories=replace(histories, deals=deals, states=states),
        touches=replace(
            touches,
            **{
                name: getattr(touches, name)[kept]
                for name in ("deal", "known_at", "channel", "kind", "contact")
            },
        ),
    )
