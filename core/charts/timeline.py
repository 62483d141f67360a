"""One account's timeline: deals as bars, stage changes as ticks on them, touches by channel."""

from datetime import date, datetime, time, timedelta
from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.credit import MARGIN, ROW_HEIGHT
from core.charts.theme import NEUTRAL, OUTCOME_COLOURS, OUTCOMES, channel_slots

_MONTHS_FROM_DAYS: Final = 300

MOST_DEALS: Final = 10
"""More deals than this are not drawn but left to the table: the latest are drawn."""


def timeline(
    deals: pl.DataFrame, touches: pl.DataFrame, stages: pl.DataFrame, as_of: date
) -> alt.LayerChart | alt.FacetChart:
    """Draw what happened with an account: its deals above, the channels that met it below.

    Parameters
    ----------
    deals
        ``deal_id, name, outcome, created_at, closed_at``.
    touches
        ``occurred_at, channel, campaign, kind``.
    stages
        ``deal_id, changed_at, stage``.
    as_of
        The day the data reach: the bar of an open deal ends there.
    """
    bars = _bars(deals, as_of)
    channels = sorted(touches["channel"].unique())
    lanes = [*bars["lane"], *channels]
    y = alt.Y(
        "lane:N",
        title=None,
        sort=lanes,
        axis=alt.Axis(labelLimit=220, ticks=False, domain=False, labelPadding=8),
        scale=alt.Scale(type="band", domain=lanes),
    )
    label = _label(bars, touches)
    drawn = alt.layer(
        _deal_bars(bars, y, label),
        _outcomes(bars, y, label),
        _stage_ticks(stages, bars, y, label),
        _touch_points(touches, y, label),
    )
    height = ROW_HEIGHT * len(lanes) + 3 * MARGIN
    sized: alt.LayerChart | alt.FacetChart = drawn.resolve_scale(color="independent").properties(
        height=height
    )
    return sized


def timeline_alt(name: str, deals: pl.DataFrame, touches: pl.DataFrame) -> str:
    """Say in one sentence what the chart shows."""
    met = formats.counted(touches["channel"].n_unique(), "channel")
    won = deals.filter(pl.col("outcome") == "won").height
    return (
        f"Timeline of {name}: {formats.counted(deals.height, 'deal')}, {won:,} won, and "
        f"{formats.counted(touches.height, 'touch', 'touches')} by {met}."
    )


def _when(column: str, label: str) -> alt.X:
    return alt.X(f"{column}:T", title=None, axis=alt.Axis(format=label, labelOverlap=True))


def _label(bars: pl.DataFrame, touches: pl.DataFrame) -> str:
    """Return how days are written on the axis: a month alone would stand there several times."""
    columns = (bars["starts"], bars["ends"], touches["occurred_at"])
    days = pl.concat([column.cast(pl.Date).alias("day") for column in columns]).drop_nulls()
    span = days.max() - days.min() if len(days) else timedelta()  # type: ignore[operator]
    return "%b %Y" if span.days > _MONTHS_FROM_DAYS else "%-d %b %Y"  # type: ignore[union-attr]


def _bars(deals: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the latest deals with a lane of their own, even where two have one name."""
    latest = deals.sort("created_at", "deal_id").tail(MOST_DEALS)
    called = pl.coalesce("name", "deal_id")
    twice = called.is_duplicated()
    ends = pl.coalesce("closed_at", pl.lit(datetime.combine(as_of, time())))
    return latest.select(
        "deal_id",
        "outcome",
        starts=pl.col("created_at"),
        ends=pl.max_horizontal(ends, "created_at"),
        lane=pl.format(
            "Deal: {}{}",
            called,
            pl.when(twice).then(pl.format(" {}", "deal_id")).otherwise(pl.lit("")),
        ),
        state=pl.col("outcome").replace_strict(OUTCOMES, return_dtype=pl.String),
    )


def _deal_bars(bars: pl.DataFrame, y: alt.Y, label: str) -> alt.Chart:
    colours = alt.Scale(domain=list(OUTCOME_COLOURS), range=list(OUTCOME_COLOURS.values()))
    marks: alt.Chart = alt.Chart(bars).mark_bar(height=12, cornerRadius=3, opacity=0.75)
    return marks.encode(
        y=y,
        x=_when("starts", label),
        x2="ends:T",
        color=alt.Color("outcome:N", scale=colours, legend=None),
        tooltip=[
            alt.Tooltip("lane:N", title="Deal"),
            alt.Tooltip("state:N", title="Outcome"),
            alt.Tooltip("starts:T", title="Created", format="%d %b %Y"),
            alt.Tooltip("ends:T", title="Closed, or data end", format="%d %b %Y"),
        ],
    )


def _outcomes(bars: pl.DataFrame, y: alt.Y, label: str) -> alt.Chart:
    """Write outcomes beside the bars: a colour alone would not tell them to everybody."""
    marks: alt.Chart = alt.Chart(bars).mark_text(align="left", dx=6)
    return marks.encode(y=y, x=_when("ends", label), text="state:N")


def _stage_ticks(stages: pl.DataFrame, bars: pl.DataFrame, y: alt.Y, label: str) -> alt.Chart:
    rows = stages.join(bars.select("deal_id", "lane"), on="deal_id")
    marks: alt.Chart = alt.Chart(rows).mark_tick(thickness=2, size=18, color=NEUTRAL)
    return marks.encode(
        y=y,
        x=_when("changed_at", label),
        tooltip=[
            alt.Tooltip("lane:N", title="Deal"),
            alt.Tooltip("stage:N", title="Stage from here"),
            alt.Tooltip("changed_at:T", title="On", format="%d %b %Y"),
        ],
    )


def _touch_points(touches: pl.DataFrame, y: alt.Y, label: str) -> alt.Chart:
    rows = touches.select("occurred_at", "channel", "campaign", "kind", lane="channel")
    slots = alt.Scale(domain=channel_slots(rows["channel"]))
    marks: alt.Chart = alt.Chart(rows).mark_point(filled=True, size=60, opacity=0.9)
    return marks.encode(
        y=y,
        x=_when("occurred_at", label),
        color=alt.Color("channel:N", scale=slots, legend=None),
        tooltip=[
            alt.Tooltip("occurred_at:T", title="On", format="%d %b %Y"),
            alt.Tooltip("channel:N", title="Channel"),
            alt.Tooltip("campaign:N", title="Campaign"),
            alt.Tooltip("kind:N", title="Kind"),
        ],
    )
