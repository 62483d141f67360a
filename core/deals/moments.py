"""Deals at moments: the snapshot rows that a model learns from, and what had happened by then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from core.deals.source import DealData, Touches, moment_keys
from core.forecasting.histories import DAY, Histories
from core.forecasting.landmarks import Floats, Integers, Landmarks, landmarks

MOST_ROWS: Final = 10_000
"""Snapshot rows to learn from; a larger company is looked at less often, then in part."""

MOST_WEEKS_APART: Final = 4
"""Weeks between snapshots at most; beyond that a part of the closed deals is learned from."""

WEEK_SECONDS: Final = 7 * DAY


def past_snapshots(histories: Histories, at: int, most_rows: int = MOST_ROWS) -> Landmarks:
    """Take snapshots of the deals closed before an instant, as often as the row limit allows."""
    closed = histories.deals.filter(
        pl.col("outcome") != "open", pl.col("closed_epoch") < at
    ).select("deal")
    states = histories.states.join(closed, on="deal", how="semi", maintain_order="left")
    weeks = float((states["until_epoch"] - states["from_epoch"]).sum()) / WEEK_SECONDS
    apart = min(MOST_WEEKS_APART, max(1, int(np.ceil(weeks / most_rows))))
    part = max(1, int(np.ceil(weeks / apart / most_rows)))
    if part > 1:
        # A fixed part and not a random one: the same data give the same model.
        states = states.filter(pl.col("deal") % part == 0)
    step = apart * WEEK_SECONDS
    count = max(0, (at - histories.starts_at) // step)
    instants = at - step * np.arange(count, 0, -1, dtype=np.int64)
    return landmarks(replace(histories, states=states), instants)


def open_now(histories: Histories, at: int) -> Landmarks:
    """Take the snapshot of the deals open at an instant."""
    return landmarks(histories, np.array([at], dtype=np.int64))


@dataclass(frozen=True)
class Moves:
    """How often each deal had been pushed or moved back by a moment, and its amounts."""

    pushes: Floats
    back: Floats
    first_amount: Floats
    peak_amount: Floats


def moves(histories: Histories, seen: Landmarks) -> Moves:
    """Count, for each snapshot row, the moves of the deal up to then.

    A push is a move of the expected close to a later month, as CRMs count it.
    """
    states = histories.states
    deal, begins = states["deal"].to_numpy(), states["from_epoch"].to_numpy()
    keys = moment_keys(deal, begins)
    row = np.searchsorted(keys, moment_keys(seen.deal, seen.at), side="left") - 1
    amount = states["amount_minor"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    pushed, back = _steps(histories)
    found = Moves(np.zeros(len(row)), np.zeros(len(row)), amount[row], amount[row])
    mine = np.arange(len(row))
    while len(mine):  # once for each state of the deal that has most
        here = row[mine]
        found.pushes[mine] += pushed[here]
        found.back[mine] += back[here]
        known = np.isfinite(amount[here])
        found.first_amount[mine[known]] = amount[here[known]]
        found.peak_amount[mine] = np.fmax(found.peak_amount[mine], amount[here])
        mine = mine[(here > 0) & (deal[here - 1] == deal[here])]
        row[mine] -= 1
    return found


def _steps(histories: Histories) -> tuple[Floats, Floats]:
    """Return, for each state, 1 where the one before was pushed, and where it was moved back."""
    states = histories.states
    due = states.select(pl.col("due_on").dt.year() * 12 + pl.col("due_on").dt.month()).to_series()
    month = due.cast(pl.Float64).fill_null(np.nan).to_numpy()
    order = {stage: float(place) for place, stage in enumerate(histories.stages)}
    place = states["stage"].replace_strict(order, default=None, return_dtype=pl.Float64)
    places = place.fill_null(np.nan).to_numpy()
    same = np.diff(states["deal"].to_numpy(), prepend=-1) == 0
    later = np.diff(month, prepend=np.nan) > 0
    earlier = np.diff(places, prepend=np.nan) < 0
    return (same & later).astype(np.float64), (same & earlier).astype(np.float64)


def next_stages(histories: Histories, at: int) -> dict[str, str]:
    """Return, for each stage, the later one that most deals won before an instant went to."""
    order = {stage: place for place, stage in enumerate(histories.stages)}
    won = histories.deals.filter(pl.col("outcome") == "won", pl.col("closed_epoch") < at)
    steps = (
        histories.states.join(won.select("deal"), on="deal", how="semi")
        .sort("deal", "from_epoch")
        .with_columns(following=pl.col("stage").shift(-1).over("deal"))
        .group_by("stage", "following")
        .len()
        .sort("len", "following", descending=[True, False])
    )
    found: dict[str, str] = {}
    for stage, following, _ in steps.iter_rows():
        if order.get(following, -1) > order.get(stage, len(order)):
            found.setdefault(stage, following)
    return found


@dataclass(frozen=True)
class Record:
    """Deals won and lost before each moment, by whoever the moment's deal belongs to."""

    won: Floats
    lost: Floats


def record(group: Integers, histories: Histories, seen: Landmarks) -> Record:
    """Count what each group, such as an owner, had won and lost before each moment.

    Parameters
    ----------
    group
        Number of the group of each deal; negative where it has none.
    histories
        Every deal.
    seen
        The snapshot rows.
    """
    closed = histories.deals["closed_epoch"].fill_null(-1).to_numpy()
    outcome = histories.deals["outcome"]
    mine = group[seen.deal]
    counts = []
    for fate in ("won", "lost"):
        rows = np.flatnonzero((outcome == fate).to_numpy() & (closed >= 0) & (group >= 0))
        keys = np.sort(moment_keys(group[rows], closed[rows]))
        known = np.maximum(mine, 0)
        until = np.searchsorted(keys, moment_keys(known, seen.at), side="left")
        begins = np.searchsorted(keys, moment_keys(known, np.zeros_like(known)), side="left")
        counts.append(np.where(mine >= 0, until - begins, 0).astype(np.float64))
    return Record(counts[0], counts[1])


@dataclass(frozen=True)
class TouchCounts:
    """Touches of each deal before each moment.

    Parameters
    ----------
    total, recent, quarter
        Ever, and in the last 30 and 90 days.
    days_since
        Days since the last one; nan where there was none.
    people
        Different persons among them, ever.
    """

    total: Floats
    recent: Floats
    quarter: Floats
    days_since: Floats
    people: Floats


RECENT_DAYS: Final = 30
QUARTER_DAYS: Final = 90


def touch_counts(data: DealData, seen: Landmarks) -> TouchCounts:
    """Count the touches of each deal before each moment."""
    touches = data.touches
    window = _Window(touches.keys, seen)
    last = window.until - 1
    some = window.until > window.begins
    at = touches.known_at[np.maximum(last, 0)] if len(touches) else np.zeros(len(last))
    return TouchCounts(
        total=window.count(None),
        recent=window.count(RECENT_DAYS),
        quarter=window.count(QUARTER_DAYS),
        days_since=np.where(some, (seen.at - at) / DAY, np.nan),
        people=_Window(touches.meetings, seen).count(None),
    )


class _Window:
    """Which of some sorted events of a deal lie before a moment, and within days of it."""

    def __init__(self, keys: Integers, seen: Landmarks) -> None:
        self._keys, self._seen = keys, seen
        self.until = np.searchsorted(keys, moment_keys(seen.deal, seen.at), side="left")
        none = np.zeros_like(seen.deal)
        self.begins = np.searchsorted(keys, moment_keys(seen.deal, none), side="left")

    def count(self, days: int | None) -> Floats:
        """Return how many, ever or within some days."""
        if days is None:
            return (self.until - self.begins).astype(np.float64)
        since = moment_keys(self._seen.deal, self._seen.at - days * DAY)
        first = np.maximum(np.searchsorted(self._keys, since, side="left"), self.begins)
        return (self.until - first).astype(np.float64)


def channel_counts(touches: Touches, seen: Landmarks, channels: Sequence[str]) -> Floats:
    """Count the touches of some channels in the last 90 days before each moment, row x channel."""
    keys = dict(zip(touches.channels, touches.keys_by_channel, strict=True))
    counts = [
        _Window(keys[name], seen).count(QUARTER_DAYS) if name in keys else np.zeros(len(seen.at))
        for name in channels
    ]
    return np.stack(counts, axis=1) if counts else np.zeros((len(seen.at), 0))
