"""Chains: the transition counts a Markov model of order k is fitted to.

A state is the last k channels of a journey (fewer near its start). The counts are all a model
needs, however many journeys they came from, and the counts of a lower order follow from those of
a higher one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from core.attribution.paths import Codes, Floats, PathCounts, ranked, summed
from core.errors import InvalidParameterError

ORDERS: Final = (1, 2, 3, 4)
NO_STEP: Final = -1
"""Code of a place in a state that lies before the first touch."""


@dataclass(frozen=True, eq=False)
class Chain:
    """Transition counts between states, with the ends of journeys.

    Parameters
    ----------
    channels
        Name of each channel; its position is its code.
    states
        One row a state: the codes of its channels, oldest first, ``NO_STEP`` before the first.
    visits
        How often each state was passed.
    entries
        Journeys that start in each state.
    sources, targets, moves
        Each pair of states that follow one another, and how often they did.
    conversions
        Journeys that converted right after each state.
    values
        Value of those conversions, None when it is not known.
    """

    channels: tuple[str, ...]
    states: Codes
    visits: Floats
    entries: Floats
    sources: Codes
    targets: Codes
    moves: Floats
    conversions: Floats
    values: Floats | None

    @property
    def order(self) -> int:
        """Number of channels a state remembers."""
        return int(self.states.shape[1])

    @property
    def journeys(self) -> float:
        """Journeys the counts were taken from."""
        return float(self.entries.sum())

    @property
    def ends(self) -> Floats:
        """Journeys that ended right after each state, converting or not."""
        return self.visits - self._outflow()

    @property
    def contains(self) -> npt.NDArray[np.bool_]:
        """Which state (row) contains which channel (column)."""
        inside = np.zeros((len(self.states), len(self.channels)), dtype=bool)
        rows, places = np.nonzero(self.states != NO_STEP)
        inside[rows, self.states[rows, places]] = True
        return inside

    def shortened(self, order: int) -> "Chain":
        """Return the counts of a lower order: states that share their last channels are one."""
        require_order(order)
        recent = self.states[:, -order:]
        states, state_of = np.unique(recent, axis=0, return_inverse=True)
        size = len(states)
        pairs, pair_of = np.unique(
            state_of[self.sources] * size + state_of[self.targets], return_inverse=True
        )
        return Chain(
            channels=self.channels,
            states=states,
            visits=summed(state_of, self.visits, size),
            entries=summed(state_of, self.entries, size),
            sources=pairs // size,
            targets=pairs % size,
            moves=summed(pair_of, self.moves, len(pairs)),
            conversions=summed(state_of, self.conversions, size),
            values=None if self.values is None else summed(state_of, self.values, size),
        )

    def transition_matrix(self) -> pl.DataFrame:
        """Return the fitted probabilities: ``state, next, probability``, biggest first a state.

        A state is written ``A > B``; ``(start)``, ``(conversion)`` and ``(null)`` are the ends.
        """
        names = [self._name(state) for state in self.states]
        lost = self.ends - self.conversions
        moves = self.moves / self.visits[self.sources]
        parts: list[tuple[list[str], list[str], Floats]] = [
            (["(start)"] * len(names), names, self.entries / self.journeys),
            ([names[i] for i in self.sources], [names[i] for i in self.targets], moves),
            (names, ["(conversion)"] * len(names), self.conversions / self.visits),
            (names, ["(null)"] * len(names), lost / self.visits),
        ]
        return (
            pl.concat(
                pl.DataFrame({"state": state, "next": target, "probability": share})
                for state, target, share in parts
            )
            .filter(pl.col("probability") > 0)
            .sort("state", "probability", "next", descending=[False, True, False])
        )

    def _name(self, state: Codes) -> str:
        return " > ".join(self.channels[code] for code in state if code != NO_STEP)

    def _outflow(self) -> Floats:
        return summed(self.sources, self.moves, len(self.visits))


def chain_of(counts: PathCounts, order: int) -> Chain:
    """Count the transitions of order ``order`` in path counts.

    Raises
    ------
    InvalidParameterError
        If the order is not 1, 2, 3 or 4.
    """
    require_order(order)
    counts = counts.seen()
    base = len(counts.channels) + 1
    unique, state_of_step = ranked(_state_keys(counts, order), base**order)
    size = len(unique)
    weights = counts.conversions + counts.nulls
    of_step = weights[counts.path_of_step]
    ends = state_of_step[counts.starts[1:] - 1]
    goes_on = np.ones(len(state_of_step), dtype=bool)
    goes_on[counts.starts[1:] - 1] = False
    goes_on = goes_on[:-1]
    followed = state_of_step[:-1][goes_on] * size + state_of_step[1:][goes_on]
    pairs, pair_of_move = ranked(followed, size * size)
    return Chain(
        channels=counts.channels,
        states=_decoded(unique, order, len(counts.channels)),
        visits=summed(state_of_step, of_step, size),
        entries=summed(state_of_step[counts.starts[:-1]], weights, size),
        sources=pairs // size,
        targets=pairs % size,
        moves=summed(pair_of_move, of_step[:-1][goes_on], len(pairs)),
        conversions=summed(ends, counts.conversions, size),
        values=None if counts.values is None else summed(ends, counts.values, size),
    )


def chain_of_grams(rows: pl.DataFrame, channels: tuple[str, ...], order: int) -> Chain:
    """Build a chain from counted runs of channels.

    Parameters
    ----------
    rows
        One row a state and what followed it: ``state_key`` (digits to the base of channels + 1,
        the last channel lowest, 0 before the first touch), ``next_code`` (the channel's place
        from 1, null at the end of the journey), ``visits`` and, at ends, ``won, worth_minor``.
    channels
        The channels by place.
    order
        Digits of a state, at least 2.
    """
    keys = rows["state_key"].to_numpy()
    unique, state_of = np.unique(keys, return_inverse=True)
    size, base = len(unique), len(channels) + 1
    states = _decoded(unique, order, len(channels))
    visits = summed(state_of, rows["visits"].to_numpy(), size)
    is_end = rows["next_code"].is_null().to_numpy()
    goes_on = rows.filter(~is_end)
    followed = goes_on["state_key"].to_numpy() * base + goes_on["next_code"].to_numpy()
    ends = rows.filter(is_end)
    ended = state_of[is_end]
    first = states[:, -2] == NO_STEP
    return Chain(
        channels=channels,
        states=states,
        visits=visits,
        entries=np.where(first, visits, 0.0),
        sources=state_of[~is_end],
        targets=np.searchsorted(unique, followed % base**order),
        moves=goes_on["visits"].to_numpy().astype(np.float64),
        conversions=summed(ended, ends["won"].to_numpy(), size),
        # The sum over deals of which none has a known value is the sum of nothing.
        values=summed(ended, ends["worth_minor"].fill_null(0).to_numpy(), size),
    )


def _state_keys(counts: PathCounts, order: int) -> Codes:
    """Return each step's state as one number: digits to the base of channels + 1, 0 for none."""
    base = len(counts.channels) + 1
    if base**order > np.iinfo(np.int64).max:
        raise InvalidParameterError(
            f"{len(counts.channels)} channels are too many for a Markov model of order {order}.",
            "Choose a lower order.",
        )
    keys = np.zeros(len(counts.steps), dtype=np.int64)
    positions = counts.position_of_step
    for back in range(order):
        digit = np.zeros_like(keys)
        digit[back:] = counts.steps[: len(keys) - back] + 1
        keys += np.where(positions >= back, digit, 0) * base**back
    return keys


def _decoded(keys: Codes, order: int, channels: int) -> Codes:
    base = channels + 1
    places = [keys // base**back % base - 1 for back in reversed(range(order))]
    return np.stack(places, axis=1)


def require_order(order: int) -> None:
    """Refuse an order that is not offered.

    Raises
    ------
    InvalidParameterError
        If it is not 1 to 4.
    """
    if order not in ORDERS:
        raise InvalidParameterError(
            f"A Markov model of order {order} is not offered.", "Choose an order from 1 to 4."
        )
