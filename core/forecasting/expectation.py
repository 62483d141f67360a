"""What is expected of the open pipeline at one instant, deal by deal, from what was known then."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from core.forecasting.closing_rhythm import learn_rhythms
from core.forecasting.competing_risks import (
    OutcomeTable,
    RiskSettings,
    learn_outcomes,
    typical_cycle_days,
)
from core.forecasting.frequency import FiscalCalendar
from core.forecasting.histories import DAY, Histories
from core.forecasting.landmarks import Booleans, Floats, Integers, Landmarks
from core.forecasting.new_business import NewBusiness, expect_new_business
from core.forecasting.simulate import Simulation

BAND_LEVELS: Final = (50, 80, 95)
"""Percent of outcomes the bands of a forecast are to hold."""


@dataclass(frozen=True)
class PipelineSettings:
    """How the open pipeline is forecast.

    Parameters
    ----------
    risks
        Smoothing and memory of the outcome probabilities.
    history_steps
        Most past snapshots to learn from.
    origins
        Most past origins in the track record whose longest window can be over; 0 for none.
    calendar
        Fiscal calendar in whose quarters a rush at the end is looked for; None looks for none.
    follows_growth
        Whether the pace at which deals are created is that of a line through the recent past.
    draws, draws_a_step, seed
        Simulated periods for the end and for each step before it, and where their randomness
        starts.
    """

    risks: RiskSettings = field(default_factory=RiskSettings)
    history_steps: int = 104
    origins: int = 26
    draws: int = 10_000
    draws_a_step: int = 2_000
    seed: int = 0
    calendar: FiscalCalendar | None = None
    follows_growth: bool = False


@dataclass(frozen=True)
class Expectation:
    """What is expected at one instant: probabilities by deal and step, and new business.

    Parameters
    ----------
    rows
        The snapshot rows of the open deals.
    seen
        Every snapshot.
    table
        What was learned.
    won, lost
        Probabilities, deal x step.
    amounts
        What each deal would be won with, in minor units.
    assumed
        Deals whose amount is not known.
    new
        Business not yet created.
    """

    rows: Integers
    seen: Landmarks
    table: OutcomeTable
    won: Floats
    lost: Floats
    amounts: Floats
    assumed: Booleans
    new: NewBusiness

    @property
    def expected_by_deal(self) -> Floats:
        """Amount times the probability to be won by the end."""
        return self.amounts * self.won[:, -1]

    @property
    def expected(self) -> Floats:
        """Amount expected by the end of each step."""
        total: Floats = self.amounts @ self.won + self.new.expected
        return total

    @property
    def independent_sd(self) -> Floats:
        """Spread of each step's amount if deals were independent."""
        deals = self.amounts**2 @ (self.won * (1 - self.won))
        spread: Floats = np.sqrt(deals + self.new.variance)
        return spread

    def steps(self, factors: Floats, settings: PipelineSettings) -> pl.DataFrame:
        """Return one row a step with its parts and its simulated bands."""
        pipeline = self.amounts @ self.won
        drawn = [
            self.simulation(step, float(factor)).draw(
                min(settings.draws, settings.draws_a_step), settings.seed
            )
            for step, factor in enumerate(factors)
        ]
        bands = {
            f"{side}{level}": [one.quantile(0.5 + sign * level / 200) for one in drawn]
            for level in BAND_LEVELS
            for side, sign in (("lo", -1), ("hi", 1))
        }
        return pl.DataFrame(
            {
                "ends_days": self.table.ends_days,
                "pipeline_minor": pipeline,
                "new_business_minor": self.new.expected,
                "expected_minor": pipeline + self.new.expected,
                "independent_sd_minor": self.independent_sd,
                "spread_factor": factors,
                **bands,
            }
        )

    def simulation(self, step: int, spread_factor: float) -> Simulation:
        """Return what is drawn for the end of a step."""
        return Simulation(
            amounts=self.amounts,
            chances=self.won[:, step],
            new_wins=float(self.new.wins[step]),
            new_amounts=self.new.amounts,
            new_expected=float(self.new.expected[step]),
            spread_factor=spread_factor,
        )


def expect(
    histories: Histories, seen: Landmarks, at: int, ends_days: Floats, settings: PipelineSettings
) -> Expectation:
    """Expect what the open deals and business not yet created bring after an instant.

    Parameters
    ----------
    histories
        The company's deals.
    seen
        Snapshots, among them one at the instant; later ones and what came later is not looked at.
    at
        The as-of instant.
    ends_days
        Ends of the steps.
    settings
        Memory and smoothing.
    """
    seen = seen.since(at - settings.history_steps * settings.risks.step_days * DAY)
    calendar = settings.calendar
    rhythms = learn_rhythms(histories, at, calendar) if calendar else None
    table = learn_outcomes(seen, at, ends_days, settings.risks, rhythms)
    rows = np.flatnonzero(seen.at == at)
    outcomes = table.of(seen.stage[rows], seen.age_days[rows], seen.due_days[rows])
    past = seen.known_before(at)
    cycle = typical_cycle_days(past)
    new = expect_new_business(
        histories,
        at,
        ends_days,
        cycle,
        settings.risks.memories,
        follows_growth=settings.follows_growth,
    )
    if rhythms is not None:
        begins = np.concatenate([[0.0], ends_days[:-1]])
        new = new.in_rhythm(rhythms.won.between(at + begins * DAY, at + ends_days * DAY))
    known = np.isfinite(seen.amount[rows])
    typical = float(new.amounts.mean()) if len(new.amounts) else 0.0
    amounts = np.where(known, seen.amount[rows] * _kept(past, settings.risks), typical)
    return Expectation(rows, seen, table, outcomes.won, outcomes.lost, amounts, ~known, new)


def _kept(past: Landmarks, settings: RiskSettings) -> float:
    """Return amount at the win over amount when last seen, of deals won, pulled towards 1."""
    both = np.isfinite(past.won_amount) & np.isfinite(past.amount)
    if not both.any():
        return 1.0
    belief = settings.shrinkage * float(past.amount[both].mean())
    won, then = float(past.won_amount[both].sum()), float(past.amount[both].sum())
    return (won + belief) / (then + belief) if then + belief > 0 else 1.0
