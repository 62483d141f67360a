"""The pipeline forecast's own past: what it would have said at past origins, beside what came."""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from core.forecasting.expectation import PipelineSettings, expect
from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.landmarks import Floats, Integers, Landmarks, landmarks, weekly_instants
from core.forecasting.outcomes import step_ends
from core.forecasting.spread import PastForecasts

MIN_EVENTS: Final = 20
"""Deals won, and deals lost, below which a probability is shown with a warning."""

MIN_WINDOWS: Final = 3
"""Windows over at a past origin below which its forecast at that horizon was not one yet."""

MIN_TRACK_STEPS: Final = 4
"""Horizons, in steps, that the track record covers even where the forecast is shorter."""


def track_record(
    histories: Histories, as_of: date, horizon_days: float, settings: PipelineSettings | None = None
) -> PastForecasts:
    """Return what the method would have said at past origins, a step apart, and what came."""
    settings = settings or PipelineSettings()
    at = end_of(as_of)
    ends_days = step_ends(horizon_days, settings.risks.step_days)
    seen = snapshots(histories, at, ends_days, settings)
    return replay_forecasts(histories, seen, at, ends_days, settings)


def snapshots(
    histories: Histories, at: int, ends_days: Floats, settings: PipelineSettings
) -> Landmarks:
    """Take the snapshots a forecast and its track record learn from, the last one now."""
    instants = weekly_instants(histories.starts_at, at, settings.risks.step_days)
    needed = settings.history_steps + settings.origins + len(ends_days)
    return landmarks(histories, instants[-needed - 1 :])


def replay_forecasts(
    histories: Histories, seen: Landmarks, at: int, ends_days: Floats, settings: PipelineSettings
) -> PastForecasts:
    """Forecast at past instants exactly as now, further than the forecast where it is short.

    An origin counts once 20 deals were won before it, and at a horizon once three windows of it
    were over: before that there was no forecast to be judged.
    """
    ends_days = _at_least(ends_days, settings)
    instants = np.unique(seen.at[seen.at < at])[: None if settings.origins else 0]
    chosen, expected, sd = [], [], []
    for instant in instants[-settings.origins - len(ends_days) :]:
        then = expect(histories, seen, int(instant), ends_days, settings)
        if then.table.wins_seen < MIN_EVENTS:
            continue
        chosen.append(instant)
        taught = then.new.windows >= MIN_WINDOWS
        expected.append(np.where(taught, then.expected, np.nan))
        sd.append(then.independent_sd)
    origins = np.array(chosen, dtype=np.int64)
    shape = (len(origins), len(ends_days))
    return PastForecasts(
        origins,
        ends_days,
        np.reshape(expected, shape),
        np.reshape(sd, shape),
        _actual(histories, origins, ends_days, at),
    )


def _actual(histories: Histories, origins: Integers, ends_days: Floats, at: int) -> Floats:
    won = histories.deals.filter(pl.col("outcome") == "won").sort("closed_epoch")
    closed = won["closed_epoch"].to_numpy()
    amounts = won["amount_minor"].cast(pl.Float64).fill_null(0.0).to_numpy()  # unknown: no revenue
    total = np.concatenate([[0.0], np.cumsum(amounts)])
    over_at = origins[:, None] + ends_days[None, :] * DAY
    before = total[np.searchsorted(closed, origins)][:, None]
    reached: Floats = total[np.searchsorted(closed, over_at)] - before
    return np.where(over_at <= at, reached, np.nan)


def _at_least(ends_days: Floats, settings: PipelineSettings) -> Floats:
    """Return the steps, and further ones where they are few: their errors teach too."""
    step = settings.risks.step_days
    further = np.arange(step, (MIN_TRACK_STEPS + 1) * step, step, dtype=np.float64)
    return np.concatenate([ends_days, further[further > ends_days[-1]]])
