"""How the figures of the pages are written on the command line."""

from app.figure_rows import FigureRow
from app.figures_services import Figures
from app.output import Format, aligned, rows_text
from core import formats
from core.metrics import Unit, metric
from core.money import exponent, to_major


def figures_text(found: Figures, output: Format) -> str:
    """Write the figures, for people with the words of the pages."""
    if output is not Format.TABLE:
        return rows_text([_fields(row, found) for row in found.rows], output)
    rows = [
        [row.name, row.of, formats.figure(row.value, row.unit, found.currency), row.page]
        for row in found.rows
    ]
    said = f"{formats.counted(len(rows), 'figure')} of {found.days.label}; data {found.fingerprint}"
    notes = [f"note: {one}" for one in found.warnings]
    return "\n".join([aligned([["figure", "of", "value", "page"], *rows]), said, *notes])


def _fields(row: FigureRow, found: Figures) -> dict[str, object]:
    is_money = row.unit is Unit.MONEY
    return {
        "name": row.name,
        "title": metric(row.name).title,
        "of": row.of,
        "value": _amount(row.value, found.currency) if is_money else row.value,
        "unit": row.unit.value,
        "currency": found.currency if is_money else "",
        "page": row.page.value,
        "fingerprint": found.fingerprint,
    }


def _amount(minor: float | None, currency: str) -> str | None:
    if minor is None:
        return None
    return f"{to_major(round(minor), currency):.{exponent(currency)}f}"
