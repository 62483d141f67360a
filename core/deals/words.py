"""What a feature's value means, in the words a person would use for it."""

from collections.abc import Callable
from math import exp, expm1, isfinite
from typing import Final

from core import formats
from core.deals.columns import CHANNELS, Features


def _days(noun: str) -> Callable[[float], str]:
    return lambda value: f"{formats.days(expm1(value))} {noun}"


def _count(noun: str, plural: str, rest: str) -> Callable[[float], str]:
    return lambda value: f"{formats.counted(round(expm1(value)), noun, plural)} {rest}".rstrip()


_TIMES: Final = 2.0
"""From here on, so many times is easier to read than so many per cent above."""


def _against_everybody(value: float) -> str:
    if abs(value) < 0.005:  # noqa: PLR2004 - a percent, the last digit shown
        return "wins as often as everybody"
    times = exp(value)
    if times >= _TIMES:
        return f"odds of a win {times:.1f} times everybody's"
    word = "above" if value > 0 else "below"
    return f"odds of a win {formats.percent(abs(times - 1), 0)} {word} everybody's"


def _against_first(value: float) -> str:
    if abs(value) < 0.005:  # noqa: PLR2004 - a percent, the last digit shown
        return "as at first"
    word = "above" if value > 0 else "below"
    return f"{formats.percent(abs(exp(value) - 1), 0)} {word} the first one"


_WORDS: Final[dict[str, Callable[[float], str]]] = {
    "days in stage": _days("in stage"),
    "days since creation": _days("since creation"),
    "days to expected close": _days("ahead"),
    "days past expected close": _days("overdue"),
    "pushes": _count("push", "pushes", ""),
    "moves back": lambda value: formats.counted(round(value), "step back", "steps back"),
    "amount against first": _against_first,
    "owner's win rate": _against_everybody,
    "deals won before": _count("deal", "deals", "won before"),
    "deals lost before": _count("deal", "deals", "lost before"),
    "employees": _count("employee", "employees", ""),
    "touches in 30 days": _count("touch", "touches", "in 30 days"),
    "touches in 90 days": _count("touch", "touches", "in 90 days"),
    "touches ever": _count("touch", "touches", "in all"),
    "days since last touch": _days("since the last touch"),
    "people met": _count("person", "people", "met"),
}

_SILENT_AT_NOUGHT: Final = frozenset({"days to expected close", "days past expected close"})


def in_words(features: Features, row: int, currency: str) -> tuple[str, ...]:
    """Return what is known of one row, a phrase a feature; blank where there is nothing to say.

    Parameters
    ----------
    features
        What is known.
    row
        Which row.
    currency
        Currency of amounts.
    """
    numbers = [
        _number(one.name, one.factor, float(one.values[row]), currency) for one in features.numbers
    ]
    names = [
        f"{one.name}: {one.levels[code]}" if (code := int(one.codes[row])) >= 0 else ""
        for one in features.names
    ]
    return (*numbers, *names)


def _number(name: str, factor: str, value: float, currency: str) -> str:
    if not isfinite(value):
        return "not known" if name == "amount" else ""
    if name == "amount":
        return formats.money_compact(round(expm1(value)), currency)
    if factor == CHANNELS:
        touches = round(expm1(value))
        return f"{name}: {touches:,}" if touches else ""
    if name in _SILENT_AT_NOUGHT and value == 0:
        return ""
    return _WORDS[name](value) if name in _WORDS else f"{factor}: {value:,.4g}"
