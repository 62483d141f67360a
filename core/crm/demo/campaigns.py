"""Campaigns with dates, and what the marketing budget went to, day by day."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl

from core.crm.demo.chance import Chance, Floats, Ints
from core.crm.demo.channels import CHANNELS, NAMES
from core.crm.demo.dates import EVERY_DAYS, day_of_date, nearest_date
from core.crm.demo.season import LEAD_IN_DAYS, Window


class Rhythm(StrEnum):
    """How often a theme becomes a new campaign."""

    ALWAYS = "always"
    HALF = "half"
    QUARTER = "quarter"
    DATED = "dated"


@dataclass(frozen=True)
class Theme:
    """A line of campaigns of one channel; the name may show year, half, quarter and month."""

    channel: str
    name: str
    rhythm: Rhythm = Rhythm.ALWAYS


_TOPICS: Final = (
    "Forecasting you can defend",
    "Pipeline reviews that work",
    "From lead scoring to revenue",
    "The CFO's view of marketing",
    "Cleaning a CRM in 30 days",
    "Renewals without surprises",
)
_PLACES: Final = (
    "RevOps Forum Berlin",
    "Sales Leaders Day London",
    "Customer Day Munich",
    "B2B Growth Summit Amsterdam",
    "Finance Tech Expo Paris",
    "RevOps Meetup New York",
)

THEMES: Final = (
    Theme("Paid search", "Search: brand terms"),
    Theme("Paid search", "Search: category terms"),
    Theme("Paid search", "Search: comparison terms {year} Q{quarter}", Rhythm.QUARTER),
    Theme("Organic search", "Blog and guides"),
    Theme("Organic search", "Benchmark report {year}", Rhythm.HALF),
    Theme("Outbound", "Outbound {year} H{half}: finance leaders", Rhythm.HALF),
    Theme("Outbound", "Outbound {year} H{half}: revenue operations", Rhythm.HALF),
    Theme("Outbound", "Outbound {year} H{half}: closed-lost revival", Rhythm.HALF),
    Theme("Events", "{place} {year}-{month}", Rhythm.DATED),
    Theme("Partner", "Partner: Nordwind Consulting"),
    Theme("Partner", "Partner: Bright & Lane"),
    Theme("Partner", "Partner: Altona Integration"),
    Theme("Paid social", "Paid social {year} Q{quarter}: benchmark report", Rhythm.QUARTER),
    Theme("Paid social", "Paid social {year} Q{quarter}: demo offer", Rhythm.QUARTER),
    Theme("Email", "Monthly newsletter"),
    Theme("Email", "Nurture: evaluation guide"),
    Theme("Email", "Product news {year} Q{quarter}", Rhythm.QUARTER),
    Theme("Webinar", "Webinar {year}-{month}: {topic}", Rhythm.DATED),
    Theme("Referral", "Customer referral programme"),
    Theme("Review sites", "Review profile and badges"),
    Theme("Organic social", "Founder posts"),
    Theme("Organic social", "Team advocacy"),
)
"""Direct has none: nobody runs it."""

_BUDGET_SHARE: Final = 0.025  # of won revenue
_MONTHS: Final = {Rhythm.HALF: 6, Rhythm.QUARTER: 3}
_DAILY: Final = ("Paid search", "Paid social")


@dataclass(frozen=True)
class Calendar:
    """All campaigns, and which one a touch belongs to.

    Parameters
    ----------
    frame
        ``name, channel, first, last``: one row a campaign; first and last day, counted from the
        window's first, the last null where it has no end.
    first_slice, offset
        By theme: number of its first campaign, and that campaign's row.
    """

    window: Window
    frame: pl.DataFrame
    first_slice: Ints
    offset: Ints

    def of_touches(self, chance: Chance, channel: Ints, at: Floats, *key: Ints) -> Ints:
        """Return the row of each touch's campaign, -1 for none."""
        days = self.window.real_days(at)
        found = np.full(at.size, -1, dtype=np.int64)
        for position, name in enumerate(NAMES):
            mine = np.flatnonzero(channel == position)
            themes = [number for number, theme in enumerate(THEMES) if theme.channel == name]
            if not themes:
                continue
            drawn = chance.uniform("theme", *(part[mine] for part in key))
            chosen = np.asarray(themes)[(drawn * len(themes)).astype(np.int64)]
            for number in themes:
                here = mine[chosen == number]
                slices = _slices(self.window, THEMES[number], days[here]) - self.first_slice[number]
                found[here] = self.offset[number] + slices
        return found


def calendar(window: Window, chance: Chance) -> Calendar:
    """Lay out every campaign from before the first touch to the end of the window."""
    days = np.arange(-LEAD_IN_DAYS, window.days, dtype=np.float64)
    rows: list[tuple[str, str, int, int | None]] = []
    first_slice, offset = [], []
    for theme in THEMES:
        slices = _slices(window, theme, days)
        first_slice.append(int(slices.min()))
        offset.append(len(rows))
        for number in range(int(slices.min()), int(slices.max()) + 1):
            first, last = _run(window, chance, theme, number)
            rows.append((_named(window, theme, number, first), theme.channel, first, last))
    frame = pl.DataFrame(rows, schema=["name", "channel", "first", "last"], orient="row")
    return Calendar(window, frame, np.asarray(first_slice), np.asarray(offset))


def spend(chance: Chance, campaigns: Calendar, won_revenue_minor: int) -> pl.DataFrame:
    """Spread the marketing budget over campaigns and days.

    Returns
    -------
    polars.DataFrame
        ``campaign, day, amount_minor``: positions, days of the simulator, cents.
    """
    parts = []
    for position, channel in enumerate(CHANNELS):
        cells = _spending_days(campaigns, channel.name)
        if cells.is_empty() or channel.spend_share == 0.0:
            continue
        keys = (cells["campaign"].to_numpy(), cells["day"].to_numpy() + LEAD_IN_DAYS)
        demand = campaigns.window.on_calendar(campaigns.window.demand(), cells["day"].to_numpy())
        weight = demand * np.exp(0.35 * chance.normal(f"spend/{position}", *keys))
        budget = _BUDGET_SHARE * channel.spend_share * won_revenue_minor
        cents = np.rint(budget * weight / weight.sum()).astype(np.int64)
        parts.append(cells.with_columns(amount_minor=pl.Series(cents)))
    return pl.concat(parts).filter(pl.col("amount_minor") > 0)


def _spending_days(campaigns: Calendar, channel: str) -> pl.DataFrame:
    """Daily for clicks, on the day for events and webinars, on the first of the month else."""
    window = campaigns.window
    days = np.arange(window.days, dtype=np.float64)
    if channel not in _DAILY and channel not in EVERY_DAYS:
        months = window.month_number(days)
        days = days[np.r_[True, np.diff(months) > 0]]
    mine = campaigns.frame.with_row_index("campaign").filter(pl.col("channel") == channel)
    if channel in EVERY_DAYS:
        dated = mine.filter(pl.col("first").is_between(0, window.days - 1))
        return dated.select(pl.col("campaign").cast(pl.Int64), day=pl.col("first"))
    grid = mine.join(pl.DataFrame({"day": days.astype(np.int64)}), how="cross")
    runs = (pl.col("day") >= pl.col("first")) & (
        pl.col("last").is_null() | (pl.col("day") <= pl.col("last"))
    )
    return grid.filter(runs).select(pl.col("campaign").cast(pl.Int64), "day")


def _slices(window: Window, theme: Theme, days: Floats) -> Ints:
    if theme.rhythm is Rhythm.DATED:
        return nearest_date(theme.channel, days)
    if theme.rhythm is Rhythm.ALWAYS:
        return np.zeros(days.size, dtype=np.int64)
    return window.month_number(days) // _MONTHS[theme.rhythm]


def _run(window: Window, chance: Chance, theme: Theme, number: int) -> tuple[int, int | None]:
    """Return the first and the last day of a campaign."""
    if theme.rhythm is Rhythm.ALWAYS:
        return -LEAD_IN_DAYS, None
    if theme.rhythm is Rhythm.DATED:
        day = int(day_of_date(window, chance, theme.channel, np.asarray([number]))[0])
        return day, day
    months = np.asarray([number, number + 1]) * _MONTHS[theme.rhythm]
    first, following = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    shift = window.epoch_days(np.zeros(1))[0]
    return int(first - shift), int(following - 1 - shift)


def _named(window: Window, theme: Theme, number: int, first: int) -> str:
    month = int(window.month_number(np.asarray([float(first)]))[0])
    return theme.name.format(
        year=1970 + month // 12,
        half=1 + month % 12 // 6,
        quarter=1 + month % 12 // 3,
        month=f"{1 + month % 12:02}",
        topic=_TOPICS[number % len(_TOPICS)],
        place=_PLACES[number % len(_PLACES)],
    )
