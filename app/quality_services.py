"""What the ways in may ask about the data themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from core.attributes import Attributes, attributes
from core.engine import open_engine
from core.leakage import LeakageReport, leakage
from core.quality import Finding, Quality, failing_rows, quality
from core.workspace import Workspace


@dataclass(frozen=True)
class QualityServices:
    """The quality of one workspace's data, as of the day they reach."""

    workspace: Workspace
    engine_url: str

    def scores(self, as_of: date) -> Quality:
        """Return the score of each table and the fixes worth most."""
        return quality(self.workspace, as_of)

    def about(self, fields: Sequence[str], as_of: date) -> tuple[Finding, ...]:
        """Return what weakens figures that use some fields, ``table.column``."""
        return quality(self.workspace, as_of, fields=fields).about(fields)

    def rows(self, check: str, as_of: date) -> pl.DataFrame:
        """Return the rows behind a count, with file and line."""
        return failing_rows(self.workspace, check, as_of)

    def leakage(self) -> LeakageReport:
        """Return which columns of deals give the outcome away."""
        return leakage(open_engine(self.workspace, self.engine_url))

    def attributes(self, table: str = "deals") -> Attributes:
        """Return the extra columns that the exports of a table had."""
        return attributes(open_engine(self.workspace, self.engine_url), table)
