"""Whole journeys: stored positions and milestones, without a pass along the touches.

`core.derived` numbers the touches of each deal once an import. Where a question lets every touch of
every deal count, which the default settings mostly do, those numbers hold as they are.
"""

from collections.abc import Sequence

import narwhals as nw

from core.attribution.closed_won import ANCHOR_FROM, ANCHOR_UNTIL
from core.attribution.journeys import (
    DEAL,
    POSITION,
    SECONDS_A_DAY,
    SEQUENCE,
    TOUCHES,
    columns_of,
    furthest_of_deals,
    known_running,
    known_totals,
)
from core.attribution.reductions import BEFORE, FIRST, FOLLOWING
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
    "first_sequence",
    "first_channels_met",
)


def whole_journeys(engine: Engine, deals: Frame, rules: Sequence[Split]) -> Frame:
    """Return the touches of won deals `are_whole` is true of, with their numbers.

    What rules say of whole deals is worked out a deal, not a touch. Deals and positions are
    counted in 32 bits: a pass along the journeys sorts by both, and by short ones quicker.

    Returns
    -------
    Frame
        ``deal_key, sequence, channel, campaign, occurred_at_epoch, revenue_minor``, the anchor,
        ``next_channel, next_campaign, position, touches``, whether a touch is the first of its
        channel, and the sums that rules would otherwise
        have to run along the journeys for.
    """
    touches = engine.table("deal_touches")
    dated = deals.filter(~nw.col(ANCHOR_FROM).is_null()).select(*_OF_DEAL, **_of_journey())
    furthest = {name: column for rule in rules for name, column in rule.furthest().items()}
    if furthest:
        dated = dated.join(furthest_of_deals(touches, furthest), on=DEAL, how="left")
    facts = facts_of_deals(dated, rules)
    known = dated.with_columns(**facts) if facts else dated
    kept = [name for name in columns_of(known) if name not in _OF_DEAL]
    return touches.join(known, on=DEAL).select(
        nw.col(DEAL).cast(nw.Int32), *_READ, *kept, **_of_touch()
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


def _of_touch() -> dict[str, nw.Expr]:
    """Return where in its journey a touch lies."""
    met = nw.col("channels_met") - nw.col("first_channels_met") + 1
    position = nw.col(SEQUENCE) - nw.col("first_sequence") + 1
    return {
        POSITION: position.cast(nw.Int32),
        **known_running(**{FIRST_OF_CHANNEL: met.cast(nw.Float64)}),
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
