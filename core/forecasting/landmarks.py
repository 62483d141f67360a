"""The pipeline as it was: any past moment replayed, and the snapshots that teach outcomes."""

from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from core import arrays
from core.forecasting.histories import DAY, Histories

Floats = arrays.Floats
Integers = arrays.Integers
Booleans = arrays.Booleans


def replay(histories: Histories, at: int) -> pl.DataFrame:
    """Return the pipeline as it stood just before an instant, from what was known then.

    Parameters
    ----------
    histories
        The company's deals.
    at
        Epoch second; a change in that very second is not yet known.

    Returns
    -------
    polars.DataFrame
        One row an open deal: ``deal, stage, age_days`` (in its stage), ``amount_minor, due_on``.
    """
    rows = histories.states.filter(
        pl.col("from_epoch") < at, pl.col("until_epoch") >= at
    ).select(
        "deal",
        "stage",
        age_days=(at - pl.col("since_epoch")) / DAY,
        amount_minor="amount_minor",
        due_on="due_on",
    )  # fmt: skip
    return rows if at <= histories.recorded_until else histories.with_due_today(rows)


@dataclass(frozen=True)
class Landmarks:
    """Many snapshots one below the other, with what became of each deal.

    Parameters
    ----------
    at
        Instant of the snapshot a row belongs to.
    deal
        Row number of the deal in the histories.
    stage
        Code of the stage: its place in ``stages``.
    age_days
        Days in that stage.
    due_days
        Days until the expected close as it was then, negative when overdue; nan when unknown.
    amount
        Amount then, in minor units; nan when unknown.
    won_at, lost_at
        Epoch second of the outcome, infinite where it has not come about. Hindsight: a model
        must look only at those before its own as-of instant.
    won_amount
        Amount it was won with; nan when not won or unknown.
    stages
        Names behind the codes.
    """

    at: Integers
    deal: Integers
    stage: Integers
    age_days: Floats
    due_days: Floats
    amount: Floats
    won_at: Floats
    lost_at: Floats
    won_amount: Floats
    stages: tuple[str, ...]

    def since(self, instant: int) -> "Landmarks":
        """Return the snapshots taken at or after an instant."""
        return self._chosen(self.at >= instant)

    def known_before(self, instant: int) -> "Landmarks":
        """Return the snapshots taken before an instant, blind to outcomes from then on."""
        past = self._chosen(self.at < instant)
        unseen = past.won_at >= instant
        return replace(
            past,
            won_at=np.where(unseen, np.inf, past.won_at),
            lost_at=np.where(past.lost_at >= instant, np.inf, past.lost_at),
            won_amount=np.where(unseen, np.nan, past.won_amount),
        )

    def _chosen(self, rows: Booleans) -> "Landmarks":
        columns = {
            column.name: getattr(self, column.name)[rows]
            for column in fields(self)
            if column.name != "stages"
        }
        return replace(self, **columns)


def landmarks(histories: Histories, instants: Integers) -> Landmarks:
    """Take a snapshot at each instant and note what became of every deal in it."""
    states = histories.columns
    rows = [np.flatnonzero((states.begins < at) & (states.ends >= at)) for at in instants]
    chosen = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
    at = np.repeat(np.asarray(instants, dtype=np.int64), [len(found) for found in rows])
    deal = states.deal[chosen]
    due_at = states.due_at[chosen]
    is_today = np.isnan(due_at) & (at > histories.recorded_until)
    due_at = np.where(is_today, states.due_at_today[deal], due_at)
    return Landmarks(
        at=at,
        deal=deal,
        stage=states.stage[chosen],
        age_days=(at - states.since[chosen]) / DAY,
        due_days=(due_at - at) / DAY,
        amount=states.amount[chosen],
        won_at=states.won_at[deal],
        lost_at=states.lost_at[deal],
        won_amount=states.won_amount[deal],
        stages=states.stages,
    )


def weekly_instants(first: int, last: int, step_days: int = 7) -> Integers:
    """Return instants a step apart that end with the last one and begin after the first.

    >>> weekly_instants(0, 15 * 86_400).tolist() == [1 * 86_400, 8 * 86_400, 15 * 86_400]
    True
    """
    step = step_days * DAY
    count = max(0, (last - first) // step)
    return last - step * np.arange(count, -1, -1, dtype=np.int64)
