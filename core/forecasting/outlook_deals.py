"""The deals behind one period of an outlook: open ones, decisive ones, and sums that add up."""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from core.errors import UnknownNameError
from core.forecasting.outlook_results import Outlook
from core.forecasting.period_draws import chances_by_period
from core.forecasting.segments import DIMENSIONS, NOT_STATED
from core.money import rounded_to

ROLL_UPS: Final = (*DIMENSIONS, "stage")
"""What an outlook can be rolled up by; deals won have no stage."""

NOT_CREATED: Final = "(not yet created)"
"""Row that takes what is expected of deals nobody has created, hence nobody owns."""


def open_deals(outlook: Outlook, number: int = 0) -> pl.DataFrame:
    """Return the open deals with their chances in one period, the largest expectation first.

    ``p_slip`` is what is left: neither won nor lost in the period. The other columns are those of
    `PipelineForecast.deals`; ``expected_minor`` sums to the period's ``pipeline_minor`` (which is
    rounded to the minor unit).

    Parameters
    ----------
    outlook
        The forecast.
    number
        Which of its periods, the first being 0.
    """
    outcomes, question = outlook.pipeline.basis.outcomes, outlook.question
    won, lost = (
        np.clip(chances_by_period(by_end, outcomes.ends_days, question, share)[number], 0.0, 1.0)
        for by_end, share in ((outcomes.won, outlook.deal_share), (outcomes.lost, ()))
    )
    deals = outlook.pipeline.deals.with_columns(
        p_win=pl.Series(won),
        p_lose=pl.Series(lost),
        p_slip=pl.Series(np.clip(1.0 - won - lost, 0.0, 1.0)),
    ).with_columns(expected_minor=pl.col("win_amount_minor") * pl.col("p_win"))
    return deals.sort("expected_minor", "deal_id", descending=[True, False], nulls_last=True)


def chances_by(outlook: Outlook, ends_on: date) -> pl.DataFrame | None:
    """Return the open deals with their chances by the end of a period of the outlook.

    Columns are those of `open_deals`, ``p_win`` and ``p_lose`` summed over the periods up to that
    day; None where no period of the outlook ends on it.
    """
    ends = [period.ends_on for period in outlook.periods]
    if ends_on not in ends:
        return None
    parts = [open_deals(outlook, number) for number in range(ends.index(ends_on) + 1)]
    summed = pl.concat([part.select("deal_id", "p_win", "p_lose") for part in parts])
    by_deal = summed.group_by("deal_id").agg(pl.col("p_win", "p_lose").sum().clip(0.0, 1.0))
    named = parts[0].drop("p_win", "p_lose", "p_slip", "expected_minor")
    return named.join(by_deal, on="deal_id", maintain_order="left")


def roll_up_outlook(outlook: Outlook, by: str, number: int = 0) -> pl.DataFrame:
    """Split one period of an outlook by owner, team, region, industry, kind or stage.

    Business not yet created has nobody to belong to: it has a row of its own, the last, so that a
    person's row is the sum of that person's deals and all rows add up to the outlook, to the minor
    unit.

    Parameters
    ----------
    outlook
        The forecast.
    by
        One of `ROLL_UPS`.
    number
        Which of its periods, the first being 0.

    Returns
    -------
    polars.DataFrame
        ``<by>, won_deals, booked_minor, open_deals, open_minor, pipeline_minor,
        new_business_minor, forecast_minor``, the largest forecast first.

    Raises
    ------
    UnknownNameError
        If an outlook cannot be split by that.
    """
    if by not in ROLL_UPS:
        raise UnknownNameError.among("dimension", by, ROLL_UPS)
    period = outlook.frame.row(number, named=True)
    name = pl.when(pl.col(by) == "").then(pl.lit(NOT_STATED)).otherwise(pl.col(by))
    still_open = (
        open_deals(outlook, number)
        .group_by(name.fill_null(NOT_STATED).alias(by))
        .agg(
            open_deals=pl.len().cast(pl.Int64),
            open_minor=pl.col("amount_minor").sum().cast(pl.Int64),
            expected=pl.col("expected_minor").sum(),
        )
    )
    booked = _booked(outlook, by, period["period"])
    rows = booked.join(still_open, on=by, how="full", coalesce=True).with_columns(
        pl.exclude(by).fill_null(0)  # no such deals: their sums are zero
    )
    exact = rounded_to(period["pipeline_minor"], rows["expected"].to_list())
    people = rows.with_columns(
        pipeline_minor=pl.Series(exact, dtype=pl.Int64),
        new_business_minor=pl.lit(0, dtype=pl.Int64),
    ).with_columns(forecast_minor=pl.col("booked_minor") + pl.col("pipeline_minor"))
    columns = (
        by, "won_deals", "booked_minor", "open_deals", "open_minor", "pipeline_minor",
        "new_business_minor", "forecast_minor",
    )  # fmt: skip
    ordered = people.select(columns).sort("forecast_minor", by, descending=[True, False])
    return pl.concat([ordered, _not_created(by, period["new_business_minor"], ordered.schema)])


def _booked(outlook: Outlook, by: str, period: str) -> pl.DataFrame:
    won = outlook.booked.filter(pl.col("period") == period)
    if by not in won.columns:
        won = won.with_columns(pl.lit("(won)").alias(by))
    name = pl.when(pl.col(by) == "").then(pl.lit(NOT_STATED)).otherwise(pl.col(by))
    return won.group_by(name.fill_null(NOT_STATED).alias(by)).agg(
        won_deals=pl.len().cast(pl.Int64), booked_minor=pl.col("amount_minor").sum()
    )


def _not_created(by: str, amount: int, schema: pl.Schema) -> pl.DataFrame:
    row = dict.fromkeys(schema, 0) | {
        by: NOT_CREATED, "new_business_minor": amount, "forecast_minor": amount
    }  # fmt: skip
    return pl.DataFrame([row], schema=schema)
