"""How far the models agree: credits side by side, their range, and who leads by which model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from core.attribution.results import AttributionResult
from core.schema import NO_CAMPAIGN, UNATTRIBUTED, UNKNOWN_CHANNEL

AGREE_WITHIN: Final = 0.25
"""Part of the highest credit that the lowest may lie below it for models to agree on a name."""

_NAMELESS: Final = (UNATTRIBUTED, NO_CAMPAIGN, UNKNOWN_CHANNEL)


@dataclass(frozen=True)
class Comparison:
    """The models of one answer side by side.

    Parameters
    ----------
    frame
        One row a name: ``name``, a column of minor units a model, ``low_minor`` and
        ``high_minor`` over the models, ``best_place`` and ``worst_place`` among the names, and
        ``agreed``; the order of the first model, ``(unattributed)`` last. Revenue that no touch
        explains has no place; with one model there is nothing to agree on.
    leaders
        By model, the name with the most credit; what has no name, such as touches of no campaign
        or revenue without a touch, never leads.
    """

    frame: pl.DataFrame
    leaders: Mapping[str, str]

    @property
    def agreed(self) -> tuple[str, ...]:
        """The names on whose credit all models agree."""
        kept = self.frame.filter(pl.col("agreed") & ~pl.col("name").is_in(_NAMELESS))
        return tuple(kept["name"])

    @property
    def depending(self) -> tuple[str, ...]:
        """The names whose credit depends on the model."""
        kept = self.frame.filter(~pl.col("agreed") & ~pl.col("name").is_in(_NAMELESS))
        return tuple(kept["name"])

    @property
    def led(self) -> Mapping[str, tuple[str, ...]]:
        """The models each leading name leads by, the name most models put first first."""
        by_name: dict[str, tuple[str, ...]] = {}
        for model, name in self.leaders.items():
            by_name[name] = (*by_name.get(name, ()), model)
        return dict(sorted(by_name.items(), key=lambda entry: -len(entry[1])))


def credit_of(result: AttributionResult, model: str) -> pl.DataFrame:
    """Return one model's credit: ``name, deals, revenue_minor, share``, the largest first."""
    rows = result.frame.filter(pl.col("model") == model)
    return rows.select("deals", "revenue_minor", "share", name=result.question.level.value)


def compare(result: AttributionResult) -> Comparison:
    """Put the credits of all models of an answer side by side.

    A name to which a model gives nothing has a nought there: the model was asked, and that is
    what it says.
    """
    models = list(dict.fromkeys(result.question.models))
    names = result.frame.select(name=result.question.level.value).unique(maintain_order=True)
    wide = names
    for model in models:
        credit = credit_of(result, model).select("name", pl.col("revenue_minor").alias(model))
        wide = wide.join(credit, on="name", how="left", maintain_order="left")
    wide = wide.with_columns(pl.col(models).fill_null(0)).with_columns(
        low_minor=pl.min_horizontal(models), high_minor=pl.max_horizontal(models)
    )
    last = pl.col("name") == UNATTRIBUTED
    judged = _judged(_placed(wide, models), models)
    return Comparison(judged.sort(last, maintain_order=True), _leaders(wide, models))


def _placed(wide: pl.DataFrame, models: list[str]) -> pl.DataFrame:
    """Add the best and the worst place of each name over the models."""
    there = pl.col("name") != UNATTRIBUTED
    places = [
        pl.when(there).then(pl.when(there).then(model).rank("min", descending=True))
        for model in models
    ]
    return wide.with_columns(
        best_place=pl.min_horizontal(places), worst_place=pl.max_horizontal(places)
    )


def _judged(wide: pl.DataFrame, models: list[str]) -> pl.DataFrame:
    """Add whether the lowest credit is near the highest, which says the model does not matter."""
    if len(models) == 1:
        return wide.with_columns(agreed=pl.lit(None, pl.Boolean))
    largest = pl.max_horizontal(pl.col("high_minor").abs(), pl.col("low_minor").abs())
    apart = pl.col("high_minor") - pl.col("low_minor")
    return wide.with_columns(agreed=apart <= AGREE_WITHIN * largest)


def _leaders(wide: pl.DataFrame, models: list[str]) -> dict[str, str]:
    named = wide.filter(~pl.col("name").is_in(_NAMELESS))
    leaders = {}
    for model in models:
        first = named.sort(model, "name", descending=[True, False]).head(1)
        if first.height and first[model].item() > 0:
            leaders[model] = str(first["name"].item())
    return leaders
