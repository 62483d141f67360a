"""What rules say of attribution, of channels' performance and of one channel."""

from typing import Final

from core.analyst.facts import Claim
from core.analyst.writers.rules.phrases import Paragraph, Phrase

_SPENDERS: Final[Paragraph] = tuple(
    (
        Phrase(
            f"{{spender_{number}}}, with {{spender_{number}_spend}}, {{spender_{number}_verdict}}."
        ),
    )
    for number in (1, 2, 3)
)

ATTRIBUTION: Final[Paragraph] = (
    (
        Phrase(
            "By {model}, {leader} earned {leader_revenue}, {leader_share}, and comes first by "
            "{votes}.",
            (("votes", Claim.AGREED),),
        ),
        Phrase(
            "By {model}, {leader} earned {leader_revenue}, {leader_share}; it comes first by "
            "{votes}, so the choice of model matters."
        ),
        Phrase("By {model}, {leader} earned {leader_revenue}, {leader_share}."),
    ),
    (
        Phrase(
            "Next come {channel_2} with {channel_2_share} and {channel_3} with {channel_3_share}."
        ),
        Phrase("Next comes {channel_2} with {channel_2_share}."),
    ),
    (
        Phrase(
            "{disputed} depends on the choice of model: {disputed_range}.",
            (("disputed", Claim.DEPENDS),),
        ),
        Phrase("{won_deals} with {closed_won} are shared out the same way by {models}."),
        Phrase("{won_deals} brought {closed_won}."),
    ),
    (Phrase("Recorded touches leave {unattributed}."),),
    *_SPENDERS,
)

PERFORMANCE: Final[Paragraph] = tuple(
    (
        Phrase(
            f"{{spender_{number}}}, with {{spender_{number}_spend}} and "
            f"{{spender_{number}_roi}} by {{model}}, {{spender_{number}_verdict}}."
        )
        if number == 1
        else Phrase(
            f"{{spender_{number}}}, with {{spender_{number}_spend}} and "
            f"{{spender_{number}_roi}}, {{spender_{number}_verdict}}."
        ),
        Phrase(
            f"{{spender_{number}}}, with {{spender_{number}_spend}}, {{spender_{number}_verdict}}."
        ),
    )
    for number in (1, 2, 3, 4, 5)
)

CHANNEL: Final[Paragraph] = (
    (Phrase("By {model}, {channel} earned {revenue} over {period}: {revenue_share}, {rank}."),),
    (Phrase("Side by side, the models give {channel} {range}."),),
    (
        Phrase(
            "{channel}, with {channel_spend}, {channel_roi} and {channel_cac}, {channel_verdict}."
        ),
        Phrase("{channel}, with {channel_spend}, {channel_verdict}."),
        Phrase("On {channel} the rule says: {channel_verdict}."),
    ),
    (
        Phrase("{channel} touched {touched_won}, with {win_rate}."),
        Phrase("{channel} touched {touched_won}."),
    ),
)
