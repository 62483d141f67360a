"""Attribution of path files: the credit of every model, without a CRM."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from core.attribution.data_driven import ChannelCredit, data_driven
from core.attribution.paths import PathCounts
from core.errors import InvalidParameterError


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


def attribute_paths(counts: PathCounts, models: Iterable[str]) -> PathAttribution:
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
    >>> attribute_paths(counts, ["shapley"]).frame.rows()
    [('shapley', 'Email', 0.5, 4.5), ('shapley', 'Web', 1.5, 7.5)]
    """
    names = list(dict.fromkeys(models))
    if not names:
        raise InvalidParameterError("No attribution model was chosen.", "Choose at least one.")
    counts.require_conversions()
    credited = {name: data_driven(name).of_paths(counts) for name in names}
    return PathAttribution(
        frame=pl.concat(_rows(name, credit) for name, credit in credited.items()),
        warnings=tuple(dict.fromkeys(w for credit in credited.values() for w in credit.warnings)),
    )


def _rows(model: str, credit: ChannelCredit) -> pl.DataFrame:
    values = pl.lit(None, pl.Float64) if credit.values is None else pl.Series(credit.values)
    return pl.select(
        model=pl.lit(model),
        channel=pl.Series(credit.channels),
        conversions=pl.Series(credit.conversions),
        value=values,
    )
