r"""How the text of a cell becomes a typed value, or a reason why it cannot: as SQL, for all rows.

Each kind of column is a ladder of layers; layer by layer the engine computes aliases from those of
the layer before, for every row at once. Patterns are anchored and match ASCII digits only, because
a database's own casts also take ``1_000``, ``infinity`` and dates of the year 290000.

Nothing of a file reaches the text of a query: columns are ``c0, c1, ...``, and only values that
have been found in a fixed list (currency codes and symbols) are written into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Layers = tuple[tuple[tuple[str, str], ...], ...]
"""For each layer the (alias, expression) pairs it adds."""

SPACE: Final = " \t\r\n\x0b\x0c\u00a0\u202f\u2009"
_EMAIL: Final = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_SCIENTIFIC_ID: Final = r"\d+(?:[.,]\d+)?[eE]\+\d+"
_TOTAL: Final = r"(?:grand[ -]?|sub[ -]?)?totals?:?(?: \(.*\))?"

YES: Final = ("true", "t", "yes", "y", "1")
_NO: Final = ("false", "f", "no", "n", "0")


@dataclass(frozen=True)
class Typed:
    """The SQL of one cell.

    Parameters
    ----------
    layers
        Aliases it needs, layer by layer.
    values
        Stored column and the expression that fills it.
    problem
        Expression for the reason code, NULL when there is none.
    """

    layers: Layers
    values: tuple[tuple[str, str], ...]
    problem: str


def literal(text: str) -> str:
    """Return a text as an SQL literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Sequence[str]) -> str:
    """Return texts as an SQL list for IN, never empty."""
    return "(" + ", ".join(map(literal, texts or ("",))) + ")"


def trimmed(expression: str) -> str:
    """Return the expression without blanks around it, NULL when nothing is left."""
    return f"nullif(trim({expression}, {literal(SPACE)}), '')"


def says_one_of(expression: str, texts: Sequence[str]) -> str:
    """Return whether a text is one of some, compared without case; a blank is none."""
    return f"coalesce(lower({trimmed(expression)}) IN {listed(texts)}, false)"


def masked_email(expression: str) -> str:
    """Return the text, or a keyed hash of it when it is an e-mail address.

    The key is the bound parameter ``$email_key``.
    """
    is_address = f"CASE WHEN contains({expression}, '@') THEN {_matches(expression, _EMAIL)} END"
    return f"CASE WHEN {is_address} THEN {_hashed(expression)} ELSE {expression} END"


def _matches(expression: str, pattern: str) -> str:
    return f"regexp_full_match({expression}, {literal(pattern)})"


def _hashed(expression: str) -> str:
    return f"'email-' || left(sha256($email_key || ':' || lower({expression})), 24)"


def text_cell(number: int, name: str, *, required: bool) -> Typed:
    """Return a text as given."""
    problem = f"CASE WHEN x{number} IS NULL THEN 'missing_value' END" if required else "NULL"
    return Typed((), ((name, f"x{number}"),), problem)


def email_cell(number: int, name: str) -> Typed:
    """Return the keyed hash of an e-mail address; a hash made before stays as it is."""
    x = f"x{number}"
    value = f"CASE WHEN contains({x}, '@') THEN {_hashed(x)} ELSE {x} END"
    return Typed((), ((name, value),), "NULL")


def id_cell(number: int, name: str, *, required: bool, salesforce: bool) -> Typed:
    """Return an id: text, with case and leading zeros; e-mail addresses only as keyed hash."""
    x = f"x{number}"
    value = _completed_salesforce_id(x) if salesforce else masked_email(x)
    # The cheap tests come first: patterns are only tried on the few texts that could match.
    scientific = f"WHEN contains({x}, '+') THEN CASE WHEN {_matches(x, _SCIENTIFIC_ID)}"
    total = f"WHEN contains(lower({x}), 'total') THEN CASE WHEN {_matches(x, '(?i)' + _TOTAL)}"
    problem = (
        "CASE"
        + (f" WHEN {x} IS NULL THEN 'missing_id'" if required else "")
        + f" {scientific} THEN 'id_scientific' END"
        + (f" {total} THEN 'total_row' END" if required else "")
        + " END"
    )
    return Typed((), ((name, value),), problem)


def _completed_salesforce_id(expression: str) -> str:
    """Return the 18-character form of an id: three characters that tell upper from lower case."""
    suffix = " || ".join(_case_character(expression, group) for group in range(3))
    looks = f"regexp_full_match({expression}, '[A-Za-z0-9]{{15}}')"
    return f"CASE WHEN {looks} THEN {expression} || {suffix} ELSE {expression} END"


def _case_character(expression: str, group: int) -> str:
    bits = " + ".join(
        f"CASE WHEN {expression}[{5 * group + bit + 1}] BETWEEN 'A' AND 'Z' "
        f"THEN {1 << bit} ELSE 0 END"
        for bit in range(5)
    )
    return f"'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[{bits} + 1]"


def boolean_cell(number: int, name: str) -> Typed:
    """Return yes, no or blank."""
    low = f"lower(x{number})"
    value = f"CASE WHEN {low} IN {listed(YES)} THEN true WHEN {low} IN {listed(_NO)} THEN false END"
    both = listed((*YES, *_NO))
    return Typed((), ((name, value),), f"CASE WHEN {low} NOT IN {both} THEN 'bad_bool' END")


def integer_cell(number: int, name: str) -> Typed:
    """Return a whole number; anything else becomes blank and is counted as a warning."""
    plain = f"regexp_replace(x{number}, '[, ]|[.]0+$', '', 'g')"
    value = f"CASE WHEN regexp_full_match({plain}, '-?[0-9]+') THEN try_cast({plain} AS BIGINT) END"
    return Typed((), ((name, value),), "NULL")


def probability_cell(number: int, name: str) -> Typed:
    """Return a probability from 0 to 1, also when it is written in percent."""
    x = f"x{number}"
    share = f"try_cast({x} AS DOUBLE)"
    percent = f"try_cast(rtrim({x}, ' %') AS DOUBLE) / 100"
    value = f"CASE WHEN ends_with({x}, '%') THEN {percent} ELSE {share} END"
    return Typed((), ((name, f"CASE WHEN {value} BETWEEN 0 AND 1 THEN {value} END"),), "NULL")


def rate_cell(number: int, name: str, *, required: bool) -> Typed:
    """Return a rate above 0, with a point or a comma before its decimals."""
    x, plain = f"x{number}", f"rate{number}"
    layer = (
        (
            plain,
            f"CASE WHEN regexp_full_match({x}, '[0-9]{{1,12}}([.,][0-9]{{1,12}})?') THEN"
            f" nullif(try_cast(replace({x}, ',', '.') AS DOUBLE), 0) END",
        ),
    )
    missing = f"WHEN {x} IS NULL THEN 'missing_value'" if required else ""
    problem = f"CASE {missing} WHEN {x} IS NOT NULL AND {plain} IS NULL THEN 'bad_rate' END"
    return Typed((layer,), ((name, plain),), problem)
