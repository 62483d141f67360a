"""A compact laboratory: companies whose true channel effects are known by replaying the dice.

It was written before the demo simulator and differs from it on purpose, so that the model is
judged on two worlds of different make: weekly steps, losses that come at random, additive effects
that do not scale with the baseline, saturation within each channel, intent that moves over time,
and harvest channels that follow the hazard of buying where the demo's follow the decision. An
open deal is won in the first week whose fixed uniform number falls below its hazard, so replaying
the same numbers without a channel tells exactly which purchases that channel caused.
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from core.workspace import Workspace  # noqa: E402

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY_SECONDS = 86_400
START_EPOCH = 1_640_995_200  # 2022-01-01
FAMILIES = ("additive", "multiplicative", "saturating")

CHANNELS = (
    "Paid search", "Webinar", "Content", "Events", "Outbound", "Partner", "Email", "Display",
    "Brand search", "Retargeting",
)  # fmt: skip
HARVEST = np.isin(CHANNELS, ("Brand search", "Retargeting"))
EFFECTS = np.array([0.7, 1.6, 0.4, 2.4, 0.8, 2.0, 0.2, 0.0, 0.0, 0.0])
HALF_LIVES_WEEKS = np.array([2.0, 4.0, 6.0, 8.0, 3.0, 6.0, 2.0, 3.0, 2.0, 2.0])
WEEKLY_RATES = np.array([0.10, 0.05, 0.12, 0.03, 0.12, 0.03, 0.16, 0.10, 0.05, 0.06])
INTENT_RESPONSE = np.array([0.7, 0.6, 0.5, 0.3, 0.2, 0.2, 0.4, 0.5, 0.9, 0.9])
WEEKS_OF_HISTORY = 156
LIFE_WEEKS = 52
MOST_INTEREST_WEEKS = 20


@dataclass(frozen=True)
class Plan:
    """What kind of company to simulate."""

    family: str
    confounded: bool
    deals: int = 3_000
    seed: int = 1
    harvest: bool = True
    moving_intent: float = 0.2
    weekly_win: float = 0.005
    weekly_loss: float = 0.045


@dataclass(frozen=True)
class Company:
    """The frames a CRM would show, and the truth no model may read."""

    plan: Plan
    deals: pl.DataFrame
    touches: pl.DataFrame
    ends_epoch: int
    deals_won: int
    revenue: float
    deals_alone: int
    revenue_alone: float
    deals_without: dict[str, int]
    revenue_without: dict[str, float]


@dataclass(frozen=True)
class World:
    """All that was drawn.

    Steps are weeks since first interest; a deal can be won from its creation on.
    """

    plan: Plan
    segment: Ints
    created_week: Ints  # in the calendar
    interest_weeks: Ints  # steps before the creation
    intent: Floats  # steps x deals
    touches: Ints  # steps x deals x channels
    dice: Floats  # steps x deals
    lost_step: Ints
    amounts: Floats

    @property
    def open_steps(self) -> NDArray[np.bool_]:
        """Return in which steps each deal can be won (steps x deals)."""
        step = np.arange(self.intent.shape[0])[:, None]
        calendar = self.created_week - self.interest_weeks + step
        alive = (step >= self.interest_weeks) & (step < self.lost_step)
        return alive & (calendar < WEEKS_OF_HISTORY)


def simulate(plan: Plan) -> Company:
    """Draw a company and find its truth by replay."""
    world = draw(plan)
    everything = np.ones(len(CHANNELS))
    won = _won_step(world, everything)
    total = won >= 0

    def missing(kept: Floats) -> NDArray[np.bool_]:
        return total & (_won_step(world, kept) < 0)

    alone = total & ~missing(0.0 * everything)
    without = {
        name: missing(everything * (np.arange(len(CHANNELS)) != place))
        for place, name in enumerate(CHANNELS)
    }
    return Company(
        plan=plan,
        deals=_deals(world, won),
        touches=_touch_rows(world, won),
        ends_epoch=START_EPOCH + WEEKS_OF_HISTORY * 7 * DAY_SECONDS,
        deals_won=int(total.sum()),
        revenue=float(world.amounts[total].sum()),
        deals_alone=int(alone.sum()),
        revenue_alone=float(world.amounts[alone].sum()),
        deals_without={name: int(lost.sum()) for name, lost in without.items()},
        revenue_without={n: float(world.amounts[lost].sum()) for n, lost in without.items()},
    )


def draw(plan: Plan) -> World:
    """Draw everything that happens, touches included."""
    rng = np.random.default_rng([plan.seed, FAMILIES.index(plan.family), int(plan.confounded)])
    n, steps = plan.deals, LIFE_WEEKS + MOST_INTEREST_WEEKS
    moving = np.empty((steps, n))
    moving[0] = rng.standard_normal(n)
    for step in range(1, steps):
        moving[step] = 0.95 * moving[step - 1] + np.sqrt(1 - 0.95**2) * rng.standard_normal(n)
    share = plan.moving_intent
    segment = rng.integers(0, 3, n)
    interest = np.clip(rng.geometric(0.15, n), 1, MOST_INTEREST_WEEKS)
    world = World(
        plan=plan,
        segment=segment,
        created_week=rng.integers(interest, WEEKS_OF_HISTORY, n),
        interest_weeks=interest,
        intent=np.sqrt(1 - share) * rng.standard_normal(n) + np.sqrt(share) * moving,
        touches=np.zeros((steps, n, len(CHANNELS)), dtype=np.int64),
        dice=rng.random((steps, n)),
        lost_step=interest + np.clip(rng.geometric(plan.weekly_loss, n), 1, LIFE_WEEKS),
        amounts=np.round(100 * np.exp(rng.normal(9.6 + 0.5 * segment, 0.8))),
    )
    return replace(world, touches=_draw_touches(world, rng))


def _draw_touches(world: World, rng: np.random.Generator) -> Ints:
    response = INTENT_RESPONSE * world.plan.confounded
    habit = 0.4 * rng.standard_normal(world.plan.deals)  # some are reached more, for no reason
    log_rate = np.log(WEEKLY_RATES) + world.intent[:, :, None] * response - response**2 / 2
    counts = rng.poisson(np.exp(np.minimum(log_rate + habit[:, None], np.log(3.0))))
    counts[:, :, HARVEST] = 0
    if world.plan.harvest:
        pull = _hazard(replace(world, touches=counts), np.ones(len(CHANNELS)))
        relative = np.minimum(pull / pull.mean(), 8.0)[:, :, None]
        counts[:, :, HARVEST] = rng.poisson(relative * WEEKLY_RATES[HARVEST])
    return np.asarray(counts, dtype=np.int64)


def _pressure(world: World, kept: Floats) -> Floats:
    """Touches act from the week after they happen."""
    decay = 0.5 ** (1.0 / HALF_LIVES_WEEKS)
    stock = np.zeros(world.touches.shape[1:])
    pressure = np.empty(world.touches.shape[:2])
    saturates = world.plan.family == "saturating"
    for step, arriving in enumerate(world.touches):
        seen = 1.5 * (1 - np.exp(-stock)) if saturates else stock
        pressure[step] = seen @ (EFFECTS * kept)
        stock = (stock + arriving) * decay
    return pressure


def _hazard(world: World, kept: Floats) -> Floats:
    pressure = _pressure(world, kept)
    base = world.plan.weekly_win * np.exp(0.4 * (world.segment - 1))
    lift = np.exp(0.6 * world.intent - 0.18)
    if world.plan.family == "additive":
        rate = base * lift + world.plan.weekly_win * pressure
    elif world.plan.family == "saturating":
        rate = base * lift * (1 + pressure)
    else:
        rate = base * lift * np.exp(np.minimum(0.4 * pressure, 5.0))
    return np.asarray(1 - np.exp(-rate), dtype=np.float64)


def chances(world: World, kept: Floats) -> Floats:
    """Return each deal's chance to be won while it is open, with some channels only."""
    survives = np.where(world.open_steps, 1 - _hazard(world, kept), 1.0)
    return np.asarray(1 - survives.prod(axis=0), dtype=np.float64)


def _won_step(world: World, kept: Floats) -> Ints:
    bought = (world.dice < _hazard(world, kept)) & world.open_steps
    return np.where(bought.any(axis=0), bought.argmax(axis=0), -1)


def _deals(world: World, won: Ints) -> pl.DataFrame:
    first = world.created_week - world.interest_weeks
    ended = np.where(won >= 0, won + 0.5, world.lost_step)
    closed_week = first + ended
    is_open = closed_week >= WEEKS_OF_HISTORY
    outcome = np.where(is_open, "open", np.where(won >= 0, "won", "lost"))
    frame = pl.DataFrame(
        {
            "deal_id": _ids(world),
            "account_id": _ids(world),
            "industry": np.array(["Retail", "Software", "Energy"])[world.segment],
            "revenue_minor": world.amounts,
            "created_at_epoch": _epoch(world.created_week),
            "closed_at_epoch": _epoch(closed_week),
            "outcome": outcome,
        }
    )
    closed = pl.when(pl.col("outcome") != "open").then("closed_at_epoch")
    return frame.with_columns(closed.alias("closed_at_epoch"), pl.col("revenue_minor").cast(int))


def _touch_rows(world: World, won: Ints) -> pl.DataFrame:
    rng = np.random.default_rng(world.plan.seed + 20_000)
    step, deal, channel = np.nonzero(world.touches)
    repeat = world.touches[step, deal, channel]
    step, deal, channel = (np.repeat(part, repeat) for part in (step, deal, channel))
    moment = step + rng.random(step.size)
    ended = np.where(won >= 0, won + 0.5, world.lost_step)[deal]
    day = world.created_week[deal] - world.interest_weeks[deal] + moment
    seen = (moment < ended) & (day < WEEKS_OF_HISTORY)
    return pl.DataFrame(
        {
            "deal_id": _ids(world).gather(deal[seen]),
            "channel": np.array(CHANNELS)[channel[seen]],
            "occurred_at_epoch": _epoch(day[seen]),
        }
    )


def _ids(world: World) -> pl.Series:
    return pl.Series([f"D{number:06d}" for number in range(world.plan.deals)])


def _epoch(week: Floats | Ints) -> Ints:
    return START_EPOCH + np.floor(week * 7 * DAY_SECONDS).astype(np.int64)


def load(workspace: Workspace, company: Company) -> None:
    """Put what a CRM would show into a workspace, as an import would."""
    ids = {"import_id": pl.lit("lab"), "source_line": pl.int_range(pl.len(), dtype=pl.Int64) + 2}
    accounts = company.deals.select("account_id", "industry", name=pl.col("account_id"), **ids)
    deals = company.deals.select(
        "deal_id",
        "account_id",
        name=pl.col("deal_id"),
        currency=pl.lit("EUR"),
        amount=(pl.col("revenue_minor").cast(pl.Decimal(18, 0)) / 100).cast(pl.Decimal(18, 2)),
        amount_minor=pl.col("revenue_minor"),
        is_won=pl.when(pl.col("outcome") != "open").then(pl.col("outcome") == "won"),
        **_instant("created_at"),
        **_instant("closed_at"),
        **ids,
    )
    touches = company.touches.select(
        "deal_id",
        "channel",
        touch_id=pl.int_range(pl.len()).cast(pl.String),
        **_instant("occurred_at"),
        **ids,
    )
    with workspace.transaction() as cursor:
        for name, frame in (("accounts", accounts), ("deals", deals), ("touchpoints", touches)):
            workspace.insert(cursor, name, frame)


def _instant(name: str) -> dict[str, pl.Expr]:
    """Return the stored columns of an instant known to the second."""
    epoch = pl.col(f"{name}_epoch")
    return {
        name: pl.from_epoch(epoch, "s").cast(pl.Datetime("us")),
        f"{name}_epoch": epoch,
        f"{name}_is_date": pl.lit(0).cast(pl.Boolean),
    }
