"""A simulated company whose export was imported twice: as it was two weeks ago, and as it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from core.crm.demo import DemoOptions, load, simulate
from core.crm.demo.exports import export
from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.engine import collect, open_engine
from core.replay import replayed
from core.workspace import Workspace
from tests.scored import AS_OF

DAYS_BEFORE = 14


def imported_twice(deals=450, seed=7, path=None):
    """Return a workspace with two imports of the same company, the second later by two weeks."""
    company = simulate(DemoOptions(ends_on=AS_OF, seed=seed, deals=deals))
    workspace = Workspace.create(path) if path else Workspace.in_memory()
    first = AS_OF - timedelta(days=DAYS_BEFORE)
    import_day(workspace, as_it_was(company, first), first)
    import_day(workspace, company, AS_OF)
    return workspace


def as_it_was(company, day):
    """Return the company as an export of a past day would have had it."""
    with Workspace.in_memory() as whole:
        load(whole, company)
        with replayed(whole, day) as then:
            engine = open_engine(then)
            tables = {name: collect(engine.table(name)) for name in company.tables}
    return replace(
        company,
        tables={name: rows.select(company.tables[name].columns) for name, rows in tables.items()},
    )


def import_day(workspace, company, day: date):
    """Import the company's export as the template has it, in the evening of a day."""
    now = datetime.combine(day, time(20), tzinfo=UTC)
    files = [SourceFile(name, data) for name, data in export(company, "template").items()]
    return import_files(workspace, files, now)
