"""Whole journeys: stored positions and milestones, without a pass along the touches.

`core.derived` numbers the touches of each deal once an import. Where a question lets every touch of
every deal count, which the default settings mostly do, those numbers hold as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from core.attribution.closed_won import ANCHOR_FROM, ANCHOR_UNTIL
from core.attribution.journeys import (
    BEFORE,
    DEAL,
    FIRST,
    FOLLOWING,
    POSITION,
    SECONDS_A_DAY,
    SEQUENCE,
    TOUCHES,
    columns_of,
    furthest_of_deals,
    is_all_known,
    known_ends,
    known_running,
    known_totals,
)
from core.attribution.results import Anchor, JourneySettings
from core.attribution.rules.base import Split
from core.attribution.rules.even import FIRST_OF_CHANNEL
from core.attribution.rules.milestones import UNTIL_CREATION, UNTIL_LEAD
from core.attribution.rules.running import facts_of_deals
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect

_OF_DEAL = (
    DEAL,
    REVENUE,
    ANCHOR_UNTIL,
    "last_occurred_at_epoch",
)


@dataclass(frozen=True)
class WholeJourneys:
    """The touches of won deals `are_whole` is true of, with their numbers.

    Deals are counted in 32 bits: a pass along the journeys sorts by them, by short ones quicker.
    """

    engine: Engine
    deals: Frame

    def __call__(self, models: Sequence[Split]) -> Frame:
        """Return the touches as some models read them.

        Returns
        -------
        Frame
            ``deal_key, sequence, channel, campaign, occurred_at_epoch, revenue_minor``, the anchor,
            ``next_channel, next_campaign, position, touches``, whether a touch is the first of its
            channel, and the sums that models would otherwise have to run along the journeys for.
        """
        return self._joined(self._touches, self._told(models))

    def inner(self, models: Sequence[Split]) -> Frame:
        """Return all touches but the last of each deal, likewise.

        Sums that models do run along the journeys for are completed with the last touch.
        """
        deals = self._told(models)
        weights = {name: column for model in models for name, column in model.weights().items()}
        unknown = {name: weights[name] for name in weights if not is_all_known(deals, [name])}
        if unknown:
            at_end = deals.with_columns(occurred_at_epoch=nw.col("last_occurred_at_epoch"))
            deals = at_end.with_columns(**known_ends(**unknown)).drop("occurred_at_epoch")
        return self._joined(self._touches.filter(~nw.col(FOLLOWING).is_null()), deals)

    def ends(self, level: str) -> Frame:
        """Return each deal with a touch: ``<level>`` of its last one and ``revenue_minor``."""
        ended = self._dated().filter(~nw.col("journey_touches").is_null())
        return ended.select(REVENUE, nw.col(f"last_{level}").alias(level))

    @property
    def _touches(self) -> Frame:
        return self.engine.table("deal_touches")

    def _dated(self) -> Frame:
        return self.deals.filter(~nw.col(ANCHOR_FROM).is_null())

    def _told(self, models: Sequence[Split]) -> Frame:
        """Return the deals with what models say of each as a whole, not touch by touch."""
        dated = self._dated().select(*_OF_DEAL, **_of_journey())
        furthest = {name: column for model in models for name, column in model.furthest().items()}
        if furthest:
            found = furthest_of_deals(self._touches, furthest)
            dated = dated.join(found, on=DEAL, how="left")
        facts = facts_of_deals(dated, models)
        return dated.with_columns(**facts) if facts else dated

    def _joined(self, touches: Frame, deals: Frame) -> Frame:
        kept = [name for name in columns_of(deals) if name not in _OF_DEAL]
        met = nw.col("channels_met").cast(nw.Float64)
        return touches.join(deals, on=DEAL).select(
            nw.col(DEAL).cast(nw.Int32), *_READ, *kept, **known_running(**{FIRST_OF_CHANNEL: met})
        )


def whole_steps(engine: Engine, deals: Frame) -> Frame:
    """Return the touches of closed deals `are_whole` is true of, with the channels around them.

    Returns
    -------
    Frame
        ``deal_key, sequence, channel, outcome, revenue_minor``, whether a touch is the first of
        its channel, the channels of the three touches before it and of the next one.
    """
    dated = deals.filter(~nw.col(ANCHOR_FROM).is_null()).select(DEAL, REVENUE, "outcome")
    steps = engine.table("deal_touches").select(
        DEAL, SEQUENCE, "channel", FIRST, *BEFORE, FOLLOWING
    )
    return steps.join(dated, on=DEAL)


def are_whole(deals: Frame, settings: JourneySettings) -> bool:
    """Tell whether every touch of the deals counts."""
    if not _lets_all_count(settings):
        return False
    opens = nw.col(ANCHOR_FROM) - settings.lookback_days * SECONDS_A_DAY
    cut = deals.filter(nw.col("oldest_until_epoch") < opens)
    return not collect(cut.select(nw.len())).item()


_READ = (
    SEQUENCE,
    POSITION,
    "channel",
    "campaign",
    FIRST,
    FOLLOWING,
    "next_campaign",
    "occurred_at_epoch",
    ANCHOR_UNTIL,
    REVENUE,
)


def _of_journey() -> dict[str, nw.Expr]:
    """Return how long journeys are, and what is known of them as a whole."""
    return {
        TOUCHES: nw.col("journey_touches"),
        **known_totals(
            **{
                FIRST_OF_CHANNEL: nw.col("journey_channels").cast(nw.Float64),
                UNTIL_LEAD: nw.col("touches_until_lead").cast(nw.Float64),
                UNTIL_CREATION: nw.col("touches_until_creation").cast(nw.Float64),
            }
        ),
    }


def _lets_all_count(settings: JourneySettings) -> bool:
    """Tell whether no setting but the lookback leaves out a touch."""
    return (
        settings.anchor is Anchor.WON
        and settings.account_touches
        and not settings.excluded_channels
        and not settings.excluded_kinds
        and not settings.since_creation
    )
