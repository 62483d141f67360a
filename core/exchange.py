"""Exchange rates of the European Central Bank, offline, kept in the workspace with their date.

Rows of unlike currencies are never added without a rate: each import records the rates its deals
and costs need, so that converting later is a join and always gives the same answer. Rates of one's
own are imported like any other table, and come and go with their import; ``core.derived`` puts
them before those of the bank.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import duckdb
import polars as pl

from core.formats import counted
from core.workspace import Workspace

if TYPE_CHECKING:
    from currency_converter import CurrencyConverter

_NEEDED: Final = """
SELECT currency, day
FROM wanted_rates
ANTI JOIN published_rates USING (currency, day)
ORDER BY ALL
"""

_SOURCES: Final = """
SELECT is_own, string_agg(DISTINCT currency, ', ' ORDER BY currency), max(published_on)
FROM exchange_rates
WHERE currency <> 'EUR'
GROUP BY is_own ORDER BY is_own
"""

_RATE_COLUMNS: Final = (
    ("currency", pl.String),
    ("day", pl.Date),
    ("per_euro", pl.Float64),
    ("published_on", pl.Date),
)


def record_rates(cursor: duckdb.DuckDBPyConnection) -> None:
    """Store the bank's rates that deals and costs in the workspace need and it does not have yet.

    Call it inside the transaction that wrote them. A currency the bank does not publish gets no
    row; where there is no rate of one's own either, analyses name the deals they leave out.
    """
    needed = cursor.sql(_NEEDED).pl()
    if needed.is_empty():
        return
    rates = published_rates(zip(needed["currency"], needed["day"], strict=True))
    cursor.register("incoming_rates", rates)
    cursor.execute("INSERT INTO published_rates BY NAME SELECT * FROM incoming_rates")
    cursor.unregister("incoming_rates")


_BY_CRM: Final = """
SELECT converted_currency, count(*)
FROM deals
WHERE amount IS NOT NULL AND converted_amount IS NOT NULL AND converted_currency <> currency
GROUP BY ALL ORDER BY ALL
"""


def rates_in_words(workspace: Workspace) -> tuple[str, ...]:
    """Return whose rates the workspace converts with, one sentence for each source."""
    by_crm = (
        f"Amounts of {counted(deals, 'deal')} in {currency} as the CRM itself converted them."
        for currency, deals in workspace.query(_BY_CRM).iter_rows()
    )
    words = {
        False: "Rates of the European Central Bank for {}, the latest of {:%Y-%m-%d}.",
        True: "Rates of your own for {}, the latest of {:%Y-%m-%d}.",
    }
    rows = workspace.query(_SOURCES).iter_rows()
    rates = (words[is_own].format(currencies, latest) for is_own, currencies, latest in rows)
    return (*by_crm, *rates)


def published_rates(wanted: Iterable[tuple[str, date]]) -> pl.DataFrame:
    """Return units of a currency per euro for each day, from the last day published until then.

    A day before the first or after the last published day takes the nearest one; ``published_on``
    says which.

    Returns
    -------
    polars.DataFrame
        ``currency, day, per_euro, published_on``, without currencies the bank does not publish.
    """
    converter = _converter()
    rows = [
        (currency, day, *_rate(converter, currency, day))
        for currency, day in wanted
        if currency in converter.currencies
    ]
    return pl.DataFrame(rows, schema=list(_RATE_COLUMNS), orient="row")


def _rate(converter: "CurrencyConverter", currency: str, day: date) -> tuple[float, date]:
    from currency_converter import RateNotFoundError

    if currency == "EUR":
        return 1.0, day
    first, last = converter.bounds[currency]
    published_on = min(max(day, first), last)
    while True:
        try:
            return float(converter.convert(1, "EUR", currency, date=published_on)), published_on
        except RateNotFoundError:  # no rate is published on weekends and holidays
            published_on -= timedelta(days=1)


@lru_cache(maxsize=1)
def _converter() -> "CurrencyConverter":
    from currency_converter import CurrencyConverter

    return CurrencyConverter()
