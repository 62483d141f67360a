"""Won amount in the next 1, 2, 3 and 4 weeks, forecast from a pipeline with stage history.

Data: 7,367 qualified opportunities of a public log of loan applications, with stage history, in
``../shared/data/pipeline`` beside the repository; without them the script says so and stops.

Origins: 13 Mondays from 2011-12-12, the windows of every horizon ending by 2012-03-12, the last
whole week of the log. At each origin every method sees only what had happened by then.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import narwhals as nw
import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.forecasting.competing_risks import RiskSettings  # noqa: E402
from core.forecasting.histories import DAY, Histories, end_of, read_histories  # noqa: E402
from core.forecasting.landmarks import replay  # noqa: E402
from core.forecasting.pipeline import PipelineSettings, forecast_pipeline  # noqa: E402
from core.forecasting.spread import Z80  # noqa: E402
from core.forecasting.win_rate import win_rates  # noqa: E402

FOLDER = ROOT.parent / "shared" / "data" / "pipeline"
FIRST_ORIGIN = date(2011, 12, 11)  # known is everything up to the end of this Sunday
WEEKS = 13
HORIZONS = (1, 2, 3, 4)
LOG_ENDS = date(2012, 3, 14)
TARGETS = {1: 15.0, 2: 7.3, 3: 7.8, 4: 9.8}
ORACLE = {14: 0.1488, 28: 0.2795, 60: 0.3177}

Method = Callable[[Histories, date, int], float]


@dataclass(frozen=True)
class Frames:
    """An engine over frames in memory."""

    tables: dict[str, pl.DataFrame]

    def table(self, name: str) -> nw.LazyFrame[pl.LazyFrame]:
        """Return a canonical table."""
        return nw.from_native(self.tables[name].lazy())

    def once(
        self, _key: object, build: Callable[[], nw.LazyFrame[pl.LazyFrame]]
    ) -> nw.LazyFrame[pl.LazyFrame]:
        """Build a frame, which costs nothing here."""
        return build()


def load(folder: Path) -> Histories:
    """Read the two files as canonical tables; a deal is created when it qualifies."""
    opportunities = pl.read_csv(folder / "opportunities.csv").filter(
        pl.col("qualified_at").is_not_null()
    )
    key = pl.col("opportunity_id").cast(pl.String).alias("deal_id")
    cents = (pl.col("amount") * 100).alias("amount_minor")
    no_day = pl.lit(None, dtype=pl.Date).alias("expected_close_at")
    nothing = [
        pl.lit("").alias(name)
        for name in (
            "name",
            "account_id",
            "account",
            "industry",
            "region",
            "owner_id",
            "owner",
            "kind",
            "source",
        )
    ]
    facts = opportunities.select(
        key,
        *nothing,
        cents,
        no_day,
        pl.lit("EUR").alias("currency"),
        pl.lit(LOG_ENDS).alias("rate_day"),
        pl.lit("loans").alias("pipeline"),
        pl.col("outcome").str.to_lowercase(),
        _epoch("qualified_at").alias("created_at_epoch"),
        _epoch("closed_at").alias("closed_at_epoch"),
    )
    changes = (
        pl.read_csv(folder / "stage_history.csv")
        .filter(pl.col("stage") != "1-Lead")
        .select(key, "stage", _epoch("entered_at").alias("changed_at_epoch"))
        .join(opportunities.select(key, cents), on="deal_id")
        .with_columns(no_day)
    )
    names = sorted(changes["stage"].unique())
    outcomes = {"6-Closed Won": "won", "7-Closed Lost": "lost"}
    stages = pl.DataFrame(
        {
            "pipeline": ["loans"] * len(names),
            "stage": names,
            "position": list(range(1, len(names) + 1)),
            "outcome": [outcomes.get(name, "open") for name in names],
        }
    )
    rates = pl.DataFrame(schema={"currency": pl.String, "day": pl.Date, "per_euro": pl.Float64})
    tables = {
        "deal_facts": facts,
        "stage_changes": changes,
        "stages": stages,
        "exchange_rates": rates,
        "owners": pl.DataFrame(schema={"owner_id": pl.String, "team": pl.String}),
    }
    return read_histories(Frames(tables), "EUR")


def _epoch(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 19).str.to_datetime("%Y-%m-%d %H:%M:%S").dt.epoch("s")


def won_between(histories: Histories, begins: int, ends: int) -> float:
    """Return the amount won from one instant to just before another, in euros."""
    won = histories.deals.filter(
        pl.col("outcome") == "won", pl.col("closed_epoch").is_between(begins, ends, closed="left")
    )
    return float(won["amount_minor"].sum()) / 100


def weekly_history(histories: Histories, as_of: date) -> list[float]:
    """Return the amounts won in the whole weeks up to a day, oldest first."""
    at = end_of(as_of)
    weeks = (at - histories.starts_at) // (7 * DAY)
    return [
        won_between(histories, at - (k + 1) * 7 * DAY, at - k * 7 * DAY)
        for k in reversed(range(weeks))
    ]


def naive(histories: Histories, as_of: date, weeks: int) -> float:
    """Last week's amount for each week to come."""
    return weeks * weekly_history(histories, as_of)[-1]


def run_rate(histories: Histories, as_of: date, weeks: int) -> float:
    """Mean of the last three weeks for each week to come."""
    return weeks * float(np.mean(weekly_history(histories, as_of)[-3:]))


def stage_weighted(histories: Histories, as_of: date, weeks: int) -> float:  # noqa: ARG001
    """Sum of amount x share won of the stage's closed deals, at any time: what most CRMs do."""
    at = end_of(as_of)
    known = histories.deals.filter(pl.col("closed_epoch") < at).select("deal", "outcome")
    seen = histories.states.filter(pl.col("from_epoch") < at).select("deal", "stage").unique()
    rates = seen.join(known, on="deal").group_by("stage").agg(p=(pl.col("outcome") == "won").mean())
    weighted = replay(histories, at).join(rates, on="stage")
    return float((weighted["amount_minor"] * weighted["p"]).sum()) / 100


def auto_theta(histories: Histories, as_of: date, weeks: int) -> float:
    """Sum of the next weeks of AutoTheta on weekly amounts."""
    from statsforecast.models import AutoTheta

    history = np.array(weekly_history(histories, as_of))
    return float(AutoTheta(season_length=1).forecast(history, weeks)["mean"].sum())


def auto_ets(histories: Histories, as_of: date, weeks: int) -> float:
    """Sum of the next weeks of AutoETS on weekly amounts."""
    from statsforecast.models import AutoETS

    history = np.array(weekly_history(histories, as_of))
    return float(AutoETS(season_length=1).forecast(history, weeks)["mean"].sum())


def peers() -> dict[str, Method]:
    """Return the methods to compare with, those of a package only where it is installed."""
    found: dict[str, Method] = {
        "run rate, mean of 3 weeks": run_rate,
        "naive, last week": naive,
        "stage-weighted pipeline": stage_weighted,
    }
    try:
        import statsforecast  # noqa: F401
    except ImportError:
        print("statsforecast is not installed: AutoTheta and AutoETS are left out.")
        return found
    return {**found, "AutoTheta": auto_theta, "AutoETS": auto_ets}


def origins(weeks: int, shift_days: int = 0) -> list[date]:
    """Return the as-of days of a horizon; shifting them gives the same weeks on another weekday."""
    start = FIRST_ORIGIN + timedelta(days=shift_days)
    return [start + timedelta(weeks=k) for k in range(WEEKS + 1 - weeks)]


def wape(actual: list[float], forecast: list[float]) -> float:
    """Return sum |actual - forecast| / sum actual, in percent."""
    return 100 * float(np.abs(np.subtract(actual, forecast)).sum() / np.sum(actual))


def actuals(histories: Histories, days: list[date], weeks: int) -> list[float]:
    """Return what was won in the weeks after each day."""
    return [
        won_between(histories, end_of(day), end_of(day + timedelta(weeks=weeks))) for day in days
    ]


@dataclass(frozen=True)
class Measured:
    """How the pipeline forecast did at one horizon."""

    weeks: int
    wape: float
    bias: float
    inside: int
    inside_if_independent: int
    windows: int

    def row(self) -> str:
        """Return a line of a table."""
        held, alone = (
            f"{count} ({100 * count / self.windows:.0f} %)"
            for count in (self.inside, self.inside_if_independent)
        )
        return (
            f"| {self.weeks} | {self.windows} | {self.wape:.1f} | {TARGETS[self.weeks]} | "
            f"{self.bias:+.1f} | {held} | {alone} |"
        )


def measure(histories: Histories, weeks: int, shifts: tuple[int, ...]) -> Measured:
    """Forecast at the origins of some weekdays and compare with what came."""
    days = [day for shift in shifts for day in origins(weeks, shift)]
    came = actuals(histories, days, weeks)
    forecasts = [forecast_pipeline(histories, day, day + timedelta(weeks=weeks)) for day in days]
    said = [forecast.expected / 100 for forecast in forecasts]
    inside, alone = 0, 0
    for actual, forecast in zip(came, forecasts, strict=True):
        low, high = (forecast.distribution.quantile(share) for share in (0.1, 0.9))
        inside += low <= 100 * actual <= high
        reach = Z80 * forecast.steps["independent_sd_minor"][-1]
        alone += abs(100 * actual - forecast.expected) <= reach
    bias = 100 * float((np.sum(said) - np.sum(came)) / np.sum(came))
    return Measured(weeks, wape(came, said), bias, inside, alone, len(days))


def print_accuracy(histories: Histories, shifts: tuple[int, ...]) -> None:
    """Print WAPE and coverage of the pipeline forecast by horizon."""
    print("| weeks | windows | WAPE % | target | bias % | in the 80 % band | if independent |")
    print("|---|---|---|---|---|---|---|")
    for weeks in HORIZONS:
        print(measure(histories, weeks, shifts).row(), flush=True)


def print_peers(histories: Histories) -> None:
    """Print the WAPE of the peers on the same origins."""
    print("| peer, WAPE % | " + " | ".join(f"{weeks} wk" for weeks in HORIZONS) + " |")
    print("|---|" + "---|" * len(HORIZONS))
    for name, method in peers().items():
        errors = [
            wape(
                actuals(histories, origins(weeks), weeks),
                [method(histories, day, weeks) for day in origins(weeks)],
            )
            for weeks in HORIZONS
        ]
        print(f"| {name} | " + " | ".join(f"{error:.1f}" for error in errors) + " |", flush=True)


VARIANTS = {
    "as shipped": RiskSettings(),
    "deals count alike": RiskSettings(by_amount=False),
    "remembers everything": RiskSettings(memories=(None,)),
    "half-life of four cycles": RiskSettings(memories=(4.0,)),
    "half-life of two cycles": RiskSettings(memories=(2.0,)),
    "shrinkage 3": RiskSettings(shrinkage=3.0),
    "shrinkage 30": RiskSettings(shrinkage=30.0),
}


def print_sensitivity(histories: Histories) -> None:
    """Print the WAPE with one setting changed at a time."""
    print("| settings, WAPE % | " + " | ".join(f"{weeks} wk" for weeks in HORIZONS) + " |")
    print("|---|" + "---|" * len(HORIZONS))
    for name, risks in VARIANTS.items():
        settings = PipelineSettings(risks=risks, origins=0, draws=10, draws_a_step=10)
        errors = [
            wape(
                actuals(histories, origins(weeks), weeks),
                [
                    forecast_pipeline(
                        histories, day, day + timedelta(weeks=weeks), settings
                    ).expected
                    / 100
                    for day in origins(weeks)
                ],
            )
            for weeks in HORIZONS
        ]
        print(f"| {name} | " + " | ".join(f"{error:.1f}" for error in errors) + " |", flush=True)


def print_curve(histories: Histories) -> None:
    """Print the Aalen-Johansen share won beside the oracle and the shortcut's inputs."""
    rates = win_rates(histories, LOG_ENDS)
    for day, oracle in ORACLE.items():
        low, high = rates.curve.band(day)
        print(
            f"won within {day} days: {rates.curve.won_by(day):.4f} (oracle {oracle}, "
            f"95 % band {low:.4f} to {high:.4f})"
        )
    print(f"closed basis {rates.closed_basis.rate:.4f}, cohort {rates.created_cohort.rate:.4f}")


def main() -> None:
    """Run everything, or say why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every-weekday", action="store_true", help="also origins on all weekdays")
    parser.add_argument("--sensitivity", action="store_true", help="also other settings")
    arguments = parser.parse_args()
    if not FOLDER.exists():
        print(f"Skipped: there is no {FOLDER.relative_to(ROOT.parent)} beside the repository.")
        return
    histories = load(FOLDER)
    print_curve(histories)
    print_accuracy(histories, (0,))
    print_peers(histories)
    if arguments.every_weekday:
        print("Weekly origins on each of the seven weekdays:")
        print_accuracy(histories, (-6, -5, -4, -3, -2, -1, 0))
    if arguments.sensitivity:
        print_sensitivity(histories)


if __name__ == "__main__":
    main()
