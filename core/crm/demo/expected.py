"""The truth that credit is measured against: Shapley values of true chances to win.

The simulator knows each deal's chance to be won, given every touch that would come, with any set
of channels present. What a set of channels is worth is the revenue then to be expected; channels
enter in random orders and their reverses, and what each adds is averaged. Nothing depends on the
dice that were thrown, so this truth has no noise of its own; with what is expected without any
touch the values add up to all expected revenue. `core.crm.demo.truth` counts what the dice gave.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from core.crm.demo import hazard
from core.crm.demo.chance import Flags, Floats
from core.crm.demo.channels import NAMES
from core.crm.demo.ledger import Ledger
from core.crm.demo.opportunities import Opportunities
from core.crm.demo.options import DemoOptions
from core.crm.demo.story import tell
from core.crm.demo.touches import possible_touches
from core.schema import UNATTRIBUTED

ORDERS: Final = 5
"""Random orders, each also reversed; more of them move no share by half a percentage point."""


def expected_shares(options: DemoOptions, orders: int = ORDERS) -> dict[str, float]:
    """Return each channel's share of expected revenue, and nobody's as ``(unattributed)``."""
    ledger = Ledger(tell(options), options.seed, options.identity)
    story, euros = ledger.story, ledger.euros_minor.astype(np.float64)
    touches = possible_touches(story.market, story.deals)
    parts = list(hazard.chunks(story.market, story.deals, touches))

    lives = [_life(story.deals.chosen(part.where), ledger.window.horizon) for part in parts]

    def worth(present: Flags) -> float:
        chances = [
            _chance(part, options, present, life) @ euros[part.where]
            for part, life in zip(parts, lives, strict=True)
        ]
        return float(sum(chances))

    return shapley_shares(NAMES, worth, orders, options.seed)


def shapley_shares(
    names: Sequence[str], worth: Callable[[Flags], float], orders: int, seed: int
) -> dict[str, float]:
    """Return the share of each name in what all together are worth, and nobody's.

    Parameters
    ----------
    names
        What can be present.
    worth
        Worth of a set, told by which of the names are present.
    orders
        Random orders in which they enter, each also reversed.
    seed
        Decides the orders.
    """
    known: dict[bytes, float] = {}

    def worth_of(present: Flags) -> float:
        key = present.tobytes()
        if key not in known:
            known[key] = worth(present)
        return known[key]

    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(len(names)) for _ in range(orders)]
    value = np.zeros(len(names))
    for order in [*drawn, *(one[::-1] for one in drawn)]:
        present = np.zeros(len(names), dtype=bool)
        before = worth_of(present)
        for channel in order:
            present[channel] = True
            after = worth_of(present)
            value[channel] += after - before
            before = after
    everything = worth_of(np.ones(len(names), dtype=bool))
    share = value / (2 * orders) / everything
    return {**dict(zip(names, share.tolist(), strict=True)), UNATTRIBUTED: float(1 - share.sum())}


def _life(deals: Opportunities, horizon: float) -> tuple[Floats, Floats]:
    """Return the ages in days between which each opportunity can be won within the window."""
    ends = np.minimum(deals.patience_days, horizon - deals.created)
    return np.maximum(-deals.created, 0.0), ends


def _chance(
    part: hazard.Chunk, options: DemoOptions, present: Flags, life: tuple[Floats, Floats]
) -> Floats:
    """Return the chance that each opportunity is won between two ages in days."""
    steps = part.hazard(options.world, present)
    reached = np.vstack([np.zeros(steps.shape[1]), np.cumsum(steps, axis=0)])
    begins, ends = (_interpolated(reached, age) for age in life)
    chance: Floats = -np.expm1(begins - ends)
    return chance


def _interpolated(reached: Floats, age_days: Floats) -> Floats:
    place = np.clip(age_days / hazard.STEP_DAYS, 0.0, reached.shape[0] - 1.0)
    step = np.minimum(place.astype(np.int64), reached.shape[0] - 2)
    column = np.arange(reached.shape[1])
    low, high = reached[step, column], reached[step + 1, column]
    value: Floats = low + (place - step) * (high - low)
    return value
