"""What rules say of a period."""

from typing import Final

from core.analyst.facts import Claim
from core.analyst.writers.rules.phrases import Paragraph, Phrase

OVERVIEW: Final[Paragraph] = (
    (
        Phrase(
            "Against {before}, {closed_won_change} came from {won_deals_change} with "
            "{average_deal_change}."
        ),
        Phrase("{closed_won} came from {won_deals} over {period}, with {average_deal}."),
        Phrase("{won_deals} closed over {period}."),
    ),
    (
        Phrase("What moved revenue most is {driver}.", (("closed_won", Claim.UP),)),
        Phrase("What moved revenue most is {driver}.", (("closed_won", Claim.DOWN),)),
    ),
    (
        Phrase("Compared with {before}, the team had {win_rate_change} and {sales_cycle_change}."),
        Phrase("Under these figures lie {win_rate} and {sales_cycle}."),
        Phrase("Under these figures lies {win_rate}."),
    ),
    (Phrase("By {model}, {leader} earned the most: {leader_share}."),),
    (Phrase("Recorded touches leave {unattributed}."),),
    (Phrase("Still in play: {open_pipeline}."),),
)
