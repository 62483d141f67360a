"""Exchange rates of the European Central Bank, offline, kept in the workspace with their date.

Rows of unlike currencies are never added without a rate: each import records the rates its deals
and costs need, so that converting later is a join and always gives the same answer.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import duckdb
import polars as pl

from core.workspace import Workspace

if TYPE_CHECKING:
    from currency_converter import CurrencyConverter

# Grain: one row a currency and a day on which an amount has to be converted. Answers are in a
# currency of the deals, so each day of a deal or a cost needs those, and a cost's day its own too.
_WANTED: Final = """
WITH costs AS (
    SELECT currency, day FROM spend WHERE amount_minor IS NOT NULL
    UNION
    SELECT currency, occurred_at::DATE FROM touchpoints WHERE cost_minor IS NOT NULL
    UNION
    SELECT currency, started_on FROM campaigns WHERE cost_minor IS NOT NULL
), wanted AS (
    SELECT c.currency, d.day
    FROM (SELECT rate_day AS day FROM deal_facts UNION SELECT day FROM costs) d
    CROSS JOIN (SELECT DISTINCT currency FROM deals) c
    UNION
    SELECT currency, day FROM costs
)
"""

_NEEDED: Final = (
    _WANTED
    + """
SELECT currency, day
FROM wanted
ANTI JOIN exchange_rates r USING (currency, day)
WHERE currency IS NOT NULL AND day IS NOT NULL
ORDER BY ALL
"""
)

# A rate of one's own holds from its day on until the next one.
_OWN: Final = (
    "INSERT OR REPLACE INTO exchange_rates (currency, day, per_euro, published_on)"
    + _WANTED
    + """
SELECT w.currency, w.day, r.per_euro, r.day
FROM wanted w ASOF JOIN rates r ON r.currency = w.currency AND r.day <= w.day
WHERE w.currency <> 'EUR'
"""
)

_SOURCES: Final = """
SELECT
    r.day IS NOT NULL AS is_own, string_agg(DISTINCT x.currency, ', ' ORDER BY x.currency),
    max(x.published_on)
FROM exchange_rates x
LEFT JOIN rates r
    ON r.currency = x.currency AND r.day = x.published_on AND r.per_euro = x.per_euro
WHERE x.currency <> 'EUR'
GROUP BY 1 ORDER BY 1
"""


_RATE_COLUMNS: Final = (
    ("currency", pl.String),
    ("day", pl.Date),
    ("per_euro", pl.Float64),
    ("published_on", pl.Date),
)


def record_rates(cursor: duckdb.DuckDBPyConnection) -> None:
    """Store the rates that the deals and costs in the workspace need and it does not have yet.

    Call it inside the transaction that wrote them. Rates of one's own go before those of the
    bank. A currency neither has gets no row; analyses then name the deals they leave out.
    """
    needed = cursor.sql(_NEEDED).pl()
    if not needed.is_empty():
        _record_published(cursor, needed)
    cursor.execute(_OWN)


def rates_in_words(workspace: Workspace) -> tuple[str, ...]:
    """Return whose rates the workspace converts with, one sentence for each source."""
    words = {
        False: "Rates of the European Central Bank for {}, the latest of {:%Y-%m-%d}.",
        True: "Rates of your own for {}, the latest of {:%Y-%m-%d}.",
    }
    rows = workspace.query(_SOURCES).iter_rows()
    return tuple(words[is_own].format(currencies, latest) for is_own, currencies, latest in rows)


def _record_published(cursor: duckdb.DuckDBPyConnection, needed: pl.DataFrame) -> None:
    rates = published_rates(zip(needed["currency"], needed["day"], strict=True))
    cursor.register("incoming_rates", rates)
    cursor.execute("INSERT INTO exchange_rates BY NAME SELECT * FROM incoming_rates")
    cursor.unregister("incoming_rates")


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
