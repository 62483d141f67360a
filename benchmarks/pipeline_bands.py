"""How often the pipeline forecast's 80 % band holds what came, on many windows.

The public log has room for ten windows of four weeks, which all but overlap: eight or nine of
them inside says little. Simulated companies have room for many. Each is replayed week by week,
and every fifth origin is judged by the band it would have shown, from errors known by then.

    python benchmarks/pipeline_bands.py [--seeds 31 32 33]
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from pipeline_demo import ENDS_ON, company

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.forecasting.competing_risks import typical_cycle_days
from core.forecasting.expectation import PipelineSettings
from core.forecasting.histories import Histories, end_of
from core.forecasting.landmarks import Booleans
from core.forecasting.spread import Z80, PastForecasts, spread_factors
from core.forecasting.track_record import snapshots, track_record

SEEDS = range(31, 43)
WEEKS = (1, 2, 3, 4, 8, 13)
ORIGINS = 110
EVERY = 5
FIRST = 10
REMEMBERED = PipelineSettings().origins + WEEKS[-1]


def known_before(track: PastForecasts, origin: int) -> PastForecasts:
    """Return the past forecasts that a forecast at this origin would learn its width from."""
    rows = slice(max(0, origin - REMEMBERED), origin)
    return PastForecasts(
        track.origins[rows],
        track.ends_days,
        track.expected[rows],
        track.sd[rows],
        track.actual[rows],
    )


def judged(histories: Histories) -> tuple[Booleans, Booleans]:
    """Return which windows the bands held, and which if deals were independent."""
    track = track_record(histories, ENDS_ON, 7 * WEEKS[-1], PipelineSettings(origins=ORIGINS))
    at = end_of(ENDS_ON)
    seen = snapshots(histories, at, track.ends_days, PipelineSettings())
    cycle_days = typical_cycle_days(seen.known_before(at))
    origins = range(FIRST, len(track.origins) - WEEKS[-1], EVERY)
    factors = np.array(
        [
            spread_factors(known_before(track, origin), int(track.origins[origin]), cycle_days)
            for origin in origins
        ]
    )
    columns = np.array(WEEKS) - 1
    errors = track.z[list(origins)][:, columns]
    return errors <= Z80 * factors[:, columns], errors <= Z80


def main() -> None:
    """Replay every company and print one line a horizon."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    found = [judged(company(seed)[0]) for seed in parser.parse_args().seeds]
    print("| weeks | windows | in the 80 % band | between companies | if deals were independent |")
    print("|---|---|---|---|---|")
    for column, weeks in enumerate(WEEKS):
        held = np.array([100 * inside[:, column].mean() for inside, _ in found])
        alone = 100 * np.concatenate([inside[:, column] for _, inside in found]).mean()
        error = held.std(ddof=1) / np.sqrt(len(held)) if len(held) > 1 else np.nan
        windows = sum(len(inside) for inside, _ in found)
        print(f"| {weeks} | {windows} | {held.mean():.1f} | +- {1.96 * error:.1f} | {alone:.1f} |")


if __name__ == "__main__":
    main()
