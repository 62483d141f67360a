"""What if, for the outlook: the same blend with another win rate, cycle, size, creation, slippage.

Open deals are bent deal by deal and period by period: what slips out of one period comes in the
next. What the open deals do not bring is scaled as deals not yet created
are. Nothing is fitted again and the draws are those of the base, so a difference between two
scenarios is the scenario and not luck.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from core.forecasting.landmarks import Floats
from core.forecasting.outlook_results import Outlook
from core.forecasting.period_draws import DRAWS, chances_by_period, intervals, period_simulation
from core.forecasting.pipeline import Basis
from core.forecasting.scenarios import Scenario, decided_by, reached
from core.forecasting.simulate import Distribution


@dataclass(frozen=True)
class PlayedOutlook:
    """What an outlook comes to under a scenario.

    Parameters
    ----------
    scenario
        What was asked.
    frame
        One row a period: ``period, starts_on, ends_on, forecast_minor, lo50, hi50, lo80, hi80,
        lo95, hi95, booked_minor, pipeline_minor, new_business_minor, base_minor, delta_minor``.
        The forecast is the sum of its three parts; the delta is to the base forecast.
    draws
        Simulated totals of each period, booked amounts included.
    """

    scenario: Scenario
    frame: pl.DataFrame
    draws: tuple[Distribution, ...]

    @property
    def delta(self) -> int:
        """How much more than the base the periods together bring, in minor units."""
        return int(self.frame["delta_minor"].sum())


def play_outlook(outlook: Outlook, scenario: Scenario) -> PlayedOutlook:
    """Return what an outlook becomes under a scenario; the base scenario gives it back.

    Parameters
    ----------
    outlook
        The base.
    scenario
        Factors on what the past says.
    """
    base = outlook.pipeline.basis
    basis = replace(base, amounts=base.amounts * scenario.deal_size)
    ends = [days for _, days in outlook.question.days_ahead]
    within = _chances(outlook, scenario)
    fresh = outlook.frame["new_business_minor"].to_numpy() * _new_ratios(basis, scenario, ends)
    draws = tuple(
        _draw(outlook, basis, chances, number, float(fresh[number]))
        for number, chances in enumerate(within)
    )
    open_deals = np.array([float(basis.amounts @ chances) for chances in within])
    return PlayedOutlook(scenario, _frame(outlook, open_deals, fresh, draws), draws)


def _chances(outlook: Outlook, scenario: Scenario) -> list[Floats]:
    """Return each open deal's chance to be won in each period."""
    outcomes, question = outlook.pipeline.basis.outcomes, outlook.question
    months = np.array([days for _, days in question.by_month.days_ahead])
    by_end = []
    for day in months:
        won, lost = decided_by(outcomes, float(day) / scenario.cycle)
        by_end.append(np.minimum(won * scenario.win_rate, won + lost))
    bent = np.stack(by_end, axis=1)
    return _slipped(
        chances_by_period(bent, months, question, outlook.deal_share), scenario.slippage
    )


def _slipped(periods: list[Floats], share: float) -> list[Floats]:
    """Move a share of each period into the next; what slips out of the last is out of sight."""
    came = [np.zeros_like(periods[0]), *(share * period for period in periods[:-1])]
    return [(1 - share) * period + late for period, late in zip(periods, came, strict=True)]


def _new_ratios(basis: Basis, scenario: Scenario, ends_days: list[float]) -> Floats:
    """Return, by period, times as much business from deals not yet created as in the base."""
    days = np.array([0.0, *ends_days])
    before, after = (
        np.diff([reached(basis.new.expected, basis.new.ends_days, day / cycle) for day in days])
        for cycle in (1.0, scenario.cycle)
    )
    slipped = np.array(_slipped([np.array([amount]) for amount in after], scenario.slippage))
    factor = scenario.creation * scenario.win_rate * scenario.deal_size
    pace = np.divide(slipped[:, 0], before, out=np.ones(len(before)), where=before > 0)
    ratios: Floats = pace * factor
    return ratios


def _draw(
    outlook: Outlook, basis: Basis, chances: Floats, number: int, fresh: float
) -> Distribution:
    simulation = period_simulation(basis, chances, fresh, outlook.spread_factors[number])
    booked = outlook.frame["booked_minor"][number]
    return simulation.draw(DRAWS, basis.settings.seed).plus(booked)


def _frame(
    outlook: Outlook, open_deals: Floats, fresh: Floats, draws: tuple[Distribution, ...]
) -> pl.DataFrame:
    base = outlook.frame.select(
        "period", "starts_on", "ends_on", "booked_minor", base_minor="forecast_minor"
    )
    parts = base.with_columns(
        pipeline_minor=pl.Series(np.rint(open_deals).astype(np.int64)),
        new_business_minor=pl.Series(np.rint(fresh).astype(np.int64)),
    )
    total = pl.col("booked_minor") + pl.col("pipeline_minor") + pl.col("new_business_minor")
    whole = parts.with_columns(forecast_minor=total).with_columns(
        delta_minor=pl.col("forecast_minor") - pl.col("base_minor")
    )
    ends = intervals(draws, whole["forecast_minor"].to_numpy())
    return whole.with_columns(**{name: pl.Series(values) for name, values in ends.items()})
