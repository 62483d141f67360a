"""What rules say of a forecast, of a deal and of changes since the last import."""

from typing import Final

from core.analyst.facts import Claim
from core.analyst.writers.rules.phrases import Paragraph, Phrase

FORECAST: Final[Paragraph] = (
    (
        Phrase("{period} is set to bring {expected_change}, with {band}."),
        Phrase("{period} is set to bring {expected}, with {band}."),
    ),
    (
        Phrase("It is made of {booked}, {from_pipeline} and {new_business}."),
        Phrase("It is made of {booked} and {from_pipeline}."),
    ),
    (
        Phrase("Against {target}, that is {chance}."),
        Phrase("It is held against {target}."),
    ),
    (
        Phrase("On record so far: {error}, {comparison}."),
        Phrase("On record so far: {error}."),
    ),
    (Phrase("Replayed on the past, the interval kept {held}."),),
)

DEAL: Final[Paragraph] = (
    (
        Phrase("{deal} of {account}, with {amount}, has {chance}: {band}."),
        Phrase("{deal}, with {amount}, has {chance}: {band}."),
        Phrase("{deal} has {chance}: {band}."),
        Phrase("{deal} has {chance}."),
        Phrase("{deal}, with {amount}, is open."),
        Phrase("{deal} is open."),
    ),
    (
        Phrase("It has {p_win}, {p_lose} and {p_slip}, against {base_rate} of such deals."),
        Phrase("It has {p_win}, {p_lose} and {p_slip}."),
    ),
    (
        Phrase("Signs to watch: {signal_1}, {signal_2} and {signal_3}."),
        Phrase("Signs to watch: {signal_1} and {signal_2}."),
        Phrase("Sign to watch: {signal_1}."),
    ),
    (
        Phrase("In its favour speaks {raises_1}, against it {lowers_1}."),
        Phrase("In its favour speaks {raises_1}."),
        Phrase("Against it speaks {lowers_1}."),
    ),
    (Phrase("Its path so far: {path}."),),
    (Phrase("{owner} has {record}."),),
    (Phrase("Next action: {action}.", (("action", Claim.ADVICE),)),),
)

CHANGES: Final[Paragraph] = (
    (
        Phrase("Against {since}, it is now {pipeline_change}."),
        Phrase("There is now {pipeline}."),
    ),
    (Phrase("New in it: {created}."),),
    (
        Phrase("Out of it went {won}, {lost} and {pushed}."),
        Phrase("Out of it went {won} and {lost}."),
        Phrase("Out of it went {won}."),
        Phrase("Out of it went {lost}."),
    ),
    (Phrase("Moved into the period: {pulled_in}."),),
    (
        Phrase("Changed amounts brought {increased} and {decreased}."),
        Phrase("Changed amounts brought {increased}."),
        Phrase("Changed amounts brought {decreased}."),
    ),
)
