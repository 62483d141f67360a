"""Colours and type of every chart, the same on screen, in print and in spreadsheets.

A channel keeps its slot everywhere, so its colour means the same on every page. On screen the
slots take the colours of the theme the reader uses, light or dark; print asks for them by name.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

import altair as alt

from core import schema

CHANNELS: Final = (
    "Paid search",
    "Organic search",
    "Outbound",
    "Events",
    "Partner",
    "Paid social",
    "Email",
    "Webinar",
    "Referral",
    "Review sites",
    "Organic social",
)
"""Channels with a slot of their own, in slot order."""

NEUTRAL: Final = "#7C8AA5"
"""Marks that are context and not the subject; readable on both surfaces."""

OUTCOMES: Final = {"won": "Won", "lost": "Lost", "open": "Open"}
"""How outcomes of deals are called in charts."""

OUTCOME_COLOURS: Final = {"won": "#1B9F7F", "lost": "#D8576B", "open": NEUTRAL}
"""Readable on both surfaces; an outcome also has a shape or a label, never a colour alone."""

AMOUNT_LABELS: Final = (
    "datum.value == 0 ? '0' : replace(replace(format(datum.value, '~s'), 'G', 'bn'), 'M', 'm')"
)
"""Labels of an axis of amounts, in the same steps as `core.formats.money_compact`."""

FONT: Final = "InterVF, sans-serif"


class Mode(StrEnum):
    """The surface a chart is drawn on."""

    LIGHT = "light"
    DARK = "dark"


PALETTE: Final = {
    Mode.LIGHT: (
        "#2645C0", "#F36180", "#553A03", "#A468D7", "#256D59", "#A98C31", "#CA0F5B", "#1B9F7F",
        "#750135", "#626F00", "#492C65", "#64748B",
    ),
    Mode.DARK: (
        "#3C8DFF", "#DF5489", "#F3CA6B", "#9977B8", "#2D847B", "#A5A41A", "#E39884", "#A9DFBA",
        "#9D7309", "#6B8E53", "#46E1F3", "#94A3B8",
    ),
}  # fmt: skip
"""Twelve colours told apart under every kind of colour vision; the last is for what is left."""


TEXT: Final = {Mode.LIGHT: "#0F1B3D", Mode.DARK: "#E7ECF8"}
"""Colour of words on each surface."""

SOFT: Final = {Mode.LIGHT: "#56627D", Mode.DARK: "#A9B4CC"}
"""Colour of labels on each surface; it stands out from it by more than 4.5 to 1."""


def legible(chart: alt.TopLevelMixin, mode: Mode) -> Any:  # noqa: ANN401 - the kind it was given
    """Return a chart whose labels stand out on the surface it is drawn on."""
    soft = SOFT[mode]
    return (
        chart.configure_axis(labelColor=soft, titleColor=soft)
        .configure_legend(labelColor=soft, titleColor=soft)
        .configure_header(labelColor=soft, titleColor=soft)
        .configure_text(color=soft)
    )


def channel_slots(names: Iterable[str]) -> list[str]:
    """Return names in slot order: known channels in their own slot, others where one is free.

    A slot nobody asks for keeps its name, so that the colours of the others do not move.

    >>> channel_slots(["Podcast", "Email"])[6:]
    ['Email', 'Webinar', 'Referral', 'Review sites', 'Organic social', 'Podcast']
    """
    known = {channel.casefold(): channel for channel in CHANNELS}
    others = sorted({name for name in names if name.casefold() not in known})
    rest = [name for name in others if name != schema.UNATTRIBUTED]
    return [*CHANNELS, *rest, *([schema.UNATTRIBUTED] if schema.UNATTRIBUTED in others else [])]


def themed(chart: alt.TopLevelMixin, mode: Mode) -> dict[str, Any]:
    """Return a chart's specification with colours and type written in, for print and files."""
    text, grid = TEXT[mode], "#DFE5F0" if mode is Mode.LIGHT else "#2A3550"
    # Its parts were checked as they were made; checking the whole again takes longer than it.
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["config"] = {
        "background": None,
        "font": FONT,
        "mark": {"color": PALETTE[mode][0]},
        "range": {"category": list(PALETTE[mode])},
        "axis": {"labelColor": text, "titleColor": text, "gridColor": grid, "domainColor": grid},
        "legend": {"labelColor": text, "titleColor": text},
        "title": {"color": text},
        "text": {"color": SOFT[mode]},
        **spec.get("config", {}),
    }
    # Altair's own defaults say of the view how large it is; that it has no frame is said here.
    spec["config"]["view"] = {**spec["config"].get("view", {}), "stroke": None}
    return spec


def labelled(domain: Sequence[float], room: int) -> alt.Scale:
    """Return a scale of bars that leaves pixels free for the labels beside the longest one.

    Labels keep their size whatever the width of the chart, so a share of it would cut them off on
    narrow screens.
    """
    bars = alt.ExprRef(f"max(width - {room}, {room} / 3)")
    return alt.Scale(domain=list(domain), range=[0, bars])
