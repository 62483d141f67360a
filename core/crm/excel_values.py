"""Numbers of a workbook as the text a person sees: days, digits of ids, currencies of amounts."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from core.crm.amounts import symbol_codes

EXACT_BELOW: Final = 1e15
"""A workbook keeps fifteen digits of a number; longer ids typed as numbers have lost the rest."""

_FIRST_DAYS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001
_LAST_SERIAL: Final = 2_958_466  # the first day of the year 10000
_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_TIMES: Final = frozenset({*range(18, 23), *range(45, 48)})
_TIME_TOKENS: Final = re.compile("[hs]", re.IGNORECASE)
_NO_TOKENS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_TOKENS: Final = re.compile("[dmyhs]", re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_PADDED: Final = re.compile("0{2,}")
_CURRENCY: Final = re.compile(r'\[\$([^\]\-]+)|"([^"]+)"|([$\u20ac\u00a3\u00a5])')


@dataclass(frozen=True)
class NumberFormat:
    """What a cell style says about a number.

    Parameters
    ----------
    is_date
        It is a day, or a moment.
    has_time
        It is a moment, also at midnight.
    digits
        It is shown with leading zeros to so many digits.
    currency
        It is shown with this symbol or code of a currency.
    """

    is_date: bool = False
    has_time: bool = False
    digits: int = 0
    currency: str = ""


def number_format(number: int, code: str) -> NumberFormat:
    """Return what a format means, from its number and, for one made by a person, its code.

    >>> number_format(164, "00000").digits, number_format(165, "[$EUR] #,##0.00").currency
    (5, 'EUR')
    >>> number_format(14, "").is_date, number_format(166, 'dd"day"mm').is_date
    (True, True)
    """
    first = code.split(";", maxsplit=1)[0]
    if _PADDED.fullmatch(first):
        return NumberFormat(digits=len(first))
    if number in _DATES and not code:
        return NumberFormat(is_date=True, has_time=number in _TIMES)
    tokens = _NO_TOKENS.sub("", first)
    if _DATE_TOKENS.search(tokens) and not _ELAPSED.search(first) and tokens.lower() != "general":
        return NumberFormat(is_date=True, has_time=bool(_TIME_TOKENS.search(tokens)))
    found = (next(filter(None, match)) for match in _CURRENCY.findall(first))
    return NumberFormat(currency=next((s.strip() for s in found if symbol_codes(s.strip())), ""))


def number_text(raw: str, shown: NumberFormat, *, counts_from_1904: bool = False) -> str:
    """Return a number of a workbook as text.

    A number with more digits than a workbook keeps is written with an exponent, so that it is
    never taken for an id. What is no number stays as it is, to be rejected where one is needed.

    >>> plain = NumberFormat()
    >>> [number_text(raw, plain) for raw in ("12", "0.30000000000000004", "1.5E-2", "12.0")]
    ['12', '0.3', '0.015', '12']
    >>> number_text("123456789012345678", plain)
    '1.23456789012346E+17'
    >>> number_text("45720", NumberFormat(is_date=True))
    '2025-03-04'
    >>> number_text("123", NumberFormat(digits=5)), number_text("9.5", NumberFormat(currency="$"))
    ('00123', '$ 9.5')
    """
    if not (shown.is_date or shown.digits or shown.currency) and _is_short(raw):
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if shown.is_date and 0 <= value < _LAST_SERIAL:
        first_day = _FIRST_DAYS[counts_from_1904]
        return _moment(value, first_day, has_time=shown.has_time)
    text = _plain(value)
    if shown.digits and text.isdigit():
        return text.zfill(shown.digits)
    return f"{shown.currency} {text}" if shown.currency else text


def _is_short(raw: str) -> bool:
    return raw.isdigit() and raw.isascii() and len(raw) <= 15 and (raw[0] != "0" or raw == "0")  # noqa: PLR2004


def _plain(value: float) -> str:
    if abs(value) >= EXACT_BELOW or value != value:  # noqa: PLR0124 - what is not a number
        return f"{value:.15G}"
    return format(Decimal(f"{value:.15g}"), "f")


def _moment(value: float, first_day: datetime, *, has_time: bool) -> str:
    moment = first_day + timedelta(seconds=round(value * 86_400))
    if value < 1:
        return f"{moment:%H:%M:%S}"
    is_day = not has_time and moment.hour == moment.minute == moment.second == 0
    return f"{moment:%Y-%m-%d}" if is_day else f"{moment:%Y-%m-%d %H:%M:%S}"
