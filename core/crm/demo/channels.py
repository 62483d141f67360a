"""The channels of the simulated company: what they cost, whom they reach and what they do.

The effects are the answer that attribution has to find; they are written down here and nowhere
in the workspace's tables.
"""

from dataclasses import dataclass
from typing import Final

from core.errors import UnknownNameError


@dataclass(frozen=True)
class Channel:
    """One marketing, sales or partner channel.

    Parameters
    ----------
    name
        Name in every table.
    rate
        Touches an average opportunity gets from its first interest to its decision.
    effect
        What a fresh touch adds to the readiness to buy; 0 for a channel that only harvests.
    half_life_days
        Days after which half of the effect is gone.
    intent_response
        How much more a channel reaches those who want to buy anyway, where exposure is not
        random: touches grow with exp(response x intent).
    lateness
        1 spreads touches evenly over the journey, less puts them early, more puts them late.
    kinds
        What happens in a touch.
    spend_share
        Share of the marketing budget.
    known_contact
        Share of touches with a known person; the others name the company only.
    names_deal
        Share of touches after the deal's creation that name the deal itself.
    quiet_months
        Months of the year (1 to 12) in which the channel hardly runs.
    """

    name: str
    rate: float
    effect: float
    half_life_days: float
    intent_response: float
    lateness: float
    kinds: tuple[str, ...]
    spend_share: float
    known_contact: float = 0.95
    names_deal: float = 0.0
    quiet_months: tuple[int, ...] = ()

    @property
    def harvests(self) -> bool:
        """Whether the channel has no effect of its own."""
        return self.effect == 0.0


CHANNELS: Final = (
    Channel("Paid search", 1.5, 0.45, 14, 0.7, 0.9, ("ad click", "form"), 0.27),
    Channel("Organic search", 2.2, 0.36, 21, 0.5, 0.7, ("page view", "form"), 0.06, 0.8),
    Channel(
        "Outbound",
        2.6,
        0.85,
        18,
        0.1,
        0.8,
        ("e-mail sent", "call", "meeting"),
        0.08,
        known_contact=1.0,
        names_deal=0.5,
        quiet_months=(8, 12),
    ),
    Channel(
        "Events",
        0.7,
        1.9,
        45,
        0.2,
        0.7,
        ("booth visit", "session", "dinner"),
        0.22,
        quiet_months=(1, 7, 8, 12),
    ),
    Channel(
        "Partner",
        0.5,
        1.7,
        55,
        0.15,
        0.8,
        ("introduction", "joint call"),
        0.07,
        known_contact=1.0,
        names_deal=0.6,
    ),
    Channel(
        "Paid social",
        1.5,
        0.08,
        10,
        0.2,
        0.5,
        ("ad click", "lead form"),
        0.14,
        known_contact=0.75,
        quiet_months=(8, 12),
    ),
    Channel("Email", 2.8, 0.14, 8, 0.4, 1.0, ("click", "reply"), 0.03),
    Channel(
        "Webinar",
        0.8,
        1.3,
        30,
        0.4,
        0.9,
        ("registration", "attended"),
        0.05,
        quiet_months=(7, 8, 12),
    ),
    Channel(
        "Referral",
        0.3,
        1.8,
        60,
        0.3,
        0.7,
        ("introduction",),
        0.02,
        known_contact=1.0,
        names_deal=0.3,
    ),
    Channel("Review sites", 0.5, 0.0, 14, 0.9, 1.6, ("profile view",), 0.04, 0.3),
    Channel("Organic social", 0.7, 0.1, 10, 0.1, 0.6, ("engagement",), 0.02, 0.85),
    Channel("Direct", 1.3, 0.0, 14, 0.8, 1.6, ("page view", "demo request"), 0.0, 0.7),
)
"""The twelve channels, in the order of every table of the truth."""

NAMES: Final = tuple(channel.name for channel in CHANNELS)


def position(name: str) -> int:
    """Return the place of a channel in `CHANNELS`.

    Raises
    ------
    UnknownNameError
        If there is no such channel.
    """
    if name not in NAMES:
        raise UnknownNameError.among("channel", name, NAMES)
    return NAMES.index(name)
