"""The pipeline forecast on simulated companies, beside a run rate and the CRM's own stage weights.

Each company has 2,000 deals in three years; forecasts every three weeks of the last year, 28 and 91
days ahead, with nothing known that came later.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.crm.demo import DemoOptions, load, simulate
from core.engine import open_engine
from core.forecasting.attainment import booked
from core.forecasting.histories import Histories, end_of, read_histories
from core.forecasting.landmarks import replay
from core.forecasting.pipeline import forecast_pipeline
from core.workspace import Workspace

ENDS_ON = date(2026, 11, 20)
SEEDS = (7, 8, 9)
HORIZONS_DAYS = (28, 91)
EVERY_DAYS = 21
RUN_RATE_DAYS = 182


def company(seed: int) -> tuple[Histories, pl.DataFrame]:
    """Return a simulated company's deals, and the win probability its CRM states by stage."""
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(DemoOptions(ends_on=ENDS_ON, seed=seed)))
        stated = workspace.query("SELECT stage, max(probability) AS p FROM stages GROUP BY stage")
        return read_histories(open_engine(workspace), "EUR"), stated


def run_rate(histories: Histories, as_of: date, days: int) -> float:
    """Return the amount won a day in the last half year, for the days to come."""
    won = booked(histories, as_of - timedelta(days=RUN_RATE_DAYS - 1), as_of)
    return won / RUN_RATE_DAYS * days


def stage_weighted(histories: Histories, stated: pl.DataFrame, as_of: date) -> float:
    """Return the sum of amount x the CRM's probability over open deals."""
    weighted = replay(histories, end_of(as_of)).join(stated, on="stage")
    return float((weighted["amount_minor"] * weighted["p"]).sum())


def wape(actual: list[float], forecast: list[float]) -> float:
    """Return sum |actual - forecast| / sum actual, in percent."""
    return 100 * float(np.abs(np.subtract(actual, forecast)).sum() / np.sum(actual))


def row(seed: int, days: int) -> str:
    """Return a line of the table."""
    histories, stated = company(seed)
    origins = [ENDS_ON - timedelta(days=days + EVERY_DAYS * k) for k in range(18)]
    came, said, rates, weights, inside = [], [], [], [], 0
    for as_of in origins:
        until = as_of + timedelta(days=days)
        forecast = forecast_pipeline(histories, as_of, until)
        actual = booked(histories, as_of + timedelta(days=1), until)
        low, high = (forecast.distribution.quantile(share) for share in (0.1, 0.9))
        inside += low <= actual <= high
        came.append(float(actual))
        said.append(forecast.expected)
        rates.append(run_rate(histories, as_of, days))
        weights.append(stage_weighted(histories, stated, as_of))
    errors = " | ".join(f"{wape(came, one):.1f}" for one in (said, rates, weights))
    return f"| {seed} | {days} | {errors} | {inside}/{len(origins)} |"


def main() -> None:
    """Run every company at every horizon."""
    print("| seed | days | pipeline WAPE % | run rate | CRM stage weights | in the 80 % band |")
    print("|---|---|---|---|---|---|")
    for seed in SEEDS:
        for days in HORIZONS_DAYS:
            print(row(seed, days), flush=True)


if __name__ == "__main__":
    main()
