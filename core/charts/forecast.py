"""Revenue to come: the fan of a forecast, and what was forecast before beside what came."""

from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.theme import AMOUNT_LABELS, NEUTRAL
from core.money import exponent

_BANDS: Final = {95: 0.10, 80: 0.16, 50: 0.26}
"""Levels of the fan, the widest first, with the opacity that still tells them apart in grey."""
_RECORD_ROW: Final = 30
_POINT: Final = 44


def fan(
    history: pl.DataFrame,
    ahead: pl.DataFrame,
    currency: str,
    scenario: pl.DataFrame | None = None,
    came: pl.DataFrame | None = None,
) -> alt.LayerChart | alt.FacetChart:
    """Draw past revenue, the forecast with its bands of 50, 80 and 95 %, and what is booked.

    Past is a line with points, forecast is dashed; a bar holds what is booked of the period in
    progress. A scenario is a second dashed line, grey, with squares.

    Parameters
    ----------
    history
        ``period, starts_on, won_minor``, the oldest first.
    ahead
        ``period, starts_on, forecast_minor, booked_minor`` and ``lo50`` to ``hi95``.
    currency
        Currency of the amounts.
    scenario
        ``period, starts_on, forecast_minor`` of a scenario to draw beside it, or None.
    came
        ``period, starts_on, won_minor`` of forecast periods that are over since, or None; drawn
        as hollow diamonds.
    """
    past, coming = _past(history, currency), _coming(history, ahead, currency)
    axis = alt.Axis(format=_day_format(ahead), labelOverlap=True, tickCount=_ticks(ahead))
    x = alt.X("day:T", title=None, axis=axis)
    money = alt.Axis(labelExpr=AMOUNT_LABELS, tickCount=5)
    y = alt.Y("amount:Q", title=None, axis=money)
    base = alt.Chart(coming).encode(x=x)
    bands = [
        base.mark_area(opacity=opacity).encode(
            y=alt.Y(f"lo{level}:Q", title=None, axis=money), y2=f"hi{level}:Q"
        )
        for level, opacity in _BANDS.items()
    ]
    line = base.mark_line(strokeWidth=2, strokeDash=[5, 4]).encode(y=y)
    points = (
        base.transform_filter("datum.is_ahead")
        .mark_point(filled=True, size=_POINT, opacity=1)
        .encode(y=y, tooltip=_tooltip("Forecast", bands=True))
    )
    booked = (
        base.transform_filter("datum.booked > 0")
        .mark_bar(size=12, opacity=0.75)
        .encode(y=alt.Y("booked:Q", title=None, axis=money), tooltip=_tooltip("Forecast"))
    )
    before = alt.Chart(past).encode(x=x, y=y, tooltip=_tooltip("Closed won"))
    layers = [
        *bands,
        booked,
        before.mark_line(strokeWidth=2),
        before.mark_point(filled=True, size=_POINT, opacity=1),
        line,
        points,
    ]
    if scenario is not None:
        layers += _scenario(scenario, currency, x, y)
    if came is not None and not came.is_empty():
        after = alt.Chart(_past(came, currency)).encode(x=x, y=y, tooltip=_tooltip("Came"))
        layers.append(
            after.mark_point(
                shape="diamond", filled=False, size=130, strokeWidth=2, opacity=1, color=NEUTRAL
            )
        )
    return alt.layer(*layers)


def fan_alt(history: pl.DataFrame, ahead: pl.DataFrame, currency: str) -> str:
    """Say in one sentence what the fan shows."""
    first = ahead.row(0, named=True)
    said = (
        f"Forecast of {formats.period(first['period'])}: "
        f"{formats.money_compact(first['forecast_minor'], currency)}, 80% interval "
        f"{formats.money_compact(first['lo80'], currency)} to "
        f"{formats.money_compact(first['hi80'], currency)}"
    )
    if history.is_empty():
        return f"{said}; no period is over yet."
    last = history.row(-1, named=True)
    return (
        f"{said}; {formats.period(last['period'])} closed at "
        f"{formats.money_compact(last['won_minor'], currency)}."
    )


def record(rows: pl.DataFrame, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw what was forecast for past periods, with its 80% interval, beside what came.

    A filled dot is what was said, the line its interval, a hollow diamond what came.

    Parameters
    ----------
    rows
        ``period, forecast_minor, lo80, hi80, actual_minor``, the oldest first.
    currency
        Currency of the amounts.
    """
    shown = _said(rows, currency)
    order = shown["period"].to_list()
    axis = alt.Axis(ticks=False, domain=False, labelPadding=8, labelFlush=False)
    y = alt.Y("period:N", title=None, sort=order, axis=axis, scale=alt.Scale(type="band"))
    money = alt.Axis(labelExpr=AMOUNT_LABELS, tickCount=5)
    tooltip = [
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("said_text:N", title="Forecast then"),
        alt.Tooltip("low_text:N", title="80% from"),
        alt.Tooltip("high_text:N", title="80% to"),
        alt.Tooltip("came_text:N", title="Came"),
    ]
    base = alt.Chart(shown).encode(y=y, tooltip=tooltip)
    reach = base.mark_rule(strokeWidth=6, opacity=0.4, color=NEUTRAL).encode(
        x=alt.X("low:Q", title=None, axis=money), x2="high:Q"
    )
    said = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=alt.X("said:Q", title=None, axis=money)
    )
    came = base.mark_point(
        shape="diamond", filled=False, size=130, strokeWidth=2, opacity=1, color=NEUTRAL
    ).encode(x=alt.X("came:Q", title=None, axis=money))
    return alt.layer(reach, said, came).properties(height=_RECORD_ROW * shown.height + 40)


def record_alt(rows: pl.DataFrame) -> str:
    """Say in one sentence how the past forecasts did."""
    over = rows.drop_nulls("actual_minor")
    inside = over.filter(pl.col("actual_minor").is_between("lo80", "hi80")).height
    return (
        f"Forecast of {formats.counted(over.height, 'past period')} beside what came: {inside} of "
        f"{over.height} inside the 80% interval said then."
    )


def _day_format(ahead: pl.DataFrame) -> str:
    """Return how a day of the axis is written: calendar quarters by number, others by month."""
    quarters = ahead["period"].str.contains(r"^\d{4}-Q").all()
    return "Q%q %y" if quarters else "%b %y"


def _ticks(ahead: pl.DataFrame) -> dict[str, object]:
    months = (ahead["ends_on"][-1].month - ahead["starts_on"][-1].month) % 12 + 1
    return {"interval": "month", "step": max(3, months)}


def _scenario(rows: pl.DataFrame, currency: str, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    unit = 10 ** exponent(currency)
    shown = rows.select(
        "period",
        day="starts_on",
        amount=pl.col("forecast_minor") / unit,
        text=_texts(rows["forecast_minor"], currency),
    )
    base = alt.Chart(shown).encode(x=x, y=y, tooltip=_tooltip("Scenario"))
    return [
        base.mark_line(strokeWidth=2, strokeDash=[2, 3], color=NEUTRAL),
        base.mark_point(shape="square", filled=True, size=_POINT, opacity=1, color=NEUTRAL),
    ]


def _tooltip(what: str, *, bands: bool = False) -> list[alt.Tooltip]:
    shown = [alt.Tooltip("period:N", title="Period"), alt.Tooltip("text:N", title=what)]
    if bands:
        shown += [
            alt.Tooltip("booked_text:N", title="Booked of it"),
            *[alt.Tooltip(f"band{level}:N", title=f"{level} % interval") for level in (50, 80, 95)],
        ]
    return shown


def _past(history: pl.DataFrame, currency: str) -> pl.DataFrame:
    return history.select(
        "period",
        day="starts_on",
        amount=pl.col("won_minor") / 10 ** exponent(currency),
        text=_texts(history["won_minor"], currency),
    )


def _coming(history: pl.DataFrame, ahead: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return the forecast in whole units, its fan opening at the last period that is over."""
    unit = 10 ** exponent(currency)
    ends = [f"{side}{level}" for level in _BANDS for side in ("lo", "hi")]
    rows = ahead.select(
        "period",
        day="starts_on",
        amount=pl.col("forecast_minor") / unit,
        text=_texts(ahead["forecast_minor"], currency),
        booked=pl.col("booked_minor") / unit,
        booked_text=_texts(ahead["booked_minor"], currency),
        is_ahead=pl.lit(value=True),
        **{
            f"band{level}": _ranges(ahead[f"lo{level}"], ahead[f"hi{level}"], currency)
            for level in _BANDS
        },
        **{name: pl.col(name) / unit for name in ends},
    )
    opening = _past(history.tail(1), currency).with_columns(
        booked=pl.lit(0.0),
        is_ahead=pl.lit(value=False),
        **{name: pl.col("amount") for name in ends},
    )
    return pl.concat([opening, rows], how="diagonal")


def _said(rows: pl.DataFrame, currency: str) -> pl.DataFrame:
    unit = 10 ** exponent(currency)
    named = {"said": "forecast_minor", "low": "lo80", "high": "hi80", "came": "actual_minor"}
    return rows.select(
        "period",
        **{name: pl.col(column) / unit for name, column in named.items()},
        **{f"{name}_text": _texts(rows[column], currency) for name, column in named.items()},
    )


def _texts(amounts: pl.Series, currency: str) -> pl.Series:
    written = [
        formats.money(None if amount is None else round(amount), currency) for amount in amounts
    ]
    return pl.Series(written, dtype=pl.String)


def _ranges(low: pl.Series, high: pl.Series, currency: str) -> pl.Series:
    written = [
        f"{formats.money_compact(round(first), currency)} to "
        f"{formats.money_compact(round(last), currency)}"
        for first, last in zip(low, high, strict=True)
    ]
    return pl.Series(written, dtype=pl.String)
