"""What becomes of each opportunity, in the world as it is and in the worlds without a channel."""

from dataclasses import dataclass

import numpy as np

from core.crm.demo.chance import Flags, Floats, Ints
from core.crm.demo.channels import CHANNELS
from core.crm.demo.hazard import all_channels, chunks, without
from core.crm.demo.opportunities import Market, Opportunities
from core.crm.demo.touches import Touches

_CLEAN_UP_SHARE = 0.25


@dataclass(frozen=True)
class Decisions:
    """Fate of each opportunity.

    Parameters
    ----------
    decided
        When it is won or lost; may lie after the window, where nobody sees it yet.
    won
        Whether it is won then.
    won_without
        Whether it is won within the window in the world without each channel (columns, in the
        order of `CHANNELS`).
    won_untouched
        Whether it is won within the window in the world without any touch.
    """

    decided: Floats
    won: Flags
    won_without: Flags
    won_untouched: Flags

    def at(self, chosen: Ints | Flags | slice) -> "Decisions":
        """Return those of the chosen opportunities."""
        return Decisions(
            self.decided[chosen],
            self.won[chosen],
            self.won_without[chosen],
            self.won_untouched[chosen],
        )

    def joined(self, other: "Decisions") -> "Decisions":
        """Return these and others."""
        return Decisions(
            np.concatenate([self.decided, other.decided]),
            np.concatenate([self.won, other.won]),
            np.concatenate([self.won_without, other.won_without]),
            np.concatenate([self.won_untouched, other.won_untouched]),
        )


def decide(market: Market, opportunities: Opportunities, touches: Touches) -> Decisions:
    """Play the world as it is and, with the same draws, every world that lacks something."""
    worlds = [all_channels(), *(without(i) for i in range(len(CHANNELS))), ~all_channels()]
    days = np.empty((len(worlds), len(opportunities)))
    for chunk in chunks(market, opportunities, touches):
        for number, present in enumerate(worlds):
            days[number, chunk.where] = chunk.won_after_days(market.world, present)
    in_time = days < opportunities.patience_days
    won_at = opportunities.created + days
    seen = in_time & (won_at < market.window.horizon)
    lost_at = _cleaned_up(market, opportunities)
    return Decisions(
        decided=np.where(in_time[0], won_at[0], lost_at),
        won=in_time[0],
        won_without=seen[1:-1].T,
        won_untouched=seen[-1],
    )


def _cleaned_up(market: Market, opportunities: Opportunities) -> Floats:
    """Close some lost deals only when the quarter is closed."""
    window, key = market.window, opportunities.key
    lost = opportunities.created + opportunities.patience_days
    late = market.chance.uniform("clean up", key) < _CLEAN_UP_SHARE
    quarter_end = window.quarter_end(window.real_days(lost))
    cleaned = window.moments(quarter_end + market.chance.uniform("clean up/hour", key))
    recorded: Floats = np.where(late, np.maximum(cleaned, lost), lost)
    return recorded
