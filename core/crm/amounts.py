"""Amounts and currencies: exact decimals, one convention a column, symbols against codes."""

from collections.abc import Iterable, Sequence
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


def currency_cell(
    number: int, name: str, conventions: Conventions, *, required: bool = False
) -> Typed:
    """Return an ISO 4217 code; what is stored also depends on the amount, see `amount_cell`."""
    found = listed(conventions.currency_codes.get(number, ()))
    layer = ((f"code{number}", f"CASE WHEN upper(x{number}) IN {found} THEN upper(x{number}) END"),)
    missing = f"WHEN x{number} IS NULL THEN 'missing_value' " if required else ""
    problem = (
        f"CASE {missing}WHEN x{number} IS NOT NULL AND code{number} IS NULL"
        " THEN 'unknown_currency' END"
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


def converted_cell(
    number: int, name: str, currency: int | None, conventions: Conventions
) -> tuple[Typed, str]:
    """Return an amount as the CRM itself converted it, and the expression of its currency.

    It is more than a record needs: one that cannot be read is left blank and not rejected, one with
    more decimals than the currency has is rounded, and its currency is never assumed.
    """
    typed, _ = amount_cell(number, name, currency, conventions)
    stated = "NULL" if currency is None else f"code{currency}"
    beside = f"CASE WHEN len(meant{number}) = 1 THEN meant{number}[1] END"
    code_of = f"coalesce({stated}, {beside})"
    is_good = f"coalesce(({typed.problem}) = 'subcent_amount', true)"
    values = tuple((name, f"CASE WHEN {is_good} THEN {value} END") for name, value in typed.values)
    is_there = f"value{number} IS NOT NULL AND {is_good}"
    return Typed(typed.layers, values, "NULL"), f"CASE WHEN {is_there} THEN {code_of} END"


def amount_cell(
    number: int, name: str, currency: int | None, conventions: Conventions
) -> tuple[Typed, str]:
    """Return an exact amount with its minor units, and the expression of its currency."""
    mark = conventions.decimal_marks.get(number)
    symbols = conventions.symbols.get(number, ())
    meant, resolved = _symbol_meanings(f"symbol{number}", symbols, conventions)
    stated = "NULL" if currency is None else f"code{currency}"
    stored = f"coalesce({stated}, {resolved}, {literal(conventions.currency)})"
    value, money_code = f"value{number}", f"money{number}"
    layers = (
        *amount_layers(number),
        ((f"digits{number}", _digits(number, mark)), (f"meant{number}", meant)),
        ((value, _signed(number)), (money_code, stored)),
    )
    codes = {conventions.currency, *conventions.currency_codes.get(currency or 0, ())}
    codes.update(found for text in symbols for found in symbol_codes(text))
    minor = _minor(value, money_code, codes)
    typed = Typed(
        layers, ((name, value), (f"{name}_minor", minor)), _amount_problem(number, mark, stated)
    )
    return typed, f"CASE WHEN {value} IS NOT NULL THEN {money_code} ELSE {stated} END"


def _digits(number: int, mark: str | None) -> str:
    """Return an amount that is not plain without grouping, with a point as its decimal mark."""
    body = f"trim(parts{number}.body)"
    bare = (
        f"replace(translate({body}, '.{_GROUP_MARKS}', ''), ',', '.')"
        if mark == ","
        else f"translate({body}, ',{_GROUP_MARKS}', '')"
    )
    return f"CASE WHEN NOT plain{number} AND look{number} IN ('n', 'p', 'c', 'a') THEN {bare} END"


def _signed(number: int) -> str:
    parts, cast = f"parts{number}", f"try_cast(digits{number} AS DECIMAL(18,2))"
    negative = f"{parts}.open <> '' OR {parts}.sign IN {_MINUS} OR {parts}.inner IN {_MINUS}"
    return (
        f"CASE WHEN plain{number} THEN try_cast(x{number} AS DECIMAL(18,2))"
        f" WHEN {negative} THEN -{cast} ELSE {cast} END"
    )


def _amount_problem(number: int, mark: str | None, stated: str) -> str:
    look, digits = f"look{number}", f"digits{number}"
    mixed = {".": "look = 'c'", ",": "look = 'p'", "mixed": "look IN ('p', 'c', 'a')"}
    wrong = mixed.get(mark or "", "false").replace("look", look)
    undecided = f"{look} = 'a'" if mark is None else "false"
    return (
        f"CASE WHEN x{number} IS NULL THEN NULL"
        f" WHEN {wrong} THEN 'mixed_number_format' WHEN plain{number} THEN NULL"
        f" WHEN {look} = 'f' THEN 'not_finite' WHEN {look} = 'o' THEN 'amount_out_of_range'"
        f" WHEN {look} = 'b' THEN 'bad_amount' WHEN {undecided} THEN 'ambiguous_amount'"
        f" WHEN symbol{number} IS NOT NULL AND meant{number} IS NULL THEN 'bad_amount'"
        f" WHEN length(ltrim(split_part({digits}, '.', 1), '0')) > 13 THEN 'amount_out_of_range'"
        f" WHEN length(rtrim(split_part({digits}, '.', 2), '0')) > 2 THEN 'subcent_amount'"
        f" WHEN value{number} IS NULL THEN 'bad_amount'"
        f" WHEN {stated} IS NOT NULL AND NOT list_contains(meant{number}, {stated})"
        f" THEN 'currency_conflict' END"
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


def _minor(value: str, currency: str, codes: Iterable[str]) -> str:
    """Return the amount in minor units, rounded half to even where the currency has fewer."""
    places = {found: money.exponent(found) for found in sorted(codes)}
    cases = "".join(
        f" WHEN {literal(found)} THEN "
        + (f"round_even({value}, 0)" if count == 0 else f"{value} * {10**count}")
        for found, count in places.items()
        if count != _USUAL_PLACES
    )
    hundredths = f"{value} * {10**_USUAL_PLACES}"
    return (
        f"(CASE {currency}{cases} ELSE {hundredths} END)::BIGINT"
        if cases
        else (f"({hundredths})::BIGINT")
    )
