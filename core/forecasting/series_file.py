"""Read a file of series, ``[id,]ds,y``: every refusal names the line, every inference is said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.errors import ImportRefusedError
from core.forecasting.frequency import Frequency, Grid
from core.forecasting.infer_grid import common_frequency, infer_grid, off_grid, sparse
from core.forecasting.series import Gaps, Series, regular_series
from core.forecasting.series_results import ForecastOptions
from core.forecasting.series_rows import Row, read_rows

_MOST_PERIODS: Final = 20_000


@dataclass(frozen=True)
class SeriesFile:
    """The series of one file, in the order in which they appear, and what was inferred."""

    series: tuple[Series, ...]
    notes: tuple[str, ...]


def read_series(name: str, data: bytes, options: ForecastOptions | None = None) -> SeriesFile:
    r"""Read the series of a CSV file with the columns ``ds``, ``y`` and, for several, ``id``.

    Rows may come in any order. A blank ``y`` is a missing period. The frequency is inferred from
    the dates unless the options name it; missing periods are filled as the options say. A period
    that is not over by ``options.as_of`` is left out.

    Parameters
    ----------
    name
        Name of the file, for messages only.
    data
        Its bytes: UTF-8 text, separated by comma, semicolon or tab.
    options
        Frequency, meaning of gaps and the day the question is asked.

    Raises
    ------
    ImportRefusedError
        If the file cannot be read whole; the message names the lines.

    Examples
    --------
    >>> found = read_series("won.csv", b"ds,y\n2026-01-01,5\n2026-02-01,7\n2026-03-01,6\n")
    >>> found.series[0].values, found.notes[0]
    ((5.0, 7.0, 6.0), 'The dates are one month apart.')
    """
    options = options or ForecastOptions()
    rows, ignored = read_rows(name, data)
    grouped = _grouped(rows)
    frequency = options.frequency or common_frequency([_days(rows) for rows in grouped.values()])
    series = tuple(
        each
        for each in (_series(name, key, rows, frequency, options) for key, rows in grouped.items())
        if each is not None
    )
    if not series:
        raise ImportRefusedError(
            name, "no_complete_period", "No series has a period that is over.", "Add history."
        )
    return SeriesFile(series, (*_notes(series, options), *ignored))


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.name, []).append(row)
    return {key: sorted(group, key=lambda row: row.day) for key, group in groups.items()}


def _days(rows: Iterable[Row]) -> list[date]:
    return [row.day for row in rows]


def _series(
    file: str, name: str, rows: list[Row], common: Frequency, options: ForecastOptions
) -> Series | None:
    fixed = options.frequency is not None
    grid = infer_grid(_days(rows), common, fixed=fixed)
    _refuse_irregular(file, rows, grid, fixed=fixed)
    current = options.as_of
    if current is not None:
        current = options.calendar.period_start(current, grid.frequency)
    known = [
        (row.day, row.value)
        for row in rows
        if row.value is not None and (current is None or row.day < current)
    ]
    return regular_series(name, grid, known, options.gaps) if known else None


def _refuse_irregular(file: str, rows: Sequence[Row], grid: Grid, *, fixed: bool) -> None:
    days = _days(rows)
    whose = f"Series '{rows[0].name}'" if rows[0].name else "The series"
    hint = "Sum the values by period first, or name the frequency."
    if stray := off_grid(days, grid):
        line = next(row.line for row in rows if row.day == stray[0])
        message = f"{whose} is not one value a {grid.frequency}: line {line} has {stray[0]}."
        raise ImportRefusedError(file, "irregular_dates", message, hint)
    periods = grid.between(days[0], days[-1]) + 1
    if periods > _MOST_PERIODS or (not fixed and sparse(days, grid)):
        message = (
            f"{whose} has {len(days)} values for {periods} {grid.frequency}s, "
            f"lines {rows[0].line} to {rows[-1].line}: too few to be one value a {grid.frequency}."
        )
        raise ImportRefusedError(file, "irregular_dates", message, hint)


def _notes(series: Sequence[Series], options: ForecastOptions) -> Iterator[str]:
    if options.frequency is None:
        kinds = dict.fromkeys(each.grid.frequency for each in series)
        listed = " or ".join(f"one {kind}" for kind in kinds)
        yield f"The dates are {listed} apart."
    gaps = sum(len(each.filled) for each in series)
    if gaps:
        how = "with zero" if options.gaps is Gaps.ZERO else "by a straight line between neighbours"
        yield f"{gaps} missing periods were filled {how}."
