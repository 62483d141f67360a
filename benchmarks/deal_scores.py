"""What deal scores are worth: on companies whose truth is known, on shuffled outcomes, on a log.

``--simulated`` learns as of a year before the end and is asked about every later snapshot of a
deal whose outcome came; beside it the same model that is also given the simulator's own
intensities. ``--shuffled`` counts how often shuffled outcomes are called a signal. ``--log``
replays a public log of 7,367 loan applications in ``../shared/data/pipeline``. ``--period``
compares the chances of the period with what came. ``--speed`` scores 100,000 open deals.
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from pipeline_accuracy import load as load_log  # noqa: E402

from core.crm.demo import DemoOptions, load, simulate  # noqa: E402
from core.crm.demo.hazard import STEP_DAYS, _response, chunks  # noqa: E402
from core.crm.demo.ledger import Ledger  # noqa: E402
from core.crm.demo.story import tell  # noqa: E402
from core.deals.additive import probability  # noqa: E402
from core.deals.columns import Features, Number  # noqa: E402
from core.deals.features import Vocabulary, build_features, groups  # noqa: E402
from core.deals.learning import learn  # noqa: E402
from core.deals.model import Verdict, WinModel, choose_model  # noqa: E402
from core.deals.moments import past_snapshots  # noqa: E402
from core.deals.record import BINS, Past, auc, judge  # noqa: E402
from core.deals.scoring import score_deals  # noqa: E402
from core.deals.source import DealData, as_touches, read_deal_data  # noqa: E402
from core.deals.validation import Sample, sample  # noqa: E402
from core.engine import open_engine  # noqa: E402
from core.forecasting.histories import DAY, end_of  # noqa: E402
from core.forecasting.landmarks import Landmarks, landmarks, weekly_instants  # noqa: E402
from core.workspace import Workspace  # noqa: E402

ENDS_ON = date(2026, 11, 20)
CUT = date(2025, 11, 20)
FOLDER = ROOT.parent / "shared" / "data" / "pipeline"
PARTS = ("simulated", "shuffled", "log", "period", "speed", "peer")
SCENARIOS = ("company", "additive", "saturating_confounded", "multiplicative_confounded_harvest")


def company(seed: int, deals: int, scenario: str = "company") -> DealData:
    """Return the deals of a simulated company."""
    made = simulate(DemoOptions(ends_on=ENDS_ON, seed=seed, deals=deals, scenario=scenario))
    with Workspace.in_memory() as workspace:
        load(workspace, made)
        return read_deal_data(open_engine(workspace), "EUR", ENDS_ON, "demo")


@dataclass(frozen=True)
class Intensities:
    """What the simulator knows of each deal: readiness, and the stock of touches at each age."""

    readiness: np.ndarray[Any, Any]
    stock: np.ndarray[Any, Any]

    @classmethod
    def of(cls, data: DealData, seed: int, deals: int, scenario: str) -> "Intensities":
        """Tell the story again and line it up with the deals of the histories."""
        options = DemoOptions(ends_on=ENDS_ON, seed=seed, deals=deals, scenario=scenario)
        story = tell(options)
        ids = Ledger(story, options.seed, options.identity).deal_ids.to_list()
        place = {deal_id: row for row, deal_id in enumerate(ids)}
        rows = np.array([place[deal_id] for deal_id in data.histories.deals["deal_id"]])
        mine = story.touches.chosen(story.touches.opportunity < len(story.deals))
        parts = [part.stocks.sum(axis=0) for part in chunks(story.market, story.deals, mine)]
        total = _response(story.market.world.family, np.concatenate(parts, axis=1))
        return cls(story.deals.log_readiness[rows], np.log(total)[:, rows])

    def added(self, features: Features, data: DealData, seen: Landmarks) -> Features:
        """Return the features with the two intensities of each snapshot."""
        created = data.histories.deals["created_epoch"].to_numpy()[seen.deal]
        step = np.clip((seen.at - created) / DAY / STEP_DAYS, 0, len(self.stock) - 1).astype(int)
        truth = (
            Number("readiness", "truth", self.readiness[seen.deal]),
            Number("stock", "truth", self.stock[step, seen.deal]),
        )
        return Features((*features.numbers, *truth), features.names)


@dataclass(frozen=True)
class Asked:
    """Rows to learn from, and later rows with what came."""

    rows: Sample
    later: Features
    seen: Landmarks

    def judged(self) -> tuple[WinModel, Past]:
        """Choose a model and ask it about the later rows."""
        win = choose_model(self.rows)
        said = probability(win.score.log_odds(self.later))
        won = np.isfinite(self.seen.won_at).astype(np.float64)
        base = np.full(len(said), win.base_rate)
        return win, Past(self.seen.deal, said, base, won, self.seen.amount)


def later_snapshots(data: DealData, since: int, until: int) -> Landmarks:
    """Return weekly snapshots after an instant of deals whose outcome came before another."""
    seen = landmarks(data.histories, weekly_instants(since, until))
    over = np.minimum(seen.won_at, seen.lost_at) < until
    return seen._chosen(over & (seen.at < until))


def asked(data: DealData, truth: Intensities | None = None) -> Asked:
    """Split a company at the cut, with the simulator's intensities or without."""
    at, until = end_of(CUT), end_of(ENDS_ON)
    vocabulary = Vocabulary.of(data, at)
    past, later = past_snapshots(data.histories, at), later_snapshots(data, at, until)
    told = [build_features(data, seen, vocabulary) for seen in (past, later)]
    if truth is not None:
        told = [
            truth.added(features, data, seen)
            for features, seen in zip(told, (past, later), strict=True)
        ]
    companies = groups(data.histories.deals["account"])
    return Asked(sample(told[0], past, companies, at), told[1], later)


def simulated(seeds: Sequence[int], deals: int) -> None:
    """Print calibration and ranking out of time, beside the same model with the truth."""
    for scenario in SCENARIOS:
        errors, chances, ranks, gaps, closed, pooled = [], [], [], [], [], []
        for seed in seeds:
            data = company(seed, deals, scenario)
            win, past = asked(data).judged()
            truth = Intensities.of(data, seed, deals, scenario)
            knowing = asked(data, truth).judged()[1]
            record = judge(past, CUT, ENDS_ON)
            best = auc(knowing.probability, knowing.won) or 0.0
            errors.append(record.error)
            chances.append(by_chance(past))
            ranks.append(record.auc or 0.0)
            gaps.append(best - (record.auc or 0.0))
            closed.append(win.won + win.lost)
            pooled.append(past)
            print(f"  {scenario} {seed}: {win.name}, {closed[-1]} closed, {record.deals} later, "
                  f"error {record.error:.4f} (right chances {by_chance(past):.4f}), "
                  f"AUC {record.auc:.4f}, with the truth {best:.4f}, "
                  f"Brier {record.brier:.4f} against {record.base_brier:.4f}")  # fmt: skip
        everybody = judge(joined(pooled), CUT, ENDS_ON)
        print(f"{scenario}: closed {np.mean(closed):.0f}, error a company {np.mean(errors):.4f}, "
              f"right chances {np.mean(chances):.4f}, pooled {everybody.error:.4f}, "
              f"AUC {np.mean(ranks):.4f}, gap to the truth {np.mean(gaps):.4f}, "
              f"money expected over observed "
              f"{everybody.expected_minor / everybody.observed_minor:.3f}")  # fmt: skip


def by_chance(past: Past) -> float:
    """Return the calibration error that chances which are exactly right have on so few deals.

    Snapshots of a deal share its outcome, so the standard error of what came less what was said in
    a group is that of sums by deal; the mean distance from nought of a normal variable is
    sqrt(2 / pi) standard errors. Formula: mean over the ten groups of
    sqrt(2 / pi) sqrt(sum over deals of (sum of (won - said))^2) / rows of the group.
    """
    order = np.argsort(past.probability, kind="stable")
    spreads = []
    for group in np.array_split(order, BINS):
        missed = past.won[group] - past.probability[group]
        _, place = np.unique(past.deal[group], return_inverse=True)
        by_deal = np.bincount(place, missed - missed.mean())
        spreads.append(np.sqrt(2 / np.pi * (by_deal**2).sum()) / len(group))
    return float(np.mean(spreads))


def joined(parts: Sequence[Past]) -> Past:
    """Return the rows of several companies, their deals told apart."""
    shifted = [replace(part, deal=part.deal + number * 10**7) for number, part in enumerate(parts)]
    names = ("deal", "probability", "base", "won", "amount")
    return Past(*(np.concatenate([getattr(part, name) for part in shifted]) for name in names))


def shuffled(data: DealData, seed: int) -> DealData:
    """Return the company with the outcomes of its closed deals dealt out anew."""
    deals = data.histories.deals
    rows = np.flatnonzero((deals["outcome"] != "open").to_numpy())
    outcome = deals["outcome"].to_numpy().copy()
    outcome[rows] = np.random.default_rng(seed).permutation(outcome[rows])
    dealt = deals.with_columns(outcome=pl.Series(outcome, dtype=pl.String))
    return replace(data, histories=replace(data.histories, deals=dealt))


def no_signal(companies: int, shuffles: int, deals: int) -> None:
    """Count how often shuffled outcomes are called what they are."""
    at, right, total = end_of(ENDS_ON), 0, 0
    for seed in range(companies):
        data = company(seed + 1, deals)
        for number in range(shuffles):
            dealt = shuffled(data, 1000 * seed + number)
            seen = past_snapshots(dealt.histories, at)
            features = build_features(dealt, seen, Vocabulary.of(dealt, at))
            rows = sample(features, seen, groups(dealt.histories.deals["account"]), at)
            right += choose_model(rows).verdict is not Verdict.FOUND
            total += 1
    print(f"{deals} deals, outcomes shuffled: no signal in {right} of {total}")


def log() -> None:
    """Print ranking and Brier score on weekly snapshots of the public log, out of time."""
    if not FOLDER.exists():
        print("The public log is not beside the repository.")
        return
    histories = load_log(FOLDER)
    deals = histories.deals.height
    names = {"deal": pl.Int64, "known_at": pl.Int64, "channel": pl.String, "kind": pl.String}
    touches = as_touches(pl.DataFrame(schema={**names, "contact_id": pl.String}))
    data = DealData(
        histories, touches, np.full(deals, np.nan), np.zeros(deals, dtype=bool), pl.DataFrame(), (),
        date(2012, 3, 14), "log",
    )  # fmt: skip
    for first in (date(2011, 10, 1), date(2011, 10, 3)):
        begins = end_of(first) - DAY
        cut, until = begins + 12 * 7 * DAY, begins + 20 * 7 * DAY
        seen = landmarks(histories, begins + 7 * DAY * np.arange(2, 20))
        features = build_features(data, seen, Vocabulary.of(data, cut))
        rows = sample(features, seen, np.arange(deals), cut)
        ended = np.isfinite(np.minimum(seen.won_at, seen.lost_at))
        later = np.flatnonzero((seen.at >= cut) & (seen.at < until) & ended)
        win, past = Asked(rows, features.at(later), seen._chosen(later)).judged()  # type: ignore[arg-type]
        record = judge(past, first, first)
        print(f"weeks from {first}: {win.name}, {win.won + win.lost} closed, {record.snapshots} "
              f"later snapshots of {record.deals} deals, AUC {record.auc:.4f}, Brier "
              f"{record.brier:.4f} against {record.base_brier:.4f}, error {record.error:.4f}; "
              f"tried {[(one.name, round(one.log_loss, 4)) for one in win.tried]}")  # fmt: skip


def periods(seeds: Sequence[int], deals: int) -> None:
    """Print how the chances of the period fared against what came, and against the forecast."""
    days = ((date(2025, 8, 15), 46), (date(2025, 10, 31), 61), (date(2026, 1, 5), 85),
            (date(2026, 5, 20), 41), (date(2026, 6, 30), 92))  # fmt: skip
    told = ("won in the end", "won in the period", "the same, forecast alone", "lost in the period")
    kept: dict[str, list[Past]] = {name: [] for name in told}
    furthest = 0.0
    for seed in seeds:
        data = company(seed, deals)
        for as_of, length in days:
            model = learn(data, as_of, as_of + timedelta(days=length))
            frame = score_deals(data, model).frame
            now = landmarks(data.histories, np.array([end_of(as_of)]))
            ends = end_of(model.ends_on)
            says = model.expectation
            won, lost = ((now.won_at < ends) * 1.0, (now.lost_at < ends) * 1.0)
            total = float(says.amounts @ says.won[:, -1])
            furthest = max(furthest, abs(float(frame["expected_minor"].sum()) / total - 1))
            for name, said, came in (
                (told[0], frame["chance"].to_numpy(), np.isfinite(now.won_at) * 1.0),
                (told[1], frame["p_win"].to_numpy(), won),
                (told[2], says.won[:, -1], won),
                (told[3], frame["p_lose"].to_numpy(), lost),
            ):
                shift = 10**7 * (len(kept[name]) + 1)
                base = np.full(len(said), came.mean())
                past = Past(now.deal + shift, said, base, came, says.amounts)
                over = np.isfinite(np.minimum(now.won_at, now.lost_at))
                kept[name].append(past if name != told[0] else _chosen(past, over))
    for name, parts in kept.items():
        record = judge(joined(parts), days[0][0], days[-1][0])
        print(f"{name}: {record.snapshots} deals, AUC {record.auc:.4f}, Brier "
              f"{record.brier:.4f}, error {record.error:.4f}")  # fmt: skip
    print(f"largest relative distance of the sum from the forecast: {furthest:.1e}")


def _chosen(past: Past, rows: np.ndarray[Any, Any]) -> Past:
    names = ("deal", "probability", "base", "won", "amount")
    return Past(*(getattr(past, name)[rows] for name in names))


def many_open(copies: int) -> DealData:
    """Return the demo company with each of its open deals, and their touches, many times."""
    data = company(7, 2_000)
    histories, touches = data.histories, data.touches
    deals = histories.deals
    still = deals.filter(pl.col("outcome") == "open")["deal"].to_numpy()
    copied = np.tile(still, copies)
    fresh = deals.height + np.arange(len(copied))
    source = np.concatenate([np.arange(deals.height), copied])
    pairs = pl.DataFrame({"old": copied, "deal": fresh})
    states = histories.states.join(pairs.rename({"deal": "new"}), left_on="deal", right_on="old")
    grown = replace(
        histories,
        deals=deals[source].with_columns(
            deal=pl.Series(np.arange(len(source))),
            deal_id=pl.Series(np.arange(len(source))).cast(pl.String),
        ),
        states=pl.concat(
            [histories.states, states.drop("deal").rename({"new": "deal"})], how="diagonal"
        ).sort("deal", "from_epoch"),
    )
    rows = pl.DataFrame({"old": touches.deal, "row": np.arange(len(touches))}).join(pairs, on="old")
    row = np.concatenate([np.arange(len(touches)), rows["row"].to_numpy()])
    of = np.concatenate([touches.deal, rows["deal"].to_numpy()])
    order = np.lexsort((touches.known_at[row], of))
    parts = {
        name: getattr(touches, name)[row][order]
        for name in ("known_at", "channel", "kind", "contact")
    }
    return replace(
        data,
        histories=grown,
        touches=replace(touches, deal=of[order], **parts),
        employees=data.employees[source],
        next_steps=data.next_steps[source],
        traits=data.traits[source] if data.traits.width else data.traits,
    )


def speed() -> None:
    """Time learning and scoring of 100,000 open deals."""
    data = many_open(433)
    begun = time.process_time()
    model = learn(data, ENDS_ON, date(2026, 12, 31))
    learned = time.process_time()
    score_deals(data, model)
    warm = time.process_time(), time.perf_counter()
    scores = score_deals(data, model)
    ended = time.process_time(), time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{scores.frame.height:,} open deals, {len(data.touches):,} touches: learned in "
          f"{learned - begun:.1f} s of processor, scored in {ended[0] - warm[0]:.2f} s "
          f"({ended[1] - warm[1]:.2f} s on the clock), peak memory {peak:,.0f} MB")  # fmt: skip


def peer(seeds: Sequence[int], deals: int) -> None:
    """Compare the chosen model with histogram gradient boosting, which is no sum."""
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError:
        print("scikit-learn is not installed.")
        return
    for kind, options in {
        "8 leaves, 120 rounds": {"max_leaf_nodes": 8, "max_iter": 120, "learning_rate": 0.06},
        "as it comes": {},
    }.items():
        ranks: list[tuple[float, float, float]] = []
        for seed in seeds:
            one = asked(company(seed, deals))
            model = HistGradientBoostingClassifier(random_state=0, **options)
            model.fit(_matrix(one.rows.features), one.rows.won)
            said = model.predict_proba(_matrix(one.later))[:, 1]
            won = np.isfinite(one.seen.won_at).astype(np.float64)
            past = Past(one.seen.deal, said, np.full(len(said), one.rows.won.mean()), won, said)
            record = judge(past, CUT, ENDS_ON)
            ranks.append((record.auc or 0.0, record.brier, record.error))
        print(f"HistGradientBoosting, {kind}: AUC, Brier, error {np.mean(ranks, axis=0).round(4)}")


def _matrix(features: Features) -> np.ndarray[Any, Any]:
    parts: Iterator[Any] = (one.values for one in features.numbers)
    return np.stack([*parts, *(one.codes for one in features.names)], axis=1)


def main() -> None:
    """Run the chosen parts, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for part in PARTS:
        parser.add_argument(f"--{part}", action="store_true")
    parser.add_argument("--seeds", type=int, nargs="*", default=[7, 8, 9])
    parser.add_argument("--deals", type=int, default=2_000)
    parser.add_argument("--companies", type=int, default=4)
    parser.add_argument("--shuffles", type=int, default=10)
    chosen = parser.parse_args()
    if not any(getattr(chosen, part) for part in PARTS):
        for part in PARTS:
            setattr(chosen, part, True)
    if chosen.simulated:
        simulated(chosen.seeds, chosen.deals)
    if chosen.shuffled:
        no_signal(chosen.companies, chosen.shuffles, chosen.deals)
    if chosen.log:
        log()
    if chosen.period:
        periods(chosen.seeds, chosen.deals)
    if chosen.speed:
        speed()
    if chosen.peer:
        peer(chosen.seeds, chosen.deals)


if __name__ == "__main__":
    main()
