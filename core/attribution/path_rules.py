"""Rule models on path counts: the rules of journeys that need no times, by the same definitions."""

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl

from core.attribution.journeys import DEAL, SEQUENCE, numbered
from core.attribution.paths import Floats, PathCounts, summed
from core.attribution.rules.base import Rule
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
    steps = _shares(converted, rules)
    values = converted.conversions * 0.0 if converted.values is None else converted.values
    size = len(counts.channels)
    gains = [gain[converted.path_of_step] for gain in (converted.conversions, values)]
    credit = {}
    for rule in rules:
        share = steps[rule.name].to_numpy()
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
    marks = {name: mark for rule in rules for name, mark in rule.marks().items()}
    weights = {name: weight for rule in rules for name, weight in rule.weights().items()}
    touches: Frame = nw.from_native(frame.lazy())
    if marks:
        touches = touches.with_columns(**marks)
    if weights:
        touches = touches.with_columns(**weights)
    shares = [rule.cumulative().share.alias(rule.name) for rule in rules]
    return collect(numbered(touches, weights).sort(SEQUENCE).select(*shares))
