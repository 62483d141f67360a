"""How the command line writes answers: a table for people, CSV and JSON for machines.

The machine formats are stable and documented in docs/command-line.md; nothing is computed here.
"""

import csv
import io
import json
from dataclasses import asdict
from enum import StrEnum
from typing import Final

import polars as pl

from core import formats
from core.attribution.results import AttributionResult
from core.attribution.trust_record import measured
from core.crm.receipts import Receipt, Status, Sum
from core.money import exponent, to_major


class Format(StrEnum):
    """What an answer is written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


EXIT_CODES: Final = {Status.ACCEPTED: 0, Status.PARTIAL: 1, Status.REFUSED: 2}


def credits_text(result: AttributionResult, output: Format) -> str:
    """Write the credit of each model by channel or campaign."""
    if output is Format.TABLE:
        return _credits_table(result)
    rows = [_credit_row(result, row) for row in result.frame.iter_rows(named=True)]
    return rows_text(rows, output)


def receipt_text(receipt: Receipt) -> str:
    """Write what became of one file, for people."""
    if receipt.status is Status.REFUSED:
        return f"{receipt.file}: refused. {receipt.error}"
    again = ", imported before" if receipt.unchanged else ""
    lines = [
        f"{receipt.file}: {receipt.source} -> {receipt.table}{again}. "
        f"{receipt.rows_in} rows in = {receipt.loaded} loaded + {receipt.rejected} rejected"
    ]
    lines += [f"  sum: {sum_in_words(one)}" for one in receipt.sums]
    lines += [f"  note: {warning}" for warning in receipt.warnings]
    lines += [
        f"  line {reject.line}, row {reject.row}, {reject.column}: {reject.reason} "
        f"({reject.value!r}). {reject.suggestion}".rstrip()
        for reject in receipt.rejects[:_SHOWN_REJECTS]
    ]
    hidden = len(receipt.rejects) - _SHOWN_REJECTS
    return "\n".join([*lines, *([f"  and {hidden} more; --json lists all"] if hidden > 0 else [])])


def sum_in_words(one: Sum) -> str:
    """Write the sum of a file in one currency against what was stored and what was not."""
    parts = [f"{one.loaded:,} loaded", f"{one.rejected:,} rejected"]
    if one.repeated:
        parts.append(f"{one.repeated:,} on further lines of the same records")
    said = f"{one.in_file:,} {one.currency} in the file = {' + '.join(parts)}"
    more = f"; {one.unreadable:,} rejected amounts cannot be read" if one.unreadable else ""
    return said + more if one.is_complete else f"{said} does not add up{more}"


_SHOWN_REJECTS: Final = 10


def receipt_json(receipt: Receipt) -> str:
    """Write what became of one file as one JSON object on one line."""
    fields = asdict(receipt)
    fields["rejects"] = [
        {key: reject[key] for key in ("row", "line", "column", "value", "reason", "suggestion")}
        for reject in fields["rejects"]
    ]
    return json.dumps(fields, ensure_ascii=False, default=str)


def exit_code(receipts: tuple[Receipt, ...]) -> int:
    """Return the exit status of an import: the worst of its files."""
    return max((EXIT_CODES[receipt.status] for receipt in receipts), default=0)


def _credit_row(result: AttributionResult, row: dict[str, object]) -> dict[str, object]:
    level = result.question.level.value
    currency = result.question.scope.currency
    return {
        "model": row["model"],
        level: row[level],
        "deals": round(float(str(row["deals"])), 9),
        "revenue": _amount(int(str(row["revenue_minor"])), currency),
        "share": round(float(str(row["share"])), 12),
    }


def _amount(minor: int, currency: str) -> str:
    return f"{to_major(minor, currency):.{exponent(currency)}f}"


def rows_text(rows: list[dict[str, object]], output: Format) -> str:
    """Write rows as CSV or JSON."""
    if output is Format.JSON:
        return json.dumps(rows, ensure_ascii=False, indent=2)
    buffer = io.StringIO()
    if rows:
        writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return buffer.getvalue().rstrip("\n")


def _credits_table(result: AttributionResult) -> str:
    """Write names down and models across, a few at a time, with the line that proves the sums."""
    models = list(result.question.models)
    blocks = [
        _credits_block(result, models[start : start + _MODELS_ACROSS])
        for start in range(0, len(models), _MODELS_ACROSS)
    ]
    notes = [f"note: {warning}" for warning in result.warnings]
    return "\n".join(["\n\n".join(blocks), *notes])


_MODELS_ACROSS: Final = 6


def _misallocated(model: str, won_deals: int) -> str:
    """Say what the model gives to the wrong name on simulated companies of about this size."""
    found = measured(model, won_deals)
    return formats.percent(found.mean, 0) if found else formats.NOT_KNOWN


def _credits_block(result: AttributionResult, models: list[str]) -> str:
    level, currency = result.question.level.value, result.question.scope.currency
    wide = result.frame.pivot(on="model", index=level, values="revenue_minor")
    body = [
        [str(row[level]), *(formats.money(row[model] or 0, currency) for model in models)]
        for row in wide.iter_rows(named=True)
    ]
    totals = result.frame.group_by("model").agg(pl.col("revenue_minor").sum())
    by_model = dict(totals.iter_rows())
    proofs = [result.reconciliation[model] for model in models]
    foot = [
        ["misallocated (simulated)", *(_misallocated(model, result.won_deals) for model in models)],
        ["total", *(formats.money(by_model.get(model, 0), currency) for model in models)],
        ["closed won", *(formats.money(proof.closed_won_minor, currency) for proof in proofs)],
    ]
    return aligned([[level, *models], *body], foot)


def aligned(rows: list[list[str]], foot: list[list[str]] | None = None) -> str:
    """Write rows as a table with its head ruled off, and its foot where it has one."""
    everything = [*rows, *(foot or [])]
    widths = [max(len(row[i]) for row in everything) for i in range(len(rows[0]))]
    lines = [_line(row, widths) for row in everything]
    rule = "-" * len(lines[0])
    ruled = [lines[0], rule, *lines[1 : len(rows)]]
    return "\n".join([*ruled, rule, *lines[len(rows) :]] if foot else ruled)


def _line(row: list[str], widths: list[int]) -> str:
    cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join([row[0].ljust(widths[0]), *cells])
