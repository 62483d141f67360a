"""Attribution of path files: the credit of every model, without a CRM."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from core.attribution import data_driven
from core.attribution.data_driven import ChannelCredit, Game, ShapleyRate
from core.attribution.order import suggest_order
from core.attribution.path_rules import PATH_RULES, rule_credits
from core.attribution.paths import PathCounts
from core.attribution.results import RuleSettings
from core.attribution.rules.registry import rule
from core.attribution.shapley import MAX_RATE_CHANNELS
from core.errors import InvalidParameterError, UnknownNameError

PATH_MODELS: Final = (*PATH_RULES, *data_driven.PATH_MODELS)
"""Every model that a sequence of channels is enough for."""


@dataclass(frozen=True)
class PathAttribution:
    """Credit of each model by channel.

    Parameters
    ----------
    frame
        One row a model and a channel: ``model, channel, conversions, value``; value is null when
        the data name none.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    frame: pl.DataFrame
    warnings: tuple[str, ...] = ()


def attribute_paths(
    counts: PathCounts, models: Iterable[str], settings: RuleSettings | None = None
) -> PathAttribution:
    """Return the credit of each model for path counts.

    Raises
    ------
    InvalidParameterError
        If no model is asked for.
    UnknownNameError
        If a model does not exist, or needs more than a sequence of channels.
    EmptyWorkspaceError
        If no journey converted.

    >>> counts = PathCounts.from_rows([(("Email", "Web"), 1, 9.0, 1), (("Web",), 1, 3.0, 1)])
    >>> attribute_paths(counts, ["first_touch"]).frame.rows()
    [('first_touch', 'Email', 1.0, 9.0), ('first_touch', 'Web', 1.0, 3.0)]
    """
    names = list(dict.fromkeys(models))
    if not names:
        raise InvalidParameterError("No attribution model was chosen.", "Choose at least one.")
    for name in names:
        if name not in PATH_MODELS:
            raise UnknownNameError.among("attribution model for paths", name, PATH_MODELS)
    counts.require_conversions()
    credited = _credited(counts, names, settings or RuleSettings())
    doubts = dict.fromkeys(doubt for name in names for doubt in credited[name].warnings)
    return PathAttribution(pl.concat(_rows(name, credited[name]) for name in names), tuple(doubts))


def path_model_names(asked: Iterable[str], order: int | None, counts: PathCounts) -> list[str]:
    """Return the models behind what was typed.

    ``all`` is every model that can answer; ``markov`` is one of the order given, or without one of
    the order that predicts unseen journeys best.
    """
    names: list[str] = []
    for name in asked:
        if name == "all":
            names.extend(models_for(len(counts.channels), PATH_MODELS))
        elif name == "markov":
            names.append(f"markov_{suggest_order(counts).order if order is None else order}")
        else:
            names.append(name)
    return list(dict.fromkeys(names))


def models_for(channels: int, models: Iterable[str]) -> list[str]:
    """Return the models that can answer for so many channels: one game visits every set of them.

    >>> models_for(21, ["linear", "shapley_rate"])
    ['linear']
    """
    return [name for name in models if channels <= MAX_RATE_CHANNELS or name != ShapleyRate.name]


def _credited(
    counts: PathCounts, names: list[str], settings: RuleSettings
) -> dict[str, ChannelCredit]:
    rules = [rule(name, settings) for name in names if name in PATH_RULES]
    by_rule = rule_credits(counts, rules) if rules else {}
    credited = {
        name: ChannelCredit(
            counts.channels, conversions, None if counts.values is None else worth, conversions
        )
        for name, (conversions, worth) in by_rule.items()
    }
    sets = None
    for name in names:
        if name in credited:
            continue
        model = data_driven.PATH_MODELS[name]
        if isinstance(model, Game):
            sets = sets or counts.channel_sets()
            credited[name] = model.of_sets(sets)
        else:
            credited[name] = model.of_paths(counts)
    return credited


def _rows(model: str, credit: ChannelCredit) -> pl.DataFrame:
    values = pl.lit(None, pl.Float64) if credit.values is None else pl.Series(credit.values)
    return pl.select(
        model=pl.lit(model),
        channel=pl.Series(credit.channels),
        conversions=pl.Series(credit.conversions),
        value=values,
    )
