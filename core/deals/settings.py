"""Thresholds of risk signals and bands: each with its unit, and a place on the page."""

from dataclasses import dataclass, field

from core.errors import InvalidParameterError


@dataclass(frozen=True)
class SignalSettings:
    """When a deal is said to be at risk.

    Parameters
    ----------
    stalled_share
        A deal is stalled when it has been longer in its stage than this share of won deals were.
    pushes
        Moves of the expected close to a later month.
    fewest_people
        Persons met below which a deal hangs by a single thread.
    amount_drop
        Share of its highest amount that a deal has lost.
    low_intent_share
        Share of the touches of the last 90 days that came by low-intent channels.
    low_intent_touches
        Touches in those days below which their mix says nothing.
    quiet_days
        Days without a touch.
    owner_level
        Level of the interval of an owner's win rate that must lie below everybody's.
    owner_deals
        Closed deals of an owner below which the record says nothing.
    low_intent_channels, high_intent_channels
        Words that a channel's name contains, in lower case.
    seller_actions
        Words that the kind of a touch contains which a seller can start.
    """

    stalled_share: float = 0.8
    pushes: int = 2
    fewest_people: int = 2
    amount_drop: float = 0.1
    low_intent_share: float = 0.6
    low_intent_touches: int = 3
    quiet_days: int = 21
    owner_level: float = 0.8
    owner_deals: int = 10
    low_intent_channels: tuple[str, ...] = ("social", "email", "display", "newsletter", "content")
    high_intent_channels: tuple[str, ...] = (
        "search", "direct", "referral", "partner", "review", "website", "demo",
    )  # fmt: skip

    seller_actions: tuple[str, ...] = (
        "call", "meeting", "mail sent", "dinner", "lunch", "introduction", "session", "workshop",
        "visit", "presentation", "proposal", "attended",
    )  # fmt: skip

    def __post_init__(self) -> None:
        shares = (
            self.stalled_share, self.amount_drop, self.low_intent_share, self.owner_level,
        )  # fmt: skip
        if not all(0 < share < 1 for share in shares):
            raise InvalidParameterError(
                "Shares among the risk thresholds must lie between 0 and 1.", "Try 0.8."
            )
        if min(self.pushes, self.fewest_people, self.quiet_days) < 1:
            raise InvalidParameterError(
                "Pushes, people and quiet days among the risk thresholds start at 1.", "Try 2."
            )


@dataclass(frozen=True)
class ScoreSettings:
    """How open deals are scored and sorted.

    Parameters
    ----------
    low_risk, medium_risk
        Least chance to be won in the end for a low and for a medium risk; below it is high.
    change_days
        Days back that a chance is compared with.
    signals
        Thresholds of the risk signals.
    """

    low_risk: float = 0.5
    medium_risk: float = 0.2
    change_days: int = 30
    signals: SignalSettings = field(default_factory=SignalSettings)

    def __post_init__(self) -> None:
        if not 0 < self.medium_risk < self.low_risk < 1:
            raise InvalidParameterError(
                "The limits of the risk bands must rise from medium to low, between 0 and 1.",
                "Try 0.2 and 0.5.",
            )
        if self.change_days < 1:
            raise InvalidParameterError(
                "A change needs at least a day.", "Compare with 30 days ago."
            )
