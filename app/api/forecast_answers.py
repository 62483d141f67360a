"""Revenue to come as it travels; nothing is computed here."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.api.amounts import Amount, Answer, Number, amount, amount_or_null
from core.forecasting.outlook_results import Outlook, OutlookStanding

_PERIOD_AMOUNTS: Final = {
    **{name: f"{name}_minor" for name in ("forecast", "booked", "pipeline", "new_business")},
    **{name: name for name in ("lo80", "hi80", "lo95", "hi95")},
}
"""Amounts of a forecast period and the columns of the outlook they are in."""


class ForecastPeriodAnswer(Answer):
    """One period: the forecast is booked, open deals and new business together."""

    period: str
    starts_on: date
    ends_on: date
    forecast: Amount
    lo80: Amount
    hi80: Amount
    lo95: Amount
    hi95: Amount
    booked: Amount
    pipeline: Amount
    new_business: Amount


class StandingAnswer(Answer):
    """How one way to forecast did on this company's past; null where none is over yet."""

    name: str
    title: str
    wape: Number
    mae: Amount | None
    mase: Number
    bias: Amount | None
    verdict: str
    origins: int
    n: int


class ForecastAnswer(Answer):
    """Revenue by period with its record."""

    fingerprint: str
    currency: str
    as_of: date
    periods: list[ForecastPeriodAnswer]
    record: list[StandingAnswer]
    warnings: list[str]


def forecast_answer(outlook: Outlook) -> ForecastAnswer:
    """Return an outlook as it travels."""
    doubts = [outlook.drift] if outlook.drift else []
    return ForecastAnswer(
        fingerprint=outlook.fingerprint,
        currency=outlook.currency,
        as_of=outlook.as_of,
        periods=[_period(row, outlook.currency) for row in outlook.frame.iter_rows(named=True)],
        record=[_standing(line, outlook.currency) for line in outlook.standings],
        warnings=[*doubts, *outlook.warnings],
    )


def _period(row: Mapping[str, Any], currency: str) -> ForecastPeriodAnswer:
    amounts = {name: amount(row[column], currency) for name, column in _PERIOD_AMOUNTS.items()}
    days = {name: row[name] for name in ("period", "starts_on", "ends_on")}
    return ForecastPeriodAnswer.model_validate({**days, **amounts})


def _standing(line: OutlookStanding, currency: str) -> StandingAnswer:
    return StandingAnswer(
        name=line.name,
        title=line.title,
        wape=line.wape,
        mae=amount_or_null(line.mae, currency),
        mase=line.mase,
        bias=amount_or_null(line.bias, currency),
        verdict=line.skill.verdict,
        origins=line.origins,
        n=line.n,
    )
