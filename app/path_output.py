"""How the command line writes the credit of path files."""

from collections.abc import Iterator

from app.output import Format, aligned, rows_text
from core.attribution.path_attribution import PathAttribution
from core.attribution.path_files import PathFile


def path_credits_text(answer: PathAttribution, output: Format) -> str:
    """Write ``model, channel, conversions, value``; value is empty when the file names none."""
    rows = list(answer.frame.iter_rows(named=True))
    if output is not Format.TABLE:
        return rows_text(rows, output)
    head = ["model", "channel", "conversions", "value"]
    body = [
        [row["model"], row["channel"], f"{row['conversions']:,.4f}", _value(row["value"])]
        for row in rows
    ]
    notes = [f"note: {warning}" for warning in answer.warnings]
    return "\n".join([aligned([head, *body]), *notes])


def path_file_doubts(file: PathFile) -> Iterator[str]:
    """Yield what was left out of a path file, and other doubts about it."""
    if file.rejects:
        kept = file.rows_in - len(file.rejects)
        yield f"{file.rows_in} rows in = {kept} counted + {len(file.rejects)} rejected"
    for reject in file.rejects:
        yield (
            f"  line {reject.line}, row {reject.row}, {reject.column}: {reject.reason} "
            f"({reject.value!r}). {reject.suggestion}"
        ).rstrip()
    yield from (f"note: {warning}" for warning in file.warnings)


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:,.4f}"
