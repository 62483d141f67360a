"""The won amounts of a company, to be summed between any two days."""

from datetime import date

import numpy as np
import polars as pl

from core.forecasting.histories import Histories, end_of


class Won:
    """What was won before an instant; a win without an amount brings no revenue."""

    def __init__(self, histories: Histories, at: int) -> None:
        won = histories.deals.filter(
            pl.col("outcome") == "won",
            pl.col("amount_minor").is_not_null(),
            pl.col("closed_epoch") < at,
        ).sort("closed_epoch")
        self._closed = won["closed_epoch"].to_numpy()
        self._total = np.concatenate([[0.0], np.cumsum(won["amount_minor"].to_numpy())])
        self.days: list[date] = pl.from_epoch(won["closed_epoch"]).dt.date().to_list()
        self.amounts: list[float] = won["amount_minor"].cast(pl.Float64).to_list()

    def after(self, since: date, until: date) -> float:
        """Return the amount won after the end of one day up to the end of another."""
        first, last = np.searchsorted(self._closed, [end_of(since), end_of(until)])
        return float(self._total[last] - self._total[first])
