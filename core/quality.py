"""How good the data are: a score for each table, and the fixes that would raise it most.

The score of a table is 100 times the product of (1 - most lost x failing share) over the checks
that apply to it (``core.quality_checks``); a check of weight 1, 2 or 3 takes away at most 10, 30
or 60 per cent. A fix is worth the points the score would gain without that factor, so fixes can
be compared. It judges the data, not the business: it says which figures to read with care before
any model runs.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from core import schema
from core.quality_checks import CHECKS, Check, Dimension
from core.quality_sources import SOURCES
from core.workspace import Workspace

MOST_LOST: Final = {1: 0.1, 2: 0.3, 3: 0.6}
"""Share of the score that a check takes away when every row fails it, by its weight."""

FIXES_SHOWN: Final = 3
"""Fixes named for a table, those worth most first."""

STALE_DAYS: Final = 90
"""Days without a touch or a stage change after which an open deal counts as stale."""

WEAK_FROM: Final = 0.05
"""Failing share from which a field is called weak beside the figures that use it."""

COUNTED_FIRST: Final = (
    "deals_without_touches", "deals_without_amount", "won_without_close_date", "stale_open_deals",
    "contacts_without_account", "tied_touches", "touches_after_close",
)  # fmt: skip
"""Checks whose counts are shown before all others."""

ROWS_OPENED: Final = 5_000
"""Rows shown behind a count."""


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Parameters
    ----------
    check
        What was checked.
    failing
        Rows that fail.
    applies_to
        Rows it is about.
    points
        Points of the table's score, 0 to 100, that fixing all of them would win.
    """

    check: Check
    failing: int
    applies_to: int
    points: float

    @property
    def share(self) -> float:
        """Failing share of the rows it is about."""
        return self.failing / self.applies_to

    @property
    def kept(self) -> float:
        """Share of the score that the check leaves."""
        return _kept(self.check, self.share)


@dataclass(frozen=True)
class TableQuality:
    """How good one table is.

    Parameters
    ----------
    table
        Canonical table.
    rows
        Its rows.
    score
        0 to 100.
    findings
        Every check that applies, the one whose fix is worth most first.
    """

    table: str
    rows: int
    score: float
    findings: tuple[Finding, ...]

    def fixes(self) -> tuple[Finding, ...]:
        """Return the few fixes worth most; fewer where little is wrong."""
        return tuple(found for found in self.findings if found.failing)[:FIXES_SHOWN]

    def dimensions(self) -> tuple[tuple[Dimension, float], ...]:
        """Return the score of each dimension that is checked, by the same formula."""
        groups = {d: [f for f in self.findings if f.check.dimension is d] for d in Dimension}
        return tuple((name, _score(found)) for name, found in groups.items() if found)


@dataclass(frozen=True)
class Quality:
    """How good the data of a workspace are.

    Parameters
    ----------
    as_of
        The day the data reach.
    stale_days
        Days without news after which an open deal is stale.
    tables
        The tables that have rows, in the order of the schema.
    """

    as_of: date
    stale_days: int
    tables: tuple[TableQuality, ...]

    def findings(self) -> tuple[Finding, ...]:
        """Return what every check found, table by table."""
        return tuple(found for table in self.tables for found in table.findings)

    def counted_first(self) -> tuple[Finding, ...]:
        """Return what has to be known before any model runs."""
        by_name = {found.check.name: found for found in self.findings()}
        return tuple(by_name[name] for name in COUNTED_FIRST if name in by_name)

    def about(self, fields: Iterable[str], at_least: float = WEAK_FROM) -> tuple[Finding, ...]:
        """Return what weakens figures that use some fields, the largest share first.

        Parameters
        ----------
        fields
            Columns as ``table.column``.
        at_least
            Failing share from which it is worth a word.
        """
        asked = set(fields)
        weak = [f for f in self.findings() if asked & set(f.check.fields) and f.share >= at_least]
        return tuple(sorted(weak, key=lambda found: -found.share))


def quality(
    workspace: Workspace,
    as_of: date,
    *,
    stale_days: int = STALE_DAYS,
    fields: Sequence[str] | None = None,
) -> Quality:
    """Return how good the data are.

    Parameters
    ----------
    as_of
        The day the data reach; days after it are in the future.
    stale_days
        Days without news after which an open deal is stale.
    fields
        Look only at what weakens these columns, ``table.column``; scores then are of that alone.
    """
    checks = [c for c in CHECKS if fields is None or set(fields) & set(c.fields)]
    parameters = {"as_of": as_of, "stale_days": stale_days}
    counts: dict[str, tuple[int, int]] = {}
    for source in dict.fromkeys(check.rows_from for check in checks):
        counts |= _counted(workspace, source, checks, parameters)
    tables = []
    for table in schema.TABLES:
        found = _findings([check for check in checks if check.table == table], counts)
        if found:
            tables.append(TableQuality(table, workspace.count(table), _score(found), tuple(found)))
    return Quality(as_of, stale_days, tuple(tables))


def failing_rows(
    workspace: Workspace, name: str, as_of: date, *, stale_days: int = STALE_DAYS
) -> pl.DataFrame:
    """Return the rows behind a count, with the file and line each came from.

    Returns
    -------
    polars.DataFrame
        The canonical columns that hold anything, ``file`` and ``line``; at most `ROWS_OPENED`.
    """
    check = next(check for check in CHECKS if check.name == name)
    columns = [c for c in schema.TABLES[check.table].columns if not c.name.endswith("_key")]
    key = schema.TABLES[check.table].key
    ids = ", ".join(f'r."{column}"' for column in key)
    listed = ", ".join(f't."{column.name}"' for column in columns)
    parameters = {"as_of": as_of, "stale_days": stale_days}
    rows = workspace.query(
        f"SELECT {listed}, i.file_name AS file, t.source_line AS line"  # noqa: S608
        f' FROM "{check.table}" t'
        f" SEMI JOIN (SELECT {ids} FROM ({_source(check.rows_from)}) r"
        f"   WHERE ({check.applies}) AND ({check.fails})) f USING ({', '.join(key)})"
        " LEFT JOIN imports i USING (import_id)"
        f" ORDER BY {', '.join(f't.{column}' for column in key)} LIMIT {ROWS_OPENED}",
        **_used(parameters, check),
    )
    return rows.select(series.name for series in rows if series.count())


def _counted(
    workspace: Workspace, source: str, checks: Sequence[Check], parameters: dict[str, object]
) -> dict[str, tuple[int, int]]:
    """Return how many rows each check of a source is about, and how many fail it."""
    own = [check for check in checks if check.rows_from == source]
    counts = ", ".join(
        f"count(*) FILTER (WHERE {check.applies}),"
        f" count(*) FILTER (WHERE ({check.applies}) AND ({check.fails}))"
        for check in own
    )
    row = workspace.query(
        f"SELECT {counts} FROM ({_source(source)})",  # noqa: S608
        **_used(parameters, *own),
    ).row(0)
    return {check.name: (row[2 * i], row[2 * i + 1]) for i, check in enumerate(own)}


def _source(name: str) -> str:
    return SOURCES.get(name, f'SELECT * FROM "{name}"')  # noqa: S608


def _used(parameters: dict[str, object], *checks: Check) -> dict[str, object]:
    """Return the parameters that appear in the conditions; the engine refuses others."""
    text = " ".join(f"{check.applies} {check.fails}" for check in checks)
    return {name: value for name, value in parameters.items() if f"${name}" in text}


def _findings(checks: Sequence[Check], counts: dict[str, tuple[int, int]]) -> list[Finding]:
    found = [(check, *counts[check.name]) for check in checks if counts[check.name][0]]
    score = 100 * math.prod(_kept(check, failing / of) for check, of, failing in found)
    findings = [
        Finding(check, failing, of, score / _kept(check, failing / of) - score)
        for check, of, failing in found
    ]
    return sorted(findings, key=lambda finding: -finding.points)


def _kept(check: Check, failing_share: float) -> float:
    return 1 - MOST_LOST[check.weight] * failing_share


def _score(findings: Sequence[Finding]) -> float:
    return 100 * math.prod(found.kept for found in findings)
