"""What happened to one deal so far: creation, stages, pushes, amounts, touches."""

from typing import Final

import polars as pl

from core import formats
from core.deals.source import DealData

MOST_EVENTS: Final = 200
"""Events told of one deal, the latest."""


def timeline(data: DealData, deal: int, at: int) -> pl.DataFrame:
    """Return what happened to a deal before an instant, the latest first.

    Returns
    -------
    polars.DataFrame
        ``happened_at, event, detail``: the event is one of created, stage, close date, amount and
        touch.
    """
    rows = [*_changes(data, deal, at), *_touches(data, deal, at)]
    told = pl.DataFrame(
        rows,
        schema={"epoch": pl.Int64, "event": pl.String, "detail": pl.String},
        orient="row",
    )
    return (
        told.sort("epoch", descending=True, maintain_order=True)
        .head(MOST_EVENTS)
        .select(pl.from_epoch("epoch", "s").alias("happened_at"), "event", "detail")
    )


def _changes(data: DealData, deal: int, at: int) -> list[tuple[int, str, str]]:
    histories = data.histories
    created = int(histories.deals["created_epoch"][deal])
    rows: list[tuple[int, str, str]] = [(created, "created", "")]
    before: dict[str, object] = {"stage": None, "due_on": None, "amount_minor": None}
    states = histories.states.filter(pl.col("deal") == deal, pl.col("from_epoch") < at)
    for state in states.sort("from_epoch").iter_rows(named=True):
        told = {
            "stage": state["stage"],
            "due_on": formats.day(state["due_on"]),
            "amount_minor": formats.money_compact(state["amount_minor"], histories.currency),
        }
        rows += [
            (state["from_epoch"], _EVENTS[name], told[name])
            for name in before
            if state[name] is not None and state[name] != before[name]
        ]
        before = {name: state[name] for name in before}
    return rows


_EVENTS: Final = {"stage": "stage", "due_on": "close date", "amount_minor": "amount"}


def _touches(data: DealData, deal: int, at: int) -> list[tuple[int, str, str]]:
    touches = data.touches
    mine = (touches.deal == deal) & (touches.known_at < at)
    return [
        (int(moment), "touch", ": ".join(filter(None, (touches.channels[c], touches.kinds[k]))))
        for moment, c, k in zip(
            touches.known_at[mine], touches.channel[mine], touches.kind[mine], strict=True
        )
    ]
