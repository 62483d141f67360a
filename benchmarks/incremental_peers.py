"""Shares of won revenue by rules, Markov and Shapley, on the journeys the hazard model reads."""

import sys
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from core.attribution.data_driven import data_driven  # noqa: E402
from core.attribution.incremental.journeys import Journeys  # noqa: E402
from core.attribution.paths import PathCounts  # noqa: E402

DATA_DRIVEN = ("markov_1", "shapley", "shapley_rate")


def peer_shares(journeys: Journeys) -> dict[str, dict[str, float]]:
    """Return each model's share of touched won revenue by channel; they leave nothing to nobody."""
    touches = pl.DataFrame(
        {
            "deal": journeys.touch_deal,
            "channel": np.array(journeys.channels)[journeys.touch_channel],
            "day": journeys.touch_day,
        }
    ).sort("deal", "day", maintain_order=True)
    return {**_rules(journeys, touches), **_games(journeys, touches)}


def _revenue(journeys: Journeys) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "deal": np.arange(journeys.won.size),
            "won": journeys.won > 0,
            "lost": journeys.lost > 0,
            "revenue": journeys.deals["revenue_minor"].cast(pl.Float64).fill_null(0.0),
        }
    )


def _rules(journeys: Journeys, touches: pl.DataFrame) -> dict[str, dict[str, float]]:
    won = touches.join(_revenue(journeys).filter("won"), on="deal", maintain_order="left")
    place, count = pl.int_range(pl.len()).over("deal"), pl.len().over("deal")
    weights = {
        "first_touch": (place == 0).cast(pl.Float64),
        "last_touch": (place == count - 1).cast(pl.Float64),
        "linear": 1.0 / count,
    }
    return {
        name: _shares(won.select("channel", value=weight * pl.col("revenue")))
        for name, weight in weights.items()
    }


def _games(journeys: Journeys, touches: pl.DataFrame) -> dict[str, dict[str, float]]:
    paths = touches.group_by("deal").agg(pl.col("channel").alias("path"))
    closed = paths.join(_revenue(journeys).filter(pl.col("won") | pl.col("lost")), on="deal")
    counts = PathCounts.from_frame(
        closed.select(
            "path",
            conversions=pl.col("won").cast(pl.Float64),
            nulls=pl.col("lost").cast(pl.Float64),
            value=pl.when("won").then("revenue").otherwise(0.0),
        )
    )
    answers = {name: data_driven(name).of_paths(counts) for name in DATA_DRIVEN}
    return {
        name: _shares(pl.DataFrame({"channel": list(one.channels), "value": one.values}))
        for name, one in answers.items()
        if one.values is not None
    }


def _shares(credit: pl.DataFrame) -> dict[str, float]:
    summed = credit.group_by("channel").agg(pl.col("value").sum())
    total = summed["value"].sum()
    return {name: value / total for name, value in summed.iter_rows()}
