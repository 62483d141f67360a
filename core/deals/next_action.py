"""What to do next: what similar deals that were won did then, and similar lost ones did not.

Only what a seller can do is recommended: a customer's click is a sign, not an action.

When not to use it: as proof of an effect. Sellers act more on deals that go well; the action is
what went with winning, beside what went with losing.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.deals.similar import Neighbours
from core.deals.source import NOBODY, DealData, Touches, moment_keys
from core.deals.validation import Sample
from core.forecasting.histories import DAY
from core.forecasting.landmarks import Integers

WITHIN_DAYS: Final = 21
"""Days after the comparable moment in which an action counts as next."""

_FEWEST_WON: Final = 5
_SURE: Final = 1.64
_ONE_MORE_PERSON: Final = "another person"

_REMEDIES: Final = {
    "past_close_date": "Agree on a new close date with the customer.",
    "no_next_step": "Agree on a next step and write it down.",
    "single_threaded": "Bring a second person of the company into the deal.",
    "inactive": "Get in touch: nothing has happened for a while.",
    "stalled": "Find out what keeps it in its stage.",
    "pushed": "Ask what would have to happen for the close date to hold.",
    "amount_dropped": "Find out why the deal has become smaller.",
    "low_intent": "Ask for a conversation: so far the interest is light.",
    "owner_below_average": "Let the owner go through the deal with a colleague.",
}
"""What is said where similar deals do not say it, by risk signal, the most urgent first."""


@dataclass(frozen=True)
class NextAction:
    """A recommendation with what it rests on.

    Parameters
    ----------
    channel, kind
        The touch to have; blank where the action is none.
    is_person
        Whether the action is to meet another person.
    signal
        Code of the risk signal it answers; blank where it rests on similar deals.
    remedy
        What to do about the signal, as a sentence.
    won, of_won, lost, of_lost
        Similar won deals that had it within the days, of how many; lost ones alike.
    within_days
        Those days.
    """

    channel: str = ""
    kind: str = ""
    is_person: bool = False
    signal: str = ""
    remedy: str = ""
    won: int = 0
    of_won: int = 0
    lost: int = 0
    of_lost: int = 0
    within_days: int = WITHIN_DAYS

    @property
    def in_words(self) -> str:
        """The action as a phrase."""
        if self.remedy:
            return self.remedy
        if self.is_person:
            return "Meet another person of the company."
        what = f"{self.kind} ({self.channel})" if self.kind else self.channel
        return f"{what[:1].upper()}{what[1:]}."


def seller_channels(touches: Touches, actions: tuple[str, ...]) -> frozenset[str]:
    """Return the channels that have touches a seller can start."""
    pairs = np.unique(np.stack([touches.channel, touches.kind], axis=1), axis=0)
    return frozenset(
        touches.channels[channel]
        for channel, kind in pairs.tolist()
        if _is_one(touches.kinds[kind], actions)
    )


@dataclass(frozen=True)
class Past:
    """The past deals an action is taken from.

    Parameters
    ----------
    taught
        The snapshots the neighbours are rows of.
    near
        Past deals like the open one.
    """

    taught: Sample
    near: Neighbours


def next_action(
    data: DealData, past: Past, signals: tuple[str, ...], actions: tuple[str, ...]
) -> NextAction | None:
    """Return the action that sets similar won deals apart most, or an answer to a risk.

    Parameters
    ----------
    data
        The company's touches.
    past
        Past deals like the open one.
    signals
        Codes of its risk signals.
    actions
        Words that name what a seller can do.

    Returns
    -------
    NextAction or None
        None when nothing stands out and nothing is at risk.
    """
    found = _from_similar(data, past, actions)
    if found is not None:
        return found
    for signal, remedy in _REMEDIES.items():
        if signal in signals:
            return NextAction(signal=signal, remedy=remedy)
    return None


def _from_similar(data: DealData, past: Past, actions: tuple[str, ...]) -> NextAction | None:
    won = _counted(data, past.taught, past.near.won)
    lost = _counted(data, past.taught, past.near.lost)
    of_won, of_lost = len(past.near.won), len(past.near.lost)
    best, surest = None, _SURE
    for (channel, kind), count in sorted(won.items()):
        is_person = kind == _ONE_MORE_PERSON
        other = lost.get((channel, kind), 0)
        surety = _apart(count, of_won, other, of_lost)
        if count < _FEWEST_WON or surety <= surest or not (is_person or _is_one(kind, actions)):
            continue
        told = ("", "") if is_person else (channel, kind)
        best = NextAction(
            *told, is_person=is_person, won=count, of_won=of_won, lost=other, of_lost=of_lost
        )
        surest = surety
    return best


def _is_one(kind: str, actions: tuple[str, ...]) -> bool:
    return any(word in kind.lower() for word in actions)


def _apart(won: int, of_won: int, lost: int, of_lost: int) -> float:
    """Return by how many standard errors two shares differ."""
    if not of_won or not of_lost:
        return 0.0
    pooled = (won + lost) / (of_won + of_lost)
    spread = (pooled * (1 - pooled) * (1 / of_won + 1 / of_lost)) ** 0.5
    return (won / of_won - lost / of_lost) / spread if spread > 0 else 0.0


def _counted(data: DealData, taught: Sample, rows: Integers) -> Counter[tuple[str, str]]:
    """Count the deals in which each kind of touch came next, or a person met for the first time."""
    touches, counts = data.touches, Counter[tuple[str, str]]()
    keys = touches.keys
    for deal, at in zip(taught.deal[rows], taught.at[rows], strict=True):
        begins, until, ends = np.searchsorted(
            keys, moment_keys(np.full(3, deal), np.array([0, at, at + WITHIN_DAYS * DAY]))
        )
        had = {
            (touches.channels[channel], touches.kinds[kind])
            for channel, kind in zip(
                touches.channel[until:ends], touches.kind[until:ends], strict=True
            )
        }
        known = set(touches.contact[begins:until].tolist()) | {NOBODY}
        if set(touches.contact[until:ends].tolist()) - known:
            had.add(("", _ONE_MORE_PERSON))
        counts.update(had)
    return counts
