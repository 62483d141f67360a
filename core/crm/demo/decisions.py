"""What becomes of each opportunity, in the world as it is and in worlds that lack something."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.crm.demo.chance import Flags, Floats
from core.crm.demo.hazard import all_channels, chunks
from core.crm.demo.opportunities import Market, Opportunities
from core.crm.demo.positions import Positions
from core.crm.demo.touches import Touches

_CLEAN_UP_SHARE: Final = 0.25


@dataclass(frozen=True)
class Decisions(Positions):
    """Fate of each opportunity.

    Parameters
    ----------
    decided
        When it is won or lost; may lie after the window, where nobody sees it yet.
    won
        Whether it is won then.
    """

    decided: Floats
    won: Flags


def decide(market: Market, opportunities: Opportunities, touches: Touches) -> Decisions:
    """Play the world as it is."""
    days = _days_to_win(market, opportunities, touches, [all_channels()])[0]
    won = days < opportunities.patience_days
    lost_at = _cleaned_up(market, opportunities)
    return Decisions(np.where(won, opportunities.created + days, lost_at), won)


def won_in_worlds(
    market: Market, opportunities: Opportunities, touches: Touches, worlds: Sequence[Flags]
) -> Flags:
    """Play other worlds with the same draws.

    Parameters
    ----------
    market, opportunities, touches
        What happens in the world as it is, `possible_touches` included that come after the win.
    worlds
        For each world, which channels are present.

    Returns
    -------
    numpy.ndarray
        Whether each opportunity (columns) is won within the window in each world (rows).
    """
    days = _days_to_win(market, opportunities, touches, worlds)
    in_time = days < opportunities.patience_days
    won: Flags = in_time & (opportunities.created + days < market.window.horizon)
    return won


def _days_to_win(
    market: Market, opportunities: Opportunities, touches: Touches, worlds: Sequence[Flags]
) -> Floats:
    days = np.empty((len(worlds), len(opportunities)))
    for chunk in chunks(market, opportunities, touches):
        for number, present in enumerate(worlds):
            days[number, chunk.where] = chunk.won_after_days(market.world, present)
    return days


def _cleaned_up(market: Market, opportunities: Opportunities) -> Floats:
    """Close some lost deals only when the quarter is closed."""
    window, key = market.window, opportunities.key
    lost = opportunities.created + opportunities.patience_days
    late = market.chance.uniform("clean up", key) < _CLEAN_UP_SHARE
    quarter_end = window.quarter_end(window.real_days(lost))
    cleaned = window.moments(quarter_end + market.chance.uniform("clean up/hour", key))
    recorded: Floats = np.where(late, np.maximum(cleaned, lost), lost)
    return recorded
