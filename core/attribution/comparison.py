"""How far the models agree: credits side by side, their range, and who leads by which model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from core.attribution.results import AttributionResult
from core.schema import NO_CAMPAIGN, UNATTRIBUTED, UNKNOWN_CHANNEL

_NAMELESS: Final = (UNATTRIBUTED, NO_CAMPAIGN, UNKNOWN_CHANNEL)


@dataclass(frozen=True)
class Comparison:
    """The models of one answer side by side.

    Parameters
    ----------
    frame
        One row a name: ``name``, a column of minor units a model, ``low_minor`` and
        ``high_minor`` over the models; the order of the first model, ``(unattributed)`` last.
    leaders
        By model, the name with the most credit; what has no name, such as touches of no campaign
        or revenue without a touch, never leads.
    """

    frame: pl.DataFrame
    leaders: Mapping[str, str]

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
    return Comparison(wide.sort(last, maintain_order=True), _leaders(wide, models))


def _leaders(wide: pl.DataFrame, models: list[str]) -> dict[str, str]:
    named = wide.filter(~pl.col("name").is_in(_NAMELESS))
    leaders = {}
    for model in models:
        first = named.sort(model, "name", descending=[True, False]).head(1)
        if first.height and first[model].item() > 0:
            leaders[model] = str(first["name"].item())
    return leaders
