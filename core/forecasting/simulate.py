"""A simulated period: every open deal drawn, new business drawn, and one shock common to all."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.errors import InvalidParameterError
from core.forecasting.landmarks import Floats

_DRAWS_AT_ONCE = 250


@dataclass(frozen=True)
class Simulation:
    """What is drawn: the open deals, the deals not yet created, and how much moves together.

    Parameters
    ----------
    amounts, chances
        Amount and probability to be won in the period, by open deal.
    new_wins
        Expected number of wins among deals not yet created.
    new_amounts
        Amounts of past wins, to draw sizes from.
    new_expected
        Expected amount of new business; sizes are scaled to meet it.
    spread_factor
        Calibrated standard deviation over the independent one, at least 1.
    """

    amounts: Floats
    chances: Floats
    new_wins: float
    new_amounts: Floats
    new_expected: float
    spread_factor: float

    def __post_init__(self) -> None:
        if self.spread_factor < 1:
            raise InvalidParameterError(
                f"A spread factor of {self.spread_factor} is narrower than independent deals.",
                "Choose 1 or more.",
            )

    @property
    def expected(self) -> float:
        """Expected amount: the sum over deals of amount x chance, and new business."""
        return float(self.amounts @ self.chances) + self.new_expected

    @property
    def independent_sd(self) -> float:
        """Standard deviation if nothing moved together."""
        deals = float(self.amounts**2 @ (self.chances * (1 - self.chances)))
        return float(np.sqrt(deals + self._new_variance))

    @property
    def shock_sd(self) -> float:
        """Size of the common shock, as a share of the expected amount.

        From (1 + shock^2) x (sd^2 + expected^2) - expected^2 = (factor x sd)^2, the variance of
        the product of the independent total and a shock with mean 1.
        """
        if self.expected <= 0:
            return 0.0
        second_moment = self.independent_sd**2 + self.expected**2
        extra = (self.spread_factor**2 - 1) * self.independent_sd**2
        return float(np.sqrt(extra / second_moment))

    @property
    def _draws_new(self) -> bool:
        return self.new_wins > 0 and bool(self.new_amounts.sum() > 0)

    @property
    def _new_variance(self) -> float:
        if not self._draws_new:
            return 0.0
        scaled = self.new_amounts * self._scale
        return self.new_wins * float(np.mean(scaled**2))

    @property
    def _scale(self) -> float:
        return self.new_expected / (self.new_wins * float(self.new_amounts.mean()))

    def draw(self, draws: int, seed: int) -> "Distribution":
        """Simulate the period many times.

        Formula: (sum of amount x won + new business) x shock, won drawn per deal, the number
        of new wins from a Poisson distribution and their sizes from past wins, the shock from a
        lognormal distribution with mean 1. Equal seeds give equal draws, so two scenarios
        with the same deals differ by what was changed and not by luck.
        """
        deals, new, shocks = np.random.default_rng(seed).spawn(3)
        totals = np.concatenate(
            [
                self._draw_deals(deals, min(_DRAWS_AT_ONCE, draws - start))
                for start in range(0, draws, _DRAWS_AT_ONCE)
            ]
        )
        totals = totals + self._draw_new(new, draws)
        sigma = float(np.sqrt(np.log1p(self.shock_sd**2)))
        shock = np.exp(sigma * shocks.standard_normal(draws) - sigma**2 / 2)
        return Distribution(totals * shock)

    def _draw_deals(self, random: np.random.Generator, draws: int) -> Floats:
        won = random.random((draws, len(self.amounts))) < self.chances
        totals: Floats = won @ self.amounts
        return totals

    def _draw_new(self, random: np.random.Generator, draws: int) -> Floats:
        if not self._draws_new:
            return np.full(draws, self.new_expected)
        counts = random.poisson(self.new_wins, draws)
        sizes = random.choice(self.new_amounts, int(counts.sum())) * self._scale
        of_draw = np.repeat(np.arange(draws), counts)
        return np.bincount(of_draw, sizes, minlength=draws).astype(np.float64)


@dataclass(frozen=True)
class Distribution:
    """Simulated totals of a period, in minor units."""

    totals: Floats

    def quantile(self, share: float) -> float:
        """Return the total that a share of the simulations stays below."""
        return float(np.quantile(self.totals, share))

    def chance_of(self, target: float) -> float:
        """Return the share of simulations that reach a target."""
        return float(np.mean(self.totals >= target))

    def plus(self, booked: float) -> "Distribution":
        """Return the distribution with what is won already on top."""
        return Distribution(self.totals + booked)


def deciding_deals(deals: pl.DataFrame, count: int = 5) -> pl.DataFrame:
    """Return the deals whose outcome moves the total most: largest amount^2 x p x (1 - p).

    Parameters
    ----------
    deals
        Deals of a pipeline forecast.
    count
        How many.

    Returns
    -------
    polars.DataFrame
        The same columns and ``variance_share``, the deal's part of the variance of all
        open deals if they were independent; null where nothing is uncertain.
    """
    variance = pl.col("win_amount_minor") ** 2 * pl.col("p_win") * (1 - pl.col("p_win"))
    return (
        deals.with_columns(
            variance_share=pl.when(variance.sum() > 0).then(variance / variance.sum())
        )
        .sort("variance_share", "deal_id", descending=[True, False], nulls_last=True)
        .head(count)
    )
