"""Rule models on path counts: the rules of journeys that need no times, by the same definitions."""

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl

from core.attribution.journeys import DEAL, SEQUENCE
from core.attribution.paths import Floats, PathCounts, summed
from core.attribution.rules.base import Rule
from core.attribution.rules.running import SHARE, steps, with_running_shares
from core.engine import Frame, collect

PATH_RULES: Final = (
    "first_touch",
    "last_touch",
    "last_non_direct",
    "linear",
    "linear_distinct",
    "step_decay",
    "position_based",
    "j_shaped",
    "inverse_j",
)
"""Rules that a sequence of channels is enough for; the others need dates or milestones."""


def rule_credits(counts: PathCounts, rules: Sequence[Rule]) -> dict[str, tuple[Floats, Floats]]:
    """Return each rule's credit by channel, in conversions and in value (0 where not known)."""
    converted = counts.without_nulls().seen()
    shares = _shares(converted, rules)
    values = converted.conversions * 0.0 if converted.values is None else converted.values
    size = len(counts.channels)
    gains = [gain[converted.path_of_step] for gain in (converted.conversions, values)]
    credit = {}
    for rule in rules:
        share = shares[SHARE + rule.name].to_numpy()
        conversions, worth = (summed(converted.steps, share * gain, size) for gain in gains)
        credit[rule.name] = (conversions, worth)
    return credit


def _shares(counts: PathCounts, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return each step's share of its path by each rule, as the engine computes it of deals."""
    names = pl.Series(counts.channels)
    frame = pl.DataFrame(
        {
            DEAL: counts.path_of_step,
            SEQUENCE: np.arange(len(counts.steps)),
            "channel": names.gather(counts.steps),
        }
    )
    touches: Frame = nw.from_native(frame.lazy())
    columns = [SHARE + rule.name for rule in rules]
    return steps(collect(with_running_shares(touches, rules)), columns).sort(SEQUENCE)
