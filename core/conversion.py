"""Amounts in one reporting currency: the expressions over the rates `core.exchange` records.

An amount already in the reporting currency is taken to the cent as it is. One that the CRM itself
converted into the reporting currency is taken as the CRM has it. Any other is converted with the
two rates of its own day, and rounded once, half up, to the reporting currency's minor unit. What
cannot be converted stays unknown; it never becomes a number.
"""

from typing import Final

import narwhals as nw

from core import money
from core.engine import Engine, Frame

REVENUE: Final = "revenue_minor"
"""The amount in minor units of the reporting currency; null when unknown."""

CONVERSION: Final = "conversion"
"""How the amount came about: one of the constants below."""

SAME: Final = "same"
CONVERTED: Final = "converted"
BY_CRM: Final = "by_crm"
ASSUMED: Final = "assumed"
NO_AMOUNT: Final = "no_amount"
NO_RATE: Final = "no_rate"


def into_currency(engine: Engine, deals: Frame, currency: str) -> Frame:
    """Add each deal's amount in the reporting currency, and how it came about.

    An amount that names no currency is taken to be in the reporting currency (``assumed``), so
    that an export of a company with a single currency works; the caller says so on screen.

    Formula: floor(amount x rate_to / rate_from x 10^exponent_to + 0.5), with both rates in units
    per euro on the deal's ``rate_day``.

    Parameters
    ----------
    engine
        Where the exchange rates are.
    deals
        Rows with ``amount_minor``, ``currency`` and ``rate_day``, such as ``deal_facts``, and
        where the CRM converts ``converted_amount_minor`` and ``converted_currency``.
    currency
        Reporting currency.
    """
    rates = engine.once(("rates", currency), lambda: _rates(engine, currency))
    joined = deals.join(rates, on=["currency", "rate_day"], how="left")
    amount, conversion = _amount(currency), _conversion(currency)
    if converts_itself(deals):
        by_crm = _is_by_crm(currency)
        amount = nw.when(by_crm).then(nw.col("converted_amount_minor")).otherwise(amount)
        conversion = nw.when(by_crm).then(nw.lit(BY_CRM)).otherwise(conversion)
    return joined.select(
        *deals.collect_schema().names(), amount.alias(REVENUE), conversion.alias(CONVERSION)
    )


def _rates(engine: Engine, currency: str) -> Frame:
    """Return for each currency and day its rate and that of the reporting currency."""
    rates = engine.table("exchange_rates")
    from_rate = rates.select("currency", rate_day="day", from_rate="per_euro")
    to_rate = rates.filter(nw.col("currency") == currency).select(
        rate_day="day", to_rate="per_euro"
    )
    return from_rate.join(to_rate, on="rate_day", how="left")


def converts_itself(deals: Frame) -> bool:
    """Tell whether rows have room for amounts that the CRM itself converted."""
    return "converted_currency" in deals.collect_schema().names()


def converted_alike(rows: Frame) -> Frame:
    """Return rows with earlier amounts of deals converted in the proportion of today's.

    Parameters
    ----------
    rows
        With ``amount_minor``, and of the deal today's amount as ``deal_minor`` and, where the CRM
        converts itself, ``converted_amount_minor``.
    """
    if not converts_itself(rows):
        return rows
    today, converted = nw.col("deal_minor"), nw.col("converted_amount_minor")
    share = nw.col("amount_minor").cast(nw.Float64) / today.cast(nw.Float64)
    scaled = (share * converted.cast(nw.Float64) + 0.5).floor().cast(nw.Int64)
    return rows.with_columns(nw.when(today != 0).then(scaled).alias("converted_amount_minor"))


def _is_by_crm(currency: str) -> nw.Expr:
    is_other = (nw.col("currency") != currency) & (nw.col("currency") != "")
    is_converted = (nw.col("converted_currency") == currency) & ~nw.col(
        "converted_amount_minor"
    ).is_null()
    return is_other & is_converted & ~nw.col("amount_minor").is_null()


def _amount(currency: str) -> nw.Expr:
    major = nw.col("amount_minor").cast(nw.Float64) / _units_of("currency")
    exchanged = major * nw.col("to_rate") / nw.col("from_rate")
    rounded = (exchanged * float(10 ** money.exponent(currency)) + 0.5).floor()
    return (
        nw.when(nw.col("currency").is_in([currency, ""]))
        .then(nw.col("amount_minor"))
        .otherwise(rounded.cast(nw.Int64))
    )


def _conversion(currency: str) -> nw.Expr:
    unknown_rate = nw.col("from_rate").is_null() | nw.col("to_rate").is_null()
    return (
        nw.when(nw.col("amount_minor").is_null())
        .then(nw.lit(NO_AMOUNT))
        .when(nw.col("currency") == currency)
        .then(nw.lit(SAME))
        .when(nw.col("currency") == "")
        .then(nw.lit(ASSUMED))
        .when(unknown_rate)
        .then(nw.lit(NO_RATE))
        .otherwise(nw.lit(CONVERTED))
    )


def _units_of(column: str) -> nw.Expr:
    """Return minor units per unit of the currency a column names."""
    code = nw.col(column)
    return (
        nw.when(code.is_in(money.currencies_with_exponent(0)))
        .then(nw.lit(1.0))
        .when(code.is_in(money.currencies_with_exponent(3)))
        .then(nw.lit(1000.0))
        .otherwise(nw.lit(100.0))
    )
