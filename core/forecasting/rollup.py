"""The pipeline forecast by owner, team or stage: parts that add up to the whole."""

from typing import Final

import polars as pl

from core.errors import UnknownNameError
from core.forecasting.pipeline import PipelineForecast

NOT_CREATED: Final = "(not yet created)"
"""Row that takes what is expected of deals nobody has created, hence nobody owns."""


def roll_up(forecast: PipelineForecast, by: str) -> pl.DataFrame:
    """Sum a pipeline forecast by a column of its deals.

    Business not yet created has no owner and no stage: it gets a row of its own rather than a share
    for everybody, so that a person's row is the sum of that person's deals.

    Parameters
    ----------
    forecast
        The forecast.
    by
        ``owner``, ``owner_id``, ``stage``, ``account``.

    Returns
    -------
    polars.DataFrame
        ``<by>, deals, amount_minor, expected_minor``, largest expectation first, new business
        last. The expectations add up to the forecast.

    Raises
    ------
    UnknownNameError
        If the deals have no such column.
    """
    if by not in forecast.deals.columns:
        raise UnknownNameError.among("column", by, forecast.deals.columns)
    parts = (
        forecast.deals.group_by(by)
        .agg(
            deals=pl.len().cast(pl.Int64),
            amount_minor=pl.col("amount_minor").sum(),
            expected_minor=pl.col("expected_minor").sum(),
        )
        .sort("expected_minor", by, descending=[True, False])
    )
    new = pl.DataFrame(
        {
            by: [NOT_CREATED],
            "deals": [0],
            "amount_minor": [None],
            "expected_minor": [forecast.from_new_business],
        },
        schema=parts.schema,
    )
    return pl.concat([parts, new])
