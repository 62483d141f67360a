"""What can be wrong with a sentence, in words a writer can act on."""

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """Why a sentence is not kept."""

    EMPTY = "it says nothing"
    LENGTH = "it is too long for one sentence"
    CHARACTER = "it has characters other than plain letters and punctuation"
    DIGIT = "it has a digit outside a slot"
    CURRENCY = "it has a currency outside a slot"
    PERCENT = "it has a percentage outside a slot"
    LINK = "it has a link or an address"
    MARKUP = "it has markup or brackets that are no slot"
    NO_SLOT = "it states no fact"
    UNKNOWN_SLOT = "it has a slot that stands for nothing"
    GLUED_SLOT = "a slot touches other letters or signs"
    NUMBER_WORD = "it has a number or a quantity in words"
    DATE_WORD = "it has a date, a month or a weekday in words"
    NEGATION = "it denies something, which no fact can bear out"
    NAME = "it has a name outside a slot"
    CAPITAL = "it has a capital letter within, as a name has"
    UNKNOWN_WORD = "it has a word that is not plain business English"
    ALTERED = "words before or after a slot change its value"
    SPAN = "it speaks of a length of time no fact is about"
    TOPIC = "it calls a figure something it is not"
    CLAIM = "it claims what no cited fact bears out"
    COMPARISON = "it compares figures the wrong way round"
    SUBJECT = "it puts a figure to the wrong name"


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a sentence, and the words it is about."""

    problem: Problem
    words: str = ""

    def __str__(self) -> str:
        return f"{self.problem}: {self.words}" if self.words else self.problem.value
