"""Accuracy and coverage of the default forecast on monthly series, its peers run beside it.

Reads ``shared/data/series`` beside the project's folder (train and test, ``id,ds,y``) and skips
where that is absent. Nothing is chosen or tuned here: the test part is only compared with.

    python benchmarks/series_accuracy.py [--jobs 2] [--limit N] [--out results.csv] [--ours]
"""

import argparse
import logging
import resource
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.forecasting.frequency import Frequency, Grid  # noqa: E402 - after the path is set
from core.forecasting.series import FloatArray, Series  # noqa: E402
from core.forecasting.series_forecast import forecast_file, forecast_series  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "series"
HORIZON = 6
SEASON = 12
RECENT = 36
SHORT = (2, 3, 5, 8, 11)
SEED = 7
COLUMNS = ("forecast", "lo80", "hi80", "lo95", "hi95")
PEERS = ("auto_ets", "auto_theta", "auto_arima", "prophet")

Bands = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]


def ours(history: Series) -> Bands:
    """Forecast as the product does, with default options."""
    frame = forecast_series(history, HORIZON).frame
    return tuple(frame[name].to_numpy() for name in COLUMNS)


def ours_with_gaps(history: Series) -> Bands:
    """Forecast, as the product does, a file in which about every tenth month is missing."""
    generator = np.random.default_rng([SEED, int(history.array.sum())])
    kept = generator.random(len(history)) > 0.1
    kept[[0, -1]] = True
    pairs = zip(history.dates, history.values, kept, strict=True)
    lines = [f"{day},{value}" for day, value, keep in pairs if keep]
    frame = forecast_file("gaps.csv", "\n".join(["ds,y", *lines, ""]).encode(), HORIZON).frame
    return tuple(frame[name].to_numpy() for name in COLUMNS)


def statsforecast_peer(model: str) -> Callable[[Series], Bands]:
    """Return a model of statsforecast with its own intervals, as its users run it."""

    def forecast(history: Series) -> Bands:
        from statsforecast import models

        made = getattr(models, model)(season_length=SEASON).forecast(
            y=np.array(history.values), h=HORIZON, level=[80, 95]
        )
        return tuple(made[k] for k in ("mean", "lo-80", "hi-80", "lo-95", "hi-95"))

    return forecast


def prophet_peer(history: Series) -> Bands:
    """Forecast with Prophet's defaults and its own simulated intervals."""
    import pandas as pd
    from prophet import Prophet

    np.random.seed(SEED)  # its intervals draw from the global generator
    past = pd.DataFrame({"ds": pd.to_datetime(list(history.dates)), "y": history.values})
    future = pd.DataFrame({"ds": pd.to_datetime(list(history.future_dates(HORIZON)))})
    model = Prophet().fit(past)
    samples = model.predictive_samples(future)["yhat"]
    model.uncertainty_samples = 0  # the expected path alone; the samples are already drawn
    path = model.predict(future)["yhat"].to_numpy()
    return path, *np.quantile(samples, (0.1, 0.9, 0.025, 0.975), axis=1)


def seasonal_naive(history: Series) -> Bands:
    """Repeat last year."""
    last = history.array[-SEASON:][:HORIZON]
    nothing = np.full(HORIZON, np.nan)
    return last, nothing, nothing, nothing, nothing


METHODS: dict[str, Callable[[Series], Bands]] = {
    "plumbline": ours,
    "auto_ets": statsforecast_peer("AutoETS"),
    "auto_theta": statsforecast_peer("AutoTheta"),
    "auto_arima": statsforecast_peer("AutoARIMA"),
    "prophet": prophet_peer,
    "seasonal_naive": seasonal_naive,
}
GAPS = "plumbline, gaps"


def cpu_seconds() -> float:
    """Return processor time of this process and of the fits Prophet starts."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measured(name: str, part: str, history: Series, actual: FloatArray, scale: float) -> dict:
    """Return error, coverage and time of one method on one history."""
    started, cpu = time.perf_counter(), cpu_seconds()
    try:
        method = ours_with_gaps if name == GAPS else METHODS[name]
        path, lo80, hi80, lo95, hi95 = method(history)
    except Exception as error:  # noqa: BLE001 - a peer that raises is counted, not hidden
        return {"method": name, "part": part, "id": history.name, "problem": repr(error)[:120]}
    return {
        "method": name,
        "part": part,
        "id": history.name,
        "mase": float(np.mean(np.abs(path - actual)) / scale),
        "bias": float(np.mean(path - actual) / scale),
        "in80": held(actual, lo80, hi80),
        "in95": held(actual, lo95, hi95),
        "width80": None if np.isnan(lo80).any() else float(np.mean(hi80 - lo80) / scale),
        "negative": float((path < 0).any()),
        "seconds": time.perf_counter() - started,
        "cpu_seconds": cpu_seconds() - cpu,
        "problem": "",
    }


def held(actual: FloatArray, low: FloatArray, high: FloatArray) -> float | None:
    """Return the share of values inside a band; None where there is no band."""
    return None if np.isnan(low).any() else float(np.mean((actual >= low) & (actual <= high)))


def one_series(task: tuple[Series, tuple[float, ...]], methods: Sequence[str]) -> list[dict]:
    """Run the methods on both histories of one series, and ours on short and gappy ones."""
    quiet()
    history, future = task
    actual = np.array(future[:HORIZON])
    scale = float(np.mean(np.abs(history.array[SEASON:] - history.array[:-SEASON])))
    parts = {"full": history, "last 36": history.tail(RECENT)}
    rows = [
        measured(name, part, known, actual, scale)
        for part, known in parts.items()
        for name in methods
    ]
    short = [history.tail(n) for n in SHORT]
    rows += [measured("plumbline", f"last {len(h)}", h, actual, scale) for h in short]
    if history.name.endswith(("0", "5")):  # a fifth of the series, whichever they are
        rows.append(measured(GAPS, "last 36", history.tail(RECENT), actual, scale))
    return rows


def quiet() -> None:
    """Silence the peers' logs and warnings; the project's own code needs no silence."""
    warnings.simplefilter("ignore")
    logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)
    logging.getLogger("cmdstanpy").addHandler(logging.NullHandler())
    logging.getLogger("cmdstanpy").setLevel(logging.CRITICAL)


def tasks(limit: int | None) -> list[tuple[Series, tuple[float, ...]]]:
    """Return each history with what came after it."""
    train = pl.read_csv(DATA / "m3_monthly_train.csv", try_parse_dates=True)
    test = pl.read_csv(DATA / "m3_monthly_test.csv", try_parse_dates=True)
    future = {key[0]: tuple(part["y"]) for key, part in test.group_by("id")}
    found = []
    for (name,), part in train.group_by("id", maintain_order=True):
        history = Series(str(name), Grid(Frequency.MONTH), part["ds"][0], tuple(part["y"]))
        found.append((history, future[name]))
    return found[:limit]


def report(rows: pl.DataFrame) -> None:
    """Print one line a method and history, then the comparison with the best peer."""
    summary = (
        rows.group_by("part", "method", maintain_order=True)
        .agg(
            pl.len().alias("series"),
            (pl.col("problem") != "").sum().alias("raised"),
            pl.col("mase").mean().round(4),
            pl.col("bias").mean().round(3),
            (100 * pl.col("in80").mean()).round(1).alias("cov80"),
            (100 * pl.col("in95").mean()).round(1).alias("cov95"),
            pl.col("width80").mean().round(2),
            pl.col("negative").sum().cast(pl.Int64),
            pl.col("cpu_seconds").median().round(2).alias("cpu_s"),
            pl.col("cpu_seconds").max().round(2).alias("cpu_max"),
            pl.col("seconds").median().round(2).alias("wall_s"),
        )
        .sort("part")
    )
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=160, tbl_hide_dataframe_shape=True):
        print(summary)
    for part in ("full", "last 36"):
        compare(rows.filter(pl.col("part") == part), part)
        held_bands(rows.filter(pl.col("part") == part), part)


def compare(rows: pl.DataFrame, part: str) -> None:
    """Print the ratio to the best peer with a paired bootstrap over series."""
    wide = (
        rows.filter(pl.col("method") != GAPS)
        .pivot(on="method", index="id", values="mase")
        .drop_nulls()
    )
    if not set(PEERS) <= set(wide.columns):
        return
    best = min(PEERS, key=lambda name: wide[name].mean())
    own, peer = wide["plumbline"].to_numpy(), wide[best].to_numpy()
    generator = np.random.default_rng(SEED)
    picks = generator.integers(0, len(own), (4000, len(own)))
    ratios = own[picks].mean(axis=1) / peer[picks].mean(axis=1)
    low, high = np.quantile(ratios, (0.025, 0.975))
    ratio = own.mean() / peer.mean()
    print(
        f"{part}: MASE {own.mean():.4f} / {best} {peer.mean():.4f} = {ratio:.3f} "
        f"(95 % of resampled series {low:.3f} to {high:.3f}); better on {np.mean(own < peer):.0%}"
    )


def held_bands(rows: pl.DataFrame, part: str) -> None:
    """Print what our bands held, give or take 1.96 standard errors over series."""
    for level in (80, 95):
        held = rows.filter(pl.col("method") == "plumbline")[f"in{level}"].to_numpy()
        error = held.std(ddof=1) / np.sqrt(len(held))
        print(f"{part}: {level} % band held {100 * held.mean():.1f} % +- {196 * error:.1f}")


def main() -> None:
    """Run, print and optionally keep the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--ours", action="store_true", help="leave the peers out")
    chosen = parser.parse_args()
    if not DATA.exists():
        print(f"Skipped: {DATA} is not there.")
        return
    rows: list[dict] = []
    # Polars keeps threads, which a forked process would wait for without end.
    with ProcessPoolExecutor(chosen.jobs, mp_context=get_context("spawn")) as pool:
        methods = ("plumbline", "seasonal_naive") if chosen.ours else tuple(METHODS)
        for found in pool.map(partial(one_series, methods=methods), tasks(chosen.limit)):
            rows += found
            if chosen.out:
                pl.DataFrame(rows, infer_schema_length=None).write_csv(chosen.out)
    report(pl.DataFrame(rows, infer_schema_length=None))


if __name__ == "__main__":
    main()
