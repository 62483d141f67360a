"""The states of deals and what became of them, as the arrays that snapshots are taken from."""

import numpy as np
import polars as pl

from core.arrays import Floats
from core.forecasting.histories import DAY, Histories
from core.forecasting.recorded_states import FOREVER


class StateColumns:
    """The states and outcomes as arrays."""

    def __init__(self, histories: Histories) -> None:
        states, deals = histories.states, histories.deals
        seen = states["stage"].unique(maintain_order=True).to_list()
        named = [stage for stage in histories.stages if stage in set(seen)]
        self.stages = (*named, *sorted(set(seen) - set(named)))
        codes = {stage: code for code, stage in enumerate(self.stages)}
        self.stage = np.array([codes[stage] for stage in states["stage"]], dtype=np.int64)
        self.begins = states["from_epoch"].to_numpy()
        self.ends = states["until_epoch"].fill_null(FOREVER).to_numpy()
        self.since = states["since_epoch"].to_numpy()
        self.deal = states["deal"].to_numpy()
        self.amount = _floats(states["amount_minor"], np.nan)
        self.due_at = _ends_of(states["due_on"])
        self.due_at_today = _ends_of(histories.due_today["due_today"])
        won = pl.col("outcome") == "won"
        lost = pl.col("outcome") == "lost"
        ends = deals.select(
            won=pl.when(won).then("closed_epoch"),
            lost=pl.when(lost).then("closed_epoch"),
            amount=pl.when(won).then("amount_minor"),
        )
        self.won_at = _floats(ends["won"], np.inf)
        self.lost_at = _floats(ends["lost"], np.inf)
        self.won_amount = _floats(ends["amount"], np.nan)


def _ends_of(days: pl.Series) -> Floats:
    return _floats((days.dt.epoch("d") + 1) * DAY, np.nan)


def _floats(column: pl.Series, missing: float) -> Floats:
    return column.cast(pl.Float64).fill_null(missing).to_numpy()
