"""Credit of models that run along the journeys, summed by name without telling touches apart.

With D_i what is due through touch i, a name gets the D_i of its own touches less the D_i of the
touches that come just before one of its own. So the engine adds up one number a touch and a model,
by the touch's name and the next one's, and never looks back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.channel_split import ChannelSplit
from core.attribution.fitted import TouchSplit
from core.attribution.journeys import is_all_known, next_in_journey
from core.attribution.kept import Touches
from core.attribution.rules.base import Split
from core.attribution.rules.running import CREDIT, SHARE
from core.attribution.splitting import NEXT, due_of
from core.attribution.whole import WholeJourneys
from core.conversion import REVENUE
from core.engine import Frame, collect

_DEALS: Final = "deals_ending"

_Reduction = tuple[Frame, Sequence[Split]]
"""What to ask the engine, and the models it is about."""


@dataclass(frozen=True)
class Nobodys:
    """Deals, in fractions, and revenue that no touch gets."""

    deals: float
    minor: int

    def and_also(self, other: "Nobodys") -> "Nobodys":
        """Return both together."""
        return Nobodys(self.deals + other.deals, self.minor + other.minor)


def due_pairs(touches: Touches, level: str, models: Sequence[Split]) -> pl.DataFrame:
    """Return what is due through touches by name and the next one's, maybe in several rows."""
    parts = [_ended(collect(frame), own) for frame, own in reductions_along(touches, level, models)]
    return pl.concat(parts, how="diagonal") if parts else pl.DataFrame()


def _ended(pairs: pl.DataFrame, models: Sequence[Split]) -> pl.DataFrame:
    """Write in that through its last touch a deal is due as a whole, whatever the rule."""
    rules = [model.name for model in models if not isinstance(model, TouchSplit)]
    wholes = {SHARE: pl.col(_DEALS).cast(pl.Float64), CREDIT: pl.col(REVENUE)}
    before = {name: pl.col(name) for name in pairs.columns}
    return pairs.with_columns(
        pl.when(pl.col(NEXT).is_null())
        .then(whole)
        .otherwise(before.get(prefix + name, pl.lit(None)))
        .alias(prefix + name)
        for name in rules
        for prefix, whole in wholes.items()
    )


def reductions_along(touches: Touches, level: str, models: Sequence[Split]) -> list[_Reduction]:
    """Return the reductions of a question: one where journeys have to be numbered first."""
    if not models:
        return []
    if isinstance(touches, WholeJourneys):
        return _of_whole_journeys(touches, level, models)
    due = due_of(touches([]), models, ends=False, next_name=next_in_journey(level))
    return [(_summed(due, level, models), models)]


def _of_whole_journeys(
    touches: WholeJourneys, level: str, models: Sequence[Split]
) -> list[_Reduction]:
    """Return the reductions where journeys come numbered.

    Models that run along the journeys have one of their own: a pass along them costs more the more
    columns it carries. Last touches, through which rules deem deals due as a whole, are counted
    by deals.
    """
    learnt = [model for model in models if isinstance(model, TouchSplit)]
    rules = [model for model in models if model not in learnt]
    running = [model for model in rules if not is_all_known(touches([]), model.weights())]
    others = [model for model in rules if model not in running]
    next_name = nw.col(f"next_{level}").alias(NEXT)
    found: list[_Reduction] = [
        (touches.inner(others), others),
        (touches.inner(running), running),
        (touches(learnt), learnt),
    ]
    reductions: list[_Reduction] = [
        (_summed(due_of(rows.with_columns(next_name), own, ends=False), level, own), own)
        for rows, own in found
        if own
    ]
    if rules:
        ends = touches.ends(level).with_columns(nw.lit(None, nw.String).alias(NEXT))
        reductions.append((_summed(ends, level, []), rules))
    return reductions


def _summed(touches: Frame, level: str, rules: Sequence[Split]) -> Frame:
    whole = [nw.len().cast(nw.Int64).alias(_DEALS), nw.col(REVENUE).sum().cast(nw.Int64)]
    return touches.group_by(level, NEXT).agg(*sums_of(rules), *whole)


def sums_of(models: Sequence[Split | ChannelSplit]) -> list[nw.Expr]:
    """Return the sums of each model's shares and credits."""
    shares = [nw.col(SHARE + model.name).sum() for model in models]
    return shares + [nw.col(CREDIT + model.name).sum().cast(nw.Int64) for model in models]


def rest_of(pairs: pl.DataFrame, model: Split | ChannelSplit) -> Nobodys:
    """Return what a model leaves of the deals it splits: their revenue less due at their end."""
    if not isinstance(model, TouchSplit):
        return Nobodys(0.0, 0)
    ends = pairs.filter(pl.col(NEXT).is_null() & pl.col(SHARE + model.name).is_not_null())
    deals = pl.col(_DEALS).sum() - pl.col(SHARE + model.name).sum()
    minor = pl.col(REVENUE).sum() - pl.col(CREDIT + model.name).sum()
    left = ends.select(deals=deals, minor=minor)
    return Nobodys(float(left["deals"].item()), int(left["minor"].item()))


def netted(pairs: pl.DataFrame, level: str, rules: Sequence[Split]) -> pl.DataFrame:
    """Return what each name got: due through its touches, less due before them."""
    amounts = [prefix + model.name for model in rules for prefix in (SHARE, CREDIT)]
    if not amounts:
        return pairs
    before = pairs.filter(pl.col(NEXT).is_not_null()).select(
        pl.col(NEXT).alias(level), *(-pl.col(column) for column in amounts)
    )
    both = pl.concat([pairs.select(level, *amounts), before])
    return both.group_by(level).agg(pl.col(amounts).sum())
