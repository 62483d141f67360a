"""The open-pipeline forecast: deal by deal, plus business not yet created, and its past errors.

Sum over open deals of expected amount at the win x probability to be won by the end, plus new
business; the band is as wide as past errors of this very method at this company say. Every
number at a past origin uses only what was known then, so the track record is what would have been
said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from core.errors import InvalidParameterError
from core.forecasting.competing_risks import (
    Outcomes,
    OutcomeTable,
    RiskSettings,
    learn_outcomes,
    step_ends,
    typical_cycle_days,
)
from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.landmarks import Floats, Integers, Landmarks, landmarks, weekly_instants
from core.forecasting.new_business import NewBusiness, expect_new_business
from core.forecasting.simulate import Distribution, Simulation
from core.forecasting.spread import Booleans, PastForecasts, spread_factors

MIN_EVENTS: Final = 20
"""Deals won, and deals lost, below which a probability is shown with a warning."""


MIN_WINDOWS: Final = 3
"""Windows over at a past origin below which its forecast at that horizon was not one yet."""

BAND_LEVELS: Final = (50, 80, 95)
"""Percent of outcomes the bands of a forecast are to hold."""

MIN_TRACK_STEPS: Final = 4
"""Horizons, in steps, that the track record covers even where the forecast is shorter."""


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
        Most past origins in the track record whose longest window can be over.
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


@dataclass(frozen=True)
class Basis:
    """What a forecast is made of: amounts and outcomes by open deal and step, and new business."""

    amounts: Floats
    outcomes: Outcomes
    new: NewBusiness
    spread_factor: float
    settings: PipelineSettings


@dataclass(frozen=True)
class PipelineForecast:
    """Won amount expected after one day up to another, from the open pipeline and new business.

    Parameters
    ----------
    as_of, ends_on
        Known is everything up to the end of the first day; counted are wins up to the end of
        the second.
    deals
        One row an open deal: ``deal_id, name, account, owner_id, owner, stage, age_days, due_on,
        amount_minor, amount_assumed, p_win, p_lose, p_slip, expected_minor``. Three probabilities
        sum to 1; the column ``expected_minor`` sums to `from_pipeline`.
    steps
        One row a step: ``ends_days, pipeline_minor, new_business_minor, expected_minor,
        independent_sd_minor, spread_factor, lo50, hi50, lo80, hi80, lo95, hi95``; the bands are
        simulated, the spread factor is how much wider than independent deals they are.
    from_pipeline, from_new_business
        The two parts of the expectation, in minor units.
    distribution
        Simulated totals at the end.
    track
        What this method would have said at past origins, beside what came.
    basis
        What the numbers were made of, for scenarios.
    currency
        Currency of every amount.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    as_of: date
    ends_on: date
    deals: pl.DataFrame
    steps: pl.DataFrame
    from_pipeline: float
    from_new_business: float
    distribution: Distribution
    track: PastForecasts
    basis: "Basis"
    currency: str
    warnings: tuple[str, ...] = ()

    @property
    def expected(self) -> float:
        """Expected won amount, in minor units."""
        return self.from_pipeline + self.from_new_business


def forecast_pipeline(
    histories: Histories, as_of: date, ends_on: date, settings: PipelineSettings | None = None
) -> PipelineForecast:
    """Forecast the amount won after one day up to the end of another.

    Parameters
    ----------
    histories
        The company's deals; what happened after ``as_of`` is not looked at.
    as_of
        Last day of which everything is known.
    ends_on
        Last day whose wins count.
    settings
        Memory, smoothing, track record and simulation.

    Raises
    ------
    InvalidParameterError
        If the end is not after the as-of date.
    """
    settings = settings or PipelineSettings()
    if ends_on <= as_of:
        raise InvalidParameterError(
            f"The forecast would end on {ends_on}, not after {as_of}.",
            "Choose an end after the as-of date.",
        )
    at = end_of(as_of)
    horizon_days = (ends_on - as_of).days
    ends_days = step_ends(horizon_days, settings.risks.step_days)
    instants = weekly_instants(histories.starts_at, at, settings.risks.step_days)
    seen = landmarks(histories, instants[-settings.history_steps - 1 :])
    now = _expect(histories, seen, at, ends_days, settings)
    track = _track(histories, seen, at, _track_ends(horizon_days, settings), settings)
    cycle_days = typical_cycle_days(seen.known_before(at))
    factors = spread_factors(track, at, cycle_days)[: len(ends_days)]
    deals = _deal_rows(histories, now, at)
    return PipelineForecast(
        as_of=as_of,
        ends_on=ends_on,
        deals=deals,
        steps=now.steps(factors, settings),
        from_pipeline=float(deals["expected_minor"].sum()),
        from_new_business=float(now.new.expected[-1]),
        distribution=now.simulation(-1, float(factors[-1])).draw(settings.draws, settings.seed),
        track=track,
        basis=Basis(
            now.amounts,
            Outcomes(ends_days, now.won, now.lost),
            now.new,
            float(factors[-1]),
            settings,
        ),
        currency=histories.currency,
        warnings=(*histories.warnings, *_warnings(now, track)),
    )


def track_record(
    histories: Histories, as_of: date, horizon_days: float, settings: PipelineSettings | None = None
) -> PastForecasts:
    """Return what the method would have said at past origins, a step apart, and what came."""
    settings = settings or PipelineSettings()
    at = end_of(as_of)
    instants = weekly_instants(histories.starts_at, at, settings.risks.step_days)
    seen = landmarks(histories, instants[-settings.history_steps - 1 :])
    return _track(histories, seen, at, _track_ends(horizon_days, settings), settings)


@dataclass(frozen=True)
class _Expectation:
    """What is expected at one instant, deal by deal."""

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
        return self.amounts * self.won[:, -1]

    @property
    def expected(self) -> Floats:
        total: Floats = self.amounts @ self.won + self.new.expected
        return total

    @property
    def independent_sd(self) -> Floats:
        deals = self.amounts**2 @ (self.won * (1 - self.won))
        spread: Floats = np.sqrt(deals + self.new.variance)
        return spread

    def steps(self, factors: Floats, settings: PipelineSettings) -> pl.DataFrame:
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
        return Simulation(
            amounts=self.amounts,
            chances=self.won[:, step],
            new_wins=float(self.new.wins[step]),
            new_amounts=self.new.amounts,
            new_expected=float(self.new.expected[step]),
            spread_factor=spread_factor,
        )


def _track_ends(horizon_days: float, settings: PipelineSettings) -> Floats:
    """Return the forecast's steps, and further ones where it is short: their errors teach too."""
    step = settings.risks.step_days
    further = np.arange(step, (MIN_TRACK_STEPS + 1) * step, step, dtype=np.float64)
    return np.concatenate([step_ends(horizon_days, step), further[further > horizon_days]])


def _expect(
    histories: Histories, seen: Landmarks, at: int, ends_days: Floats, settings: PipelineSettings
) -> _Expectation:
    table = learn_outcomes(seen, at, ends_days, settings.risks)
    rows = np.flatnonzero(seen.at == at)
    outcomes = table.of(seen.stage[rows], seen.age_days[rows], seen.due_days[rows])
    past = seen.known_before(at)
    cycle = typical_cycle_days(past)
    half_lives = tuple(None if m is None else m * cycle for m in settings.risks.memories)
    new = expect_new_business(histories, at, ends_days, half_lives)
    known = np.isfinite(seen.amount[rows])
    typical = float(new.amounts.mean()) if len(new.amounts) else 0.0
    amounts = np.where(known, seen.amount[rows] * _kept(past, settings.risks), typical)
    return _Expectation(rows, seen, table, outcomes.won, outcomes.lost, amounts, ~known, new)


def _kept(past: Landmarks, settings: RiskSettings) -> float:
    """Return amount at the win over amount when last seen, of deals won, pulled towards 1."""
    both = np.isfinite(past.won_amount) & np.isfinite(past.amount)
    if not both.any():
        return 1.0
    belief = settings.shrinkage * float(past.amount[both].mean())
    won, then = float(past.won_amount[both].sum()), float(past.amount[both].sum())
    return (won + belief) / (then + belief) if then + belief > 0 else 1.0


def _track(
    histories: Histories, seen: Landmarks, at: int, ends_days: Floats, settings: PipelineSettings
) -> PastForecasts:
    instants = np.unique(seen.at[seen.at < at])
    chosen, expected, sd = [], [], []
    for instant in instants[-settings.origins - len(ends_days) :]:
        then = _expect(histories, seen, int(instant), ends_days, settings)
        if then.table.wins_seen < MIN_EVENTS:
            continue
        chosen.append(instant)
        taught = then.new.windows >= MIN_WINDOWS
        expected.append(np.where(taught, then.expected, np.nan))
        sd.append(then.independent_sd)
    origins = np.array(chosen, dtype=np.int64)
    shape = (len(origins), len(ends_days))
    return PastForecasts(
        origins,
        ends_days,
        np.reshape(expected, shape),
        np.reshape(sd, shape),
        _actual(histories, origins, ends_days, at),
    )


def _actual(histories: Histories, origins: Integers, ends_days: Floats, at: int) -> Floats:
    won = histories.deals.filter(pl.col("outcome") == "won").sort("closed_epoch")
    closed = won["closed_epoch"].to_numpy()
    amounts = won["amount_minor"].cast(pl.Float64).fill_null(0.0).to_numpy()  # unknown: no revenue
    total = np.concatenate([[0.0], np.cumsum(amounts)])
    over_at = origins[:, None] + ends_days[None, :] * DAY
    before = total[np.searchsorted(closed, origins)][:, None]
    reached: Floats = total[np.searchsorted(closed, over_at)] - before
    return np.where(over_at <= at, reached, np.nan)


def _deal_rows(histories: Histories, now: _Expectation, at: int) -> pl.DataFrame:
    stages = np.array(now.seen.stages)
    won, lost = now.won[:, -1], now.lost[:, -1]
    worthless = now.assumed if not len(now.new.amounts) else np.zeros(len(won), dtype=np.bool_)
    rows = pl.DataFrame(
        {
            "deal": now.seen.deal[now.rows],
            "stage": stages[now.seen.stage[now.rows]],
            "age_days": now.seen.age_days[now.rows],
            "amount_minor": now.amounts,
            "amount_assumed": now.assumed,
            "p_win": won,
            "p_lose": lost,
            "p_slip": 1.0 - won - lost,
            "expected_minor": now.expected_by_deal,
            "is_unknown": worthless,
        }
    ).with_columns(
        pl.when(~pl.col("is_unknown")).then(pl.col("amount_minor", "expected_minor")).name.keep()
    )
    due = histories.states.filter(pl.col("from_epoch") < at, pl.col("until_epoch") >= at)
    named = histories.deals.select("deal", "deal_id", "name", "account", "owner_id", "owner")
    return (
        rows.join(named, on="deal", how="left")
        .join(due.select("deal", "due_on"), on="deal", how="left")
        .select(
            "deal_id", "name", "account", "owner_id", "owner", "stage", "age_days", "due_on",
            "amount_minor", "amount_assumed", "p_win", "p_lose", "p_slip", "expected_minor",
        )
    )  # fmt: skip


def _warnings(now: _Expectation, track: PastForecasts) -> Iterator[str]:
    wins, losses = now.table.wins_seen, now.table.losses_seen
    if wins < MIN_EVENTS or losses < MIN_EVENTS:
        yield (
            f"Probabilities rest on {wins} deals won and {losses} lost; below {MIN_EVENTS} of each "
            "they are a guess."
        )
    if now.assumed.any():
        how = "taken as a typical win" if len(now.new.amounts) else "left out, as no win has one"
        yield f"Open deals without an amount, {how}: {int(now.assumed.sum())}."
    horizon = len(now.table.ends_days) - 1
    over = int(np.isfinite(track.actual[:, horizon]).sum()) if len(track.origins) else 0
    if not over:
        yield "No past forecast at this horizon is over: the band assumes independent deals."
    elif over < 8:  # noqa: PLR2004 - fewer errors than an 80 % band needs to be checked
        yield f"The width of the band rests on {over} past forecasts at this horizon."
