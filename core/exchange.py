"""Exchange rates of the European Central Bank, offline, kept in the workspace with their date.

Rows of unlike currencies are never added without a rate: each import records the rates its deals
and costs need, so that converting later is a join and always gives the same answer. Rates of one's
own are imported like any other table, and come and go with their import; ``core.derived`` puts
them before those of the bank.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from typing import Final
from zipfile import ZipFile

import duckdb
import polars as pl

from core.formats import counted
from core.workspace import Workspace

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


_NONE: Final = frozenset({"", "N/A"})
"""How the table says that a currency had no rate on a day."""

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
    asked = list(wanted)
    known = _published({currency for currency, _ in asked})
    rows = [
        (currency, day, *known[currency].on(day)) for currency, day in asked if currency in known
    ]
    return pl.DataFrame(rows, schema=list(_RATE_COLUMNS), orient="row")


@dataclass(frozen=True)
class _Published:
    """What one currency cost on the days a rate was published, the first day first."""

    days: tuple[date, ...]
    per_euro: tuple[float, ...]

    def on(self, day: date) -> tuple[float, date]:
        """Return the last rate published until a day, or the first of all, with its day."""
        place = max(bisect_right(self.days, day) - 1, 0)
        return self.per_euro[place], self.days[place]


class _Euro(_Published):
    """A euro is a euro, every day."""

    def on(self, day: date) -> tuple[float, date]:
        return 1.0, day


def _published(currencies: Set[str]) -> dict[str, _Published]:
    """Read the bank's table that the package carries, of some currencies only.

    The package's own converter holds all of them, three hundred thousand numbers, for as long as
    the process lives.
    """
    header, *lines = _bank_table()
    known: dict[str, _Published] = {}
    for place, currency in enumerate(header):
        if currency in currencies:
            told = [(line[0], line[place]) for line in reversed(lines) if line[place] not in _NONE]
            days = tuple(date.fromisoformat(day) for day, _ in told)
            known[currency] = _Published(days, tuple(float(rate) for _, rate in told))
    return {**known, "EUR": _Euro((), ())}


def _bank_table() -> list[list[str]]:
    """Return heading and days of the table, the latest day first."""
    from currency_converter import CURRENCY_FILE

    with ZipFile(CURRENCY_FILE) as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8")
    return list(csv.reader(text.splitlines()))
