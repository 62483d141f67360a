"""Exports into the workspace: read as text, recognised, typed, merged, all in one transaction."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

import duckdb
import polars as pl

from core import exchange, snapshots
from core.crm import company_currency, conventions, doubts, merging, stored_doubts
from core.crm.binding import Binding, bind
from core.crm.containers import unpacked
from core.crm.demo.truth import forget as forget_truth
from core.crm.known_files import KnownFile, known_file, refused
from core.crm.layers import STAGED
from core.crm.open_deals import expect_close
from core.crm.options import ImportOptions
from core.crm.reading import Reading, reading_of
from core.crm.receipts import Progress, Receipt, SourceFile, Status, Step
from core.crm.remembered import Remembered, remember, remembered
from core.crm.sheet import Sheet, read_sheet
from core.crm.stage_order import record_stages
from core.crm.sums import sums_of
from core.crm.typed_rows import TYPED, make_typed_rows
from core.crm.value_review import value_uses
from core.errors import ImportCancelledError, ImportRefusedError
from core.snapshots import Running
from core.workspace import Workspace, set_meta

__all__ = ["ImportOptions", "Preview", "import_files", "preview_files"]

FALLBACK_CURRENCY: Final = "USD"
_Report = Callable[[Step, int], None]


@dataclass(frozen=True)
class Preview:
    """What an import of one file would do, and how the file was understood.

    ``reading`` is None when the file is refused or was imported before.
    """

    receipt: Receipt
    reading: Reading | None


class _RehearsedError(Exception):
    """Ends the transaction of a preview, so that it is rolled back."""


def import_files(
    workspace: Workspace,
    files: Sequence[SourceFile],
    now: datetime,
    options: ImportOptions | None = None,
) -> tuple[Receipt, ...]:
    """Store the records of export files and account for every one of them.

    A file that cannot be read as a whole is refused and does not stop the others. All other files
    are stored in one transaction, so an error leaves the workspace as it was. The same file again
    changes nothing. Files are stored in an order of their own, so it does not matter in which
    order they are given, except that of two files of one kind the later one updates the earlier.

    Parameters
    ----------
    workspace
        Where to store them. Demo data in it makes room for the first import.
    files
        The files, in any order.
    now
        The moment to record, UTC.
    options
        How to read them, where they do not say it themselves.

    Returns
    -------
    tuple[Receipt, ...]
        One for each file, in the order given; one for each file in an archive and each sheet of
        a workbook.

    Raises
    ------
    ImportCancelledError
        If it was stopped; the workspace is as it was.
    """
    run = _Import(workspace, options or ImportOptions(), now)
    return tuple(receipt for receipt, _ in _handled(files, run))


def preview_files(
    workspace: Workspace,
    files: Sequence[SourceFile],
    now: datetime,
    options: ImportOptions | None = None,
) -> tuple[Preview, ...]:
    """Tell what an import of the files would do, down to every rejected record; store nothing.

    It is the import itself in a transaction that is rolled back, so what it says is what
    `import_files` with the same options will do.
    """
    run = _Import(workspace, options or ImportOptions(), now, is_rehearsal=True)
    return tuple(Preview(receipt, reading) for receipt, reading in _handled(files, run))


def _handled(files: Sequence[SourceFile], run: "_Import") -> list[tuple[Receipt, Reading | None]]:
    receipts: dict[int, Receipt] = {}
    known: list[KnownFile] = []
    opened, memory = unpacked(files, run.options.max_bytes), run.memory()
    for place, file in enumerate(opened):
        try:
            known.append(known_file(place, file, run.options, memory))
        except ImportRefusedError as refusal:
            receipts[place] = refused(refusal)
    if known:
        receipts.update(run.run(sorted(known, key=KnownFile.order)))
    return [(receipts[place], run.readings.get(place)) for place in range(len(opened))]


def _receipt(
    known: KnownFile, sheet: Sheet, rejected: pl.DataFrame, warnings: tuple[str, ...]
) -> Receipt:
    return Receipt(
        file=known.file.name,
        table=known.recipe.table.name,
        source=known.recipe.name,
        status=Status.PARTIAL if rejected.height else Status.ACCEPTED,
        rows_in=sheet.rows_in,
        loaded=sheet.rows_in - rejected.height,
        rejected=rejected.height,
        warnings=warnings,
        rejects=merging.receipt_rejects(rejected),
    )


class _Import:
    """One call of `import_files`, inside its transaction."""

    def __init__(
        self,
        workspace: Workspace,
        options: ImportOptions,
        now: datetime,
        *,
        is_rehearsal: bool = False,
    ) -> None:
        self.options = options
        self.readings: dict[int, Reading] = {}
        self._workspace = workspace
        self._now = now
        self._is_rehearsal = is_rehearsal
        self._email_key = workspace.meta("email_key") or ""
        settled = workspace.meta("currency")
        self._is_currency_settled = settled is not None
        self._currency = options.currency or settled

    def memory(self) -> dict[str, Remembered]:
        """Return what was said about files before, by their headers."""
        return remembered(self._workspace)

    def run(self, ordered: Sequence[KnownFile]) -> dict[int, Receipt]:
        """Store the files and return their receipts by place."""
        receipts: dict[int, Receipt] = {}
        with suppress(_RehearsedError), self._workspace.transaction() as cursor:
            receipts.update(self._all_stored(cursor, ordered))
            if self._is_rehearsal:
                raise _RehearsedError
        return receipts

    def _all_stored(
        self, cursor: duckdb.DuckDBPyConnection, ordered: Sequence[KnownFile]
    ) -> dict[int, Receipt]:
        written: list[tuple[KnownFile, Receipt, tuple[str, str]]] = []
        receipts: dict[int, Receipt] = {}
        snapshot = 0
        stored_doubts.prepare(cursor)
        for done, known in enumerate(ordered):
            report = self._reporter(known, done, len(ordered))
            identity = known.identity(self.options.currency)
            merged = {one[2][0]: one[1] for one in written}
            earlier = merged.get(identity[0]) or merging.earlier_receipt(
                cursor, known.file.name, identity[0]
            )
            if earlier:
                receipts[known.place] = replace(earlier, file=known.file.name, unchanged=True)
                continue
            if not written:
                snapshot = self._begun(cursor)
            running = Running(snapshot, (*merged, identity[0]))
            receipt = self._stored(cursor, known, running, report)
            written.append((known, receipt, identity))
        for known, receipt, identity in written:
            receipts[known.place] = self._recorded(cursor, receipt, identity, snapshot)
            self._remember(cursor, known)
        if written:
            exchange.record_rates(cursor)
        return receipts

    def _reporter(self, known: KnownFile, done: int, files: int) -> _Report:
        """Return what tells the progress of a file, and stops when that is wanted."""
        options = self.options

        def report(step: Step, rows: int) -> None:
            if options.is_cancelled and options.is_cancelled():
                raise ImportCancelledError("The import was stopped.", "Nothing was stored.")
            if options.on_progress:
                options.on_progress(Progress(known.file.name, step, rows, done, files))

        return report

    def _begun(self, cursor: duckdb.DuckDBPyConnection) -> int:
        """Make room where demo data stand, start a snapshot and return its number."""
        if self._workspace.meta("kind") == "demo":
            snapshots.forget_all(cursor)
            forget_truth(cursor)
        snapshot = snapshots.begin(cursor, self._now)
        set_meta(cursor, "kind", "own")
        return snapshot

    def _stored(
        self,
        cursor: duckdb.DuckDBPyConnection,
        known: KnownFile,
        running: Running,
        report: _Report,
    ) -> Receipt:
        import_id = running.import_ids[-1]
        read = read_sheet(known.text, known.layout, partial(report, Step.READING))
        sheet, footers = read.without_footers(known.recipe.footers)
        binding = bind(known.recipe, known.layout, sheet.padded)
        cursor.register(STAGED, sheet.table)
        try:
            report(Step.CHECKING, sheet.rows_in)
            currency = self._typed(cursor, known, binding)
            expected = (*expect_close(cursor, binding), *company_currency.settle(cursor, binding))
            report(Step.STORING, sheet.rows_in)
            rejected = merging.rejected_frame(cursor, binding, sheet, import_id)
            self._workspace.insert(cursor, "rejected_rows", rejected)
            merging.merge(cursor, binding, import_id, running)
            record_stages(cursor, binding, running)
            report(Step.FINISHING, sheet.rows_in)
            left_out = (f"Lines of totals and notes left out: {footers}.",) if footers else ()
            found = doubts.while_staged(cursor, binding, currency)
            noted = (*known.text.notices, *known.memo_in_words())
            warnings = (*noted, *left_out, *found, *expected)
            sums = sums_of(cursor, binding, import_id)
            cursor.execute(f"DROP TABLE {TYPED}")
        finally:
            with suppress(duckdb.Error):  # what went wrong before it is what counts
                cursor.unregister(STAGED)
        return replace(_receipt(known, sheet, rejected, warnings), sums=sums)

    def _typed(self, cursor: duckdb.DuckDBPyConnection, known: KnownFile, binding: Binding) -> str:
        """Make the typed rows of the staged file; return the currency assumed for them."""
        currency = self._settled_currency(cursor, binding)
        decided = conventions.decide(cursor, binding, currency, known.forced)
        make_typed_rows(cursor, binding, decided, self._email_key)
        if self._is_rehearsal:
            understood = reading_of(known.text, binding, decided, known.forced, known.sample)
            assumed = doubts.records_without_currency(cursor, binding)
            self.readings[known.place] = replace(
                understood,
                currency_assumed_for=assumed,
                values=value_uses(cursor, binding),
                memo=known.memo,
            )
        return currency

    def _settled_currency(self, cursor: duckdb.DuckDBPyConnection, binding: Binding) -> str:
        """Return the currency to assume, settling the workspace's with the first deals."""
        if not self._is_currency_settled and binding.recipe.table.name == "deals":
            named = self._currency or conventions.main_currency(cursor, binding)
            self._currency = named or FALLBACK_CURRENCY
            self._is_currency_settled = True
            set_meta(cursor, "currency", self._currency)
        return self._currency or FALLBACK_CURRENCY

    def _remember(self, cursor: duckdb.DuckDBPyConnection, known: KnownFile) -> None:
        said = self.options.said_about(known.file)
        if said and known.memo:
            said = said.over(known.memo.mapping)
        if said:
            remember(cursor, known.layout.header, said, known.file.name, self._now)

    def _recorded(
        self,
        cursor: duckdb.DuckDBPyConnection,
        receipt: Receipt,
        identity: tuple[str, str],
        snapshot: int,
    ) -> Receipt:
        later = stored_doubts.after_merge(cursor, receipt.table, identity[0])
        complete = replace(receipt, warnings=(*receipt.warnings, *later))
        merging.record_import(self._workspace, cursor, complete, identity, (snapshot, self._now))
        return complete
