"""Path counts: every distinct sequence of channels, with how often it converted and how often not.

What a path file holds and what a large workspace reduces to; Markov, Shapley and the rules that
need no times are computed from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from core.errors import EmptyWorkspaceError, InvalidParameterError

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PathRow = tuple[Sequence[str], float, float | None, float]
"""Channels in order, conversions, their value (None if not known), journeys not converting."""

_BITS: Final = 62
"""Channels whose set fits one whole number."""

_TABLE: Final = 1_000_000
"""Codes that are always told apart by a table."""

_ROW_SCHEMA: Final[list[tuple[str, pl.DataType]]] = [
    ("path", pl.List(pl.String())),
    ("conversions", pl.Float64()),
    ("value", pl.Float64()),
    ("nulls", pl.Float64()),
]


@dataclass(frozen=True, eq=False)
class PathCounts:
    """Distinct paths, laid end to end, with their weights.

    Parameters
    ----------
    channels
        Name of each channel; its position is its code.
    steps
        Channel code of each step, path after path.
    starts
        Where each path begins in ``steps``, and at the end where the last one stops.
    conversions
        Converting journeys of each path.
    nulls
        Journeys of each path that ended without a conversion.
    values
        Value of each path's conversions together, in whatever unit was handed in; None when it is
        not known.
    """

    channels: tuple[str, ...]
    steps: Codes
    starts: Codes
    conversions: Floats
    nulls: Floats
    values: Floats | None = None

    @classmethod
    def from_rows(cls, rows: Iterable[PathRow]) -> "PathCounts":
        """Build the counts from plain rows; rows with the same path are added up.

        >>> counts = PathCounts.from_rows([(("Email", "Web"), 2, None, 1), (("Web",), 1, None, 0)])
        >>> counts.channels, counts.total_conversions, counts.journeys
        (('Email', 'Web'), 3.0, 4.0)
        """
        data = [(list(path), *weights) for path, *weights in rows]
        return cls.from_frame(pl.DataFrame(data, schema=_ROW_SCHEMA, orient="row"))

    @classmethod
    def from_frame(cls, frame: pl.DataFrame) -> "PathCounts":
        """Build the counts from a frame ``path`` (list of text), ``conversions, nulls[, value]``.

        Rows with the same path are added up. The value is known only if no converting row lacks it.
        """
        paths = _distinct(frame)
        steps = paths["path"].explode(empty_as_null=False)
        channels = steps.unique().sort()
        codes = steps.cast(pl.Enum(channels)).to_physical().cast(pl.Int64).to_numpy()
        ends = paths["path"].list.len().cum_sum().cast(pl.Int64).to_numpy()
        return cls(
            channels=tuple(channels),
            steps=codes,
            starts=np.concatenate([np.zeros(1, dtype=np.int64), ends]),
            conversions=paths["conversions"].to_numpy(),
            nulls=paths["nulls"].to_numpy(),
            values=None if paths["value"].has_nulls() else paths["value"].to_numpy(),
        )

    @property
    def lengths(self) -> Codes:
        """Number of steps of each path."""
        return np.diff(self.starts)

    @property
    def path_of_step(self) -> Codes:
        """Number of the path each step belongs to."""
        return np.repeat(np.arange(len(self.conversions)), self.lengths)

    @property
    def position_of_step(self) -> Codes:
        """Position of each step in its path, from 0."""
        return np.arange(len(self.steps)) - np.repeat(self.starts[:-1], self.lengths)

    @property
    def total_conversions(self) -> float:
        """Converting journeys over all paths."""
        return float(self.conversions.sum())

    @property
    def total_value(self) -> float | None:
        """Value over all paths, None when it is not known."""
        return None if self.values is None else float(self.values.sum())

    @property
    def journeys(self) -> float:
        """Journeys over all paths, converting or not."""
        return float(self.conversions.sum() + self.nulls.sum())

    def without_nulls(self) -> "PathCounts":
        """Return the same counts as if no journey without conversion had been recorded."""
        return replace(self, nulls=np.zeros_like(self.nulls))

    def channel_sets(self) -> "PathCounts":
        """Return the counts by set of distinct channels: each path's channels once, in code order.

        A game in which order and repetition do not matter needs nothing else.
        """
        if len(self.channels) <= _BITS:
            masks = np.bitwise_or.reduceat(np.left_shift(1, self.steps), self.starts[:-1])
            bits = masks[:, None] >> np.arange(len(self.channels)) & 1
            steps, lengths = np.nonzero(bits)[1].astype(np.int64), bits.sum(axis=1)
        else:
            size = len(self.channels)
            pairs = np.unique(self.path_of_step * size + self.steps)
            steps, lengths = pairs % size, np.bincount(pairs // size)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        return replace(self, steps=steps, starts=starts)

    def seen(self) -> "PathCounts":
        """Return only the paths that some journey took; every channel keeps its place."""
        kept = self.conversions + self.nulls > 0
        if kept.all():
            return self
        return PathCounts(
            channels=self.channels,
            steps=self.steps[np.repeat(kept, self.lengths)],
            starts=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.lengths[kept])]),
            conversions=self.conversions[kept],
            nulls=self.nulls[kept],
            values=None if self.values is None else self.values[kept],
        )

    def require_conversions(self) -> None:
        """Refuse data in which there is nothing to share out.

        Raises
        ------
        EmptyWorkspaceError
            If no journey converted.
        """
        if not self.total_conversions > 0:
            raise EmptyWorkspaceError(
                "No journey in this data converted, so there is no credit to share out.",
                "Add journeys that converted, or widen the period.",
            )


def ranked(codes: Codes, bound: int) -> tuple[Codes, Codes]:
    """Return the codes that occur, sorted, and the place of each code among them.

    Codes from 0 to ``bound`` - 1 that are not many more than there are places are told apart by a
    table, which is much quicker than sorting.
    """
    if bound > _TABLE + 4 * len(codes):
        return np.unique(codes, return_inverse=True)
    occurs = np.zeros(bound, dtype=bool)
    occurs[codes] = True
    found = np.flatnonzero(occurs)
    place = np.cumsum(occurs) - 1
    return found, place[codes]


def summed(codes: Codes, weights: Floats, size: int) -> Floats:
    """Return the sum of the weights of each code from 0 to ``size`` - 1."""
    return np.bincount(codes, weights=weights, minlength=size).astype(np.float64)


def _distinct(frame: pl.DataFrame) -> pl.DataFrame:
    if "value" not in frame.columns:
        frame = frame.with_columns(value=pl.lit(None, dtype=pl.Float64))
    if frame.select((pl.col("path").list.len().fill_null(0) == 0).any()).item():
        raise InvalidParameterError(
            "A path without a touch cannot share out credit.",
            "Leave such journeys out and report them as unattributed.",
        )
    has_unknown = (pl.col("value").is_null() & (pl.col("conversions") > 0)).any()
    return frame.group_by("path", maintain_order=True).agg(
        pl.col("conversions", "nulls").cast(pl.Float64).sum(),
        pl.when(~has_unknown).then(pl.col("value").cast(pl.Float64).sum()).alias("value"),
    )
