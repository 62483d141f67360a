"""Amounts and currencies: exact decimals, one convention a column, symbols against codes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from core import money
from core.crm.cells import SPACE, Layers, Typed, listed, literal
from core.crm.currencies import SYMBOLS, code

_SYMBOL: Final = "[A-Za-z]{3}|" + "|".join(
    sorted((s.replace("$", r"\$").replace(".", r"\.") for s in SYMBOLS), key=len, reverse=True)
)
_USUAL_PLACES: Final = 2
_SIGN: Final = r"[-+\x{2212}]"
_MINUS: Final = "('-', '\u2212')"
_GROUP_MARKS: Final = " ''\u2019"  # the quote doubled, as inside an SQL literal
_NEUTRAL: Final = r"\d+|[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:['\x{2019}]\d{3})+"
_WITH_POINT: Final = rf"(?:{_NEUTRAL}|[1-9]\d{{0,2}}(?:,\d{{3}})+)?(?:\.\d+)?"
_WITH_COMMA: Final = rf"(?:{_NEUTRAL}|[1-9]\d{{0,2}}(?:\.\d{{3}})+)?(?:,\d+)?"
_AMOUNT: Final = (
    rf"(\()? ?({_SIGN})? ?(?:({_SYMBOL}) ?({_SIGN})?)? ?([0-9.,'\x{{2019}} ]*[0-9])"
    rf" ?({_SYMBOL})? ?(\))?"
)


@dataclass(frozen=True)
class Conventions:
    """What was decided once for a file, or for a column of it.

    Parameters
    ----------
    decimal_marks
        By number of the cell: ``.``, ``,`` or ``mixed``; a cell without evidence is not there.
    date_order
        ``day_first``, ``month_first``, ``mixed``, or None without evidence.
    currency_codes
        By number of the cell: valid codes that occur in it, upper case.
    symbols
        By number of the cell: symbols and codes that stand beside its amounts.
    currency
        The workspace's currency, assumed where a record names none.
    """

    currency: str
    decimal_marks: dict[int, str] = field(default_factory=dict)
    date_order: str | None = None
    currency_codes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    symbols: dict[int, tuple[str, ...]] = field(default_factory=dict)


def currency_cell(number: int, name: str, conventions: Conventions) -> Typed:
    """Return an ISO 4217 code; what is stored also depends on the amount, see `amount_cell`."""
    found = listed(conventions.currency_codes.get(number, ()))
    layer = ((f"code{number}", f"CASE WHEN upper(x{number}) IN {found} THEN upper(x{number}) END"),)
    problem = (
        f"CASE WHEN x{number} IS NOT NULL AND code{number} IS NULL THEN 'unknown_currency' END"
    )
    return Typed((layer,), ((name, f"code{number}"),), problem)


def amount_layers(number: int) -> Layers:
    """Return the layers that tell what an amount's text looks like, whatever the convention.

    ``look``: n no separator that decides, p a decimal point, c a decimal comma, a either way,
    f not finite, o out of range, b bad.
    """
    x = f"x{number}"
    is_plain = f"regexp_full_match({x}, '-?[0-9]{{1,13}}([.][0-9]{{1,2}})?')"
    spaces = literal(f"[{SPACE}]+")
    names = "['open', 'sign', 'before', 'inner', 'body', 'after', 'close']"
    parts = (
        f"CASE WHEN {x} IS NOT NULL AND NOT {is_plain} THEN "
        f"regexp_extract(regexp_replace({x}, {spaces}, ' ', 'g'),"
        f" {literal(f'^{_AMOUNT}$')}, {names}) END"
    )
    plain, part = f"plain{number}", f"parts{number}"
    body = f"trim({part}.body)"
    odd = (
        f"({part}.sign <> '' AND {part}.inner <> '') OR ({part}.open = '') <> ({part}.close = '')"
        f" OR ({part}.before <> '' AND {part}.after <> '')"
    )
    look = (
        f"CASE WHEN {x} IS NULL THEN NULL"
        f" WHEN {plain} THEN CASE WHEN contains({x}, '.') THEN 'p' ELSE 'n' END"
        f" WHEN regexp_full_match({x}, '(?i)[+-]?(nan|inf|infinity)') THEN 'f'"
        f" WHEN regexp_full_match({x}, '[+-]?[0-9]+([.][0-9]+)?[eE][+-]?[0-9]+') THEN"
        f" CASE WHEN abs(try_cast({x} AS DOUBLE)) < 1e13 THEN 'b' ELSE 'o' END"
        f" WHEN {part}.body = '' OR {odd} THEN 'b'"
        f" WHEN regexp_full_match({body}, {literal(_NEUTRAL)}) THEN 'n'"
        f" WHEN regexp_full_match({body}, {literal(_WITH_POINT)}) THEN"
        f" CASE WHEN regexp_full_match({body}, {literal(_WITH_COMMA)}) THEN 'a' ELSE 'p' END"
        f" WHEN regexp_full_match({body}, {literal(_WITH_COMMA)}) THEN 'c' ELSE 'b' END"
    )
    symbol = f"coalesce(nullif({part}.before, ''), nullif({part}.after, ''))"
    return (
        ((plain, is_plain), (part, parts)),
        ((f"look{number}", look), (f"symbol{number}", symbol)),
    )


def amount_cell(
    number: int, name: str, currency: int | None, conventions: Conventions
) -> tuple[Typed, str]:
    """Return an exact amount with its minor units, and the expression of its currency."""
    mark = conventions.decimal_marks.get(number)
    look, symbol = f"look{number}", f"symbol{number}"
    body = f"CASE WHEN plain{number} THEN ltrim(x{number}, '-') ELSE trim(parts{number}.body) END"
    bare = (
        f"replace(translate({body}, '.{_GROUP_MARKS}', ''), ',', '.')"
        if mark == ","
        else f"translate({body}, ',{_GROUP_MARKS}', '')"
    )
    negative = (
        f"CASE WHEN plain{number} THEN starts_with(x{number}, '-') ELSE parts{number}.open <> ''"
        f" OR parts{number}.sign IN {_MINUS} OR parts{number}.inner IN {_MINUS} END"
    )
    digits, value = f"digits{number}", f"value{number}"
    code_sql = "NULL" if currency is None else f"code{currency}"
    meant, resolved = _symbol_meanings(symbol, conventions.symbols.get(number, ()), conventions)
    stored = f"coalesce({code_sql}, {resolved}, {literal(conventions.currency)})"
    cast = f"try_cast({digits} AS DECIMAL(18,2))"
    layers = (
        *amount_layers(number),
        ((digits, f"CASE WHEN {look} IN ('n', 'p', 'c', 'a') THEN {bare} END"),
         (f"negative{number}", negative),
         (f"meant{number}", meant)),
        ((value, f"CASE WHEN negative{number} THEN -{cast} ELSE {cast} END"),
         (f"money{number}", stored)),
    )  # fmt: skip
    wrong_mark = {".": "c", ",": "p"}.get(mark or "", "")
    problem = (
        f"CASE WHEN {look} IS NULL THEN NULL WHEN {look} = 'f' THEN 'not_finite'"
        f" WHEN {look} = 'o' THEN 'amount_out_of_range' WHEN {look} = 'b' THEN 'bad_amount'"
        + (f" WHEN {look} IN ('p', 'c', 'a') THEN 'mixed_number_format'"
           if mark == "mixed" else "")
        + (f" WHEN {look} = 'a' THEN 'ambiguous_amount'" if mark is None else "")
        + f" WHEN {look} = {literal(wrong_mark)} THEN 'mixed_number_format'"
        f" WHEN symbol{number} IS NOT NULL AND meant{number} IS NULL THEN 'bad_amount'"
        f" WHEN length(ltrim(split_part({digits}, '.', 1), '0')) > 13 THEN 'amount_out_of_range'"
        f" WHEN length(rtrim(split_part({digits}, '.', 2), '0')) > 2 THEN 'subcent_amount'"
        f" WHEN {value} IS NULL THEN 'bad_amount'"
        f" WHEN {code_sql} IS NOT NULL AND NOT list_contains(meant{number}, {code_sql})"
        f" THEN 'currency_conflict' END"
    )  # fmt: skip
    minor = _minor(value, f"money{number}", number, currency, conventions)
    return Typed(layers, ((name, value), (f"{name}_minor", minor)), problem), (
        f"CASE WHEN {value} IS NOT NULL THEN money{number} ELSE {code_sql} END"
    )


def _symbol_meanings(
    symbol: str, found: Sequence[str], conventions: Conventions
) -> tuple[str, str]:
    """Return expressions for the codes a symbol can mean and for the one it is taken for."""
    meanings = {text: symbol_codes(text) for text in found}
    known = {text: codes for text, codes in meanings.items() if codes}
    if not known:
        return "NULL::VARCHAR[]", "NULL"
    lists, single = [], []
    for text, codes in known.items():
        options = ", ".join(map(literal, codes))
        taken = conventions.currency if conventions.currency in codes else codes[0]
        lists.append(f"WHEN {literal(text)} THEN [{options}]")
        single.append(f"WHEN {literal(text)} THEN {literal(taken)}")
    return f"CASE {symbol} {' '.join(lists)} END", f"CASE {symbol} {' '.join(single)} END"


def symbol_codes(text: str) -> tuple[str, ...]:
    """Return the currency codes that a symbol or code beside an amount can mean.

    >>> symbol_codes("€"), symbol_codes("usd"), symbol_codes("abc")
    (('EUR',), ('USD',), ())
    """
    named = code(text)
    return (named,) if named else SYMBOLS.get(text, ())


def _minor(
    value: str, currency: str, number: int, cell: int | None, conventions: Conventions
) -> str:
    """Return the amount in minor units, rounded half to even where the currency has fewer."""
    codes = {conventions.currency, *conventions.currency_codes.get(cell or -1, ())}
    if cell is not None:
        codes.update(conventions.currency_codes.get(cell, ()))
    for text in conventions.symbols.get(number, ()):
        codes.update(symbol_codes(text))
    odd = {
        found: money.exponent(found)
        for found in sorted(codes)
        if money.exponent(found) != _USUAL_PLACES
    }
    cases = "".join(
        f" WHEN {literal(found)} THEN "
        + (f"round_even({value}, 0)" if places == 0 else f"{value} * {10**places}")
        for found, places in odd.items()
    )
    hundredths = f"{value} * 100"
    return (
        f"(CASE {currency}{cases} ELSE {hundredths} END)::BIGINT"
        if cases
        else (f"({hundredths})::BIGINT")
    )
