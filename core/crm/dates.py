"""Dates and moments: ISO 8601 in UTC, or days and months in an order decided once for the file."""

from typing import Final

from core.crm.cells import Layers, Typed, literal

_TIME: Final = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
_ZONE: Final = r"(?:Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)"
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_CLOCK: Final = r"(?:,? (\d{1,2}:[0-5]\d(?::[0-5]\d)?)(?: ?([AaPp])\.?[Mm]\.?)?)?"
_DAY_OR_MONTH_FIRST: Final = r"(\d{1,2})([/.-])(\d{1,2})([/.-])(\d{4}|\d{2})" + _CLOCK
_YEAR_FIRST: Final = r"(\d{4})([/.])(\d{1,2})([/.])(\d{1,2})" + _CLOCK


def date_layers(number: int) -> Layers:
    """Return the layers that tell what a date's text looks like, whatever the convention.

    ``form``: d a day, p day and time, z with offset, s day or month first, y year first, b bad.
    """
    x = f"x{number}"
    form = (
        f"CASE WHEN {x} IS NULL THEN NULL"
        f" WHEN length({x}) = 10 AND regexp_full_match({x}, {literal(_DAY)}) THEN 'd'"
        f" WHEN regexp_full_match({x}, {literal(f'{_DAY}[ T]{_TIME}')}) THEN 'p'"
        f" WHEN regexp_full_match({x}, {literal(f'{_DAY}[ T]{_TIME} ?{_ZONE}')}) THEN 'z'"
        f" WHEN regexp_full_match({x}, {literal(_DAY_OR_MONTH_FIRST)}) THEN 's'"
        f" WHEN regexp_full_match({x}, {literal(_YEAR_FIRST)}) THEN 'y' ELSE 'b' END"
    )
    names = "['one', 'mark', 'two', 'mark2', 'three', 'clock', 'half']"
    extract = f"regexp_extract({x}, {literal('^%s$')}, {names})"
    split = (
        f"CASE form{number} WHEN 's' THEN {extract % _DAY_OR_MONTH_FIRST}"
        f" WHEN 'y' THEN {extract % _YEAR_FIRST} END"
    )
    return ((f"form{number}", form),), ((f"split{number}", split),)


def instant_cell(number: int, name: str, *, required: bool, order: str | None) -> Typed:
    """Return a UTC moment, the same as epoch seconds, and whether only the day is known."""
    form, moment = f"form{number}", f"moment{number}"
    only_day = f"{form} = 'd' OR ({form} IN ('s', 'y') AND split{number}.clock = '')"
    values = (
        (name, moment),
        (f"{name}_epoch", f"epoch_ms({moment}) // 1000"),
        (f"{name}_is_date", f"CASE WHEN {moment} IS NOT NULL THEN {only_day} END"),
    )
    layers = (*date_layers(number), ((moment, _moment(number, order)),))
    return Typed(layers, values, _date_problem(number, moment, order, required=required))


def date_cell(number: int, name: str, *, required: bool, order: str | None) -> Typed:
    """Return the calendar day as it is written."""
    moment = f"moment{number}"
    day = (
        f"CASE WHEN form{number} IN ('p', 'z') THEN try_cast(left(x{number}, 10) AS TIMESTAMP)"
        f" ELSE {_moment(number, order)} END"
    )
    layers = (*date_layers(number), ((moment, day),))
    problem = _date_problem(number, moment, order, required=required)
    return Typed(layers, ((name, f"{moment}::DATE"),), problem)


def _moment(number: int, order: str | None) -> str:
    x, split = f"x{number}", f"split{number}"
    zone = literal(f" ?({_ZONE})$")
    offset = f"regexp_extract({x}, {zone}, 1)"
    minutes = (
        f"CASE WHEN {offset} = 'Z' THEN 0 ELSE (CASE WHEN starts_with({offset}, '-') THEN -1 ELSE 1"
        f" END) * ({offset}[2:3]::INT * 60 + coalesce("
        f"try_cast(right({offset}[4:], 2) AS INT), 0)) END"
    )
    zoned = f"try_cast(regexp_replace({x}, {zone}, '') AS TIMESTAMP) - to_minutes({minutes})"
    day_first = _calendar(split, year="three", month="two", day="one")
    month_first = _calendar(split, year="three", month="one", day="two")
    slashed = month_first if order == "month_first" else day_first
    return (
        f"CASE form{number} WHEN 'd' THEN try_cast({x} AS TIMESTAMP)"
        f" WHEN 'p' THEN try_cast({x} AS TIMESTAMP) WHEN 'z' THEN {zoned}"
        f" WHEN 's' THEN CASE WHEN {split}.mark = '.' THEN {day_first} ELSE {slashed} END"
        f" WHEN 'y' THEN {_calendar(split, year='one', month='two', day='three')} END"
    )


def _calendar(split: str, *, year: str, month: str, day: str) -> str:
    """Return the moment of split parts; years of two digits are 1990 to 2089."""
    digits = f"{split}.{year}"
    full = (
        f"CASE WHEN length({digits}) = 4 THEN {digits}"
        f" WHEN {digits} >= '90' THEN '19' || {digits} ELSE '20' || {digits} END"
    )
    date = f"{full} || '-' || lpad({split}.{month}, 2, '0') || '-' || lpad({split}.{day}, 2, '0')"
    hour = f"split_part({split}.clock, ':', 1)::INT"
    shift = (
        f"CASE WHEN {split}.half = '' THEN 0 WHEN {hour} NOT BETWEEN 1 AND 12 THEN NULL"
        f" WHEN lower({split}.half) = 'p' AND {hour} < 12 THEN 12"
        f" WHEN lower({split}.half) = 'a' AND {hour} = 12 THEN -12 ELSE 0 END"
    )
    clock = f"{split}.clock"
    padded = f"CASE WHEN {clock}[2] = ':' THEN '0' || {clock} ELSE {clock} END"
    return (
        f"CASE WHEN {split}.clock = '' THEN try_cast({date} AS TIMESTAMP)"
        f" WHEN {hour} > 23 THEN NULL"
        f" ELSE try_cast({date} || ' ' || ({padded}) AS TIMESTAMP) + to_hours({shift}) END"
    )


def _date_problem(number: int, moment: str, order: str | None, *, required: bool) -> str:
    form = f"form{number}"
    undecided = {None: "ambiguous_date", "mixed": "mixed_date_format"}.get(order)
    return (
        "CASE"
        + (f" WHEN x{number} IS NULL THEN 'missing_value'" if required else "")
        + f" WHEN {form} IS NULL THEN NULL WHEN {form} = 'b' THEN 'bad_date'"
        f" WHEN {form} IN ('s', 'y') AND split{number}.mark <> split{number}.mark2 THEN 'bad_date'"
        + (
            f" WHEN {form} = 's' AND split{number}.mark <> '.' THEN {literal(undecided)}"
            if undecided
            else ""
        )
        + f" WHEN {moment} IS NULL THEN 'bad_date'"
        f" WHEN year({moment}) NOT BETWEEN 1990 AND 2100 THEN 'date_out_of_range' END"
    )
