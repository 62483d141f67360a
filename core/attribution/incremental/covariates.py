"""What tells deals and moments apart, touches aside: the baseline's covariates."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from core.attribution.incremental.decay import Ints, Lags
from core.attribution.incremental.journeys import Journeys
from core.attribution.incremental.links import Floats

CATEGORIES: Final = ("industry", "region", "owner_id", "kind", "source")
NUMBERS: Final = ("employees", "revenue_minor")
AGE_KNOTS_DAYS: Final = (0.0, 7.0, 15.0, 30.0, 50.0, 80.0, 130.0, 200.0, 300.0)

_FEWEST_LEVELS: Final = 2
_LEAST_WINS: Final = 8  # a level with fewer wins is told apart by nothing but noise
_CATEGORY_PRECISION: Final = 4.0  # levels differ by about half a unit of the log hazard
_SMOOTH_PRECISION: Final = 0.25
_NUMBER_PRECISION: Final = 1.0
_PRIOR_TOUCHES: Final = 1.0


@dataclass(frozen=True)
class Block:
    """Some columns of the baseline, with the precision of their prior."""

    values: Floats
    precision: float


def of_deals(journeys: Journeys) -> list[Block]:
    """Return what stays the same over a deal's life."""
    deals, won = journeys.deals, journeys.won
    blocks = [_levels(deals[name], won) for name in CATEGORIES if name in deals.columns]
    blocks += [_number(deals[name]) for name in NUMBERS if name in deals.columns]
    return [block for block in blocks if block.values.shape[1]]


@dataclass(frozen=True)
class Reached:
    """How much each deal has been reached so far, channel by channel.

    Only what came before each moment counts: a rate over the whole journey would contain the
    outcome, because a deal won early has a short journey.

    Parameters
    ----------
    touches
        Touches before each row, rows x channels.
    expected
        Touches an average deal has by then.
    """

    touches: Floats
    expected: Floats

    @classmethod
    def of(cls, lags: Lags, elapsed_days: Floats, days: Floats) -> "Reached":
        """Count touches; every channel reaches the average deal at one rate."""
        count = np.bincount(
            lags.row * lags.shape[1] + lags.channel, minlength=lags.shape[0] * lags.shape[1]
        )
        touches = count.reshape(lags.shape).astype(np.float64)
        rate = (days @ touches) / max(float(days @ elapsed_days), 1.0)
        return cls(touches, elapsed_days[:, None] * rate)

    def beyond(self) -> Floats:
        """Return the logarithm of touches over touches expected, both with a prior touch.

        With it an effect is identified by when touches happen and not by who gets them (Mundlak,
        1978). The prior touch keeps a young journey from being an outlier.
        """
        ratio: Floats = np.log((self.touches + _PRIOR_TOUCHES) / (self.expected + _PRIOR_TOUCHES))
        return ratio


def centred(values: Floats, days: Floats) -> Floats:
    """Return columns less their mean over time at risk."""
    moved: Floats = values - (days @ values) / days.sum()
    return moved


def of_moments(age_days: Floats, day: Floats) -> list[Block]:
    """Return what changes as a deal grows older and quarters end."""
    return [
        Block(_hats(age_days, AGE_KNOTS_DAYS), _SMOOTH_PRECISION),
        Block(_calendar(day), _SMOOTH_PRECISION),
    ]


def _hats(values: Floats, knots: tuple[float, ...]) -> Floats:
    places = np.asarray(knots)
    held = np.clip(values, places[0], places[-1])
    return np.stack(
        [np.interp(held, places, np.eye(places.size)[i]) for i in range(places.size)], axis=1
    )


def _calendar(day: Floats) -> Floats:
    dates = day.astype(np.int64).astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    next_quarter = (months // 3 * 3 + 3).astype("datetime64[M]").astype("datetime64[D]")
    left = (next_quarter - dates).astype(np.float64)
    ends = np.stack([np.exp(-left / 7.0), np.exp(-left / 25.0)], axis=1)
    year = 2.0 * np.pi * (day % 365.25)[:, None] / 365.25
    waves = np.concatenate([f(k * year) for k in (1, 2) for f in (np.sin, np.cos)], axis=1)
    trend = (day - day.mean())[:, None] / 365.25
    return np.concatenate([ends, waves, trend], axis=1)


def _levels(column: pl.Series, won: Floats) -> Block:
    codes = column.cast(pl.String).fill_null("").rank("dense").to_numpy().astype(np.int64) - 1
    wins = np.bincount(codes, won)
    kept: Ints = np.flatnonzero(wins >= _LEAST_WINS)
    if kept.size < _FEWEST_LEVELS:
        return Block(np.zeros((codes.size, 0)), 0.0)
    return Block((codes[:, None] == kept).astype(np.float64), _CATEGORY_PRECISION)


def _number(column: pl.Series) -> Block:
    raw = column.cast(pl.Float64).to_numpy()
    known = np.isfinite(raw)
    logs = np.log1p(np.maximum(np.where(known, raw, 0.0), 0.0))
    if not known.any() or np.ptp(logs[known]) == 0.0:
        return Block(np.zeros((raw.size, 0)), 0.0)
    scaled = np.where(known, (logs - logs[known].mean()) / logs[known].std(), 0.0)
    columns = [scaled] if known.all() else [scaled, (~known).astype(np.float64)]
    return Block(np.stack(columns, axis=1), _NUMBER_PRECISION)
