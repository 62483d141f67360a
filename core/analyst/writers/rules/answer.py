"""What rules say of an answer."""

from typing import Final

from core.analyst.writers.rules.phrases import Paragraph, Phrase

ANSWER: Final[Paragraph] = (
    (
        Phrase(
            "Over {period}, {first} comes first with {first_value}, {last} last with {last_value}."
        ),
        Phrase(
            "Of {deals}, {first} comes first with {first_value}, {last} last with {last_value}."
        ),
        Phrase("Of {deals}, {only} has {only_value}."),
        Phrase("Measured on {measured}: {only_value}."),
        Phrase("The answer for {deals}: {only_value}."),
        Phrase("Over {period}, {only} has {only_value}."),
        Phrase("The answer for {period}: {only_value}."),
    ),
)
