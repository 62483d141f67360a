"""Fitted models: data-driven credit as a split of every deal, so that drill-downs reconcile.

A data-driven model says what each channel earned. Raking turns that into weights of channels, and
a deal is split by them like by any rule: its cents sum to the deal, its deals to the channel, its
touches to the campaign, and the channels to what the model says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.chains import ORDERS, Chain
from core.attribution.channel_split import ChannelSplit
from core.attribution.data_driven import (
    MODELS,
    PATH_MODELS,
    ChannelCredit,
    Incremental,
    Markov,
    ShapleyOrdered,
    ShapleyTotals,
)
from core.attribution.incremental.offered import touch_credit
from core.attribution.journeys import DEAL, SEQUENCE, running
from core.attribution.kept import closed_touches
from core.attribution.paths import PathCounts
from core.attribution.raking import raked
from core.attribution.reductions import (
    chain_of_journeys,
    channels_of,
    sets_of_journeys,
)
from core.attribution.results import Question
from core.attribution.rules.base import Split, on_grid
from core.attribution.rules.registry import RULES, rule
from core.conversion import REVENUE
from core.engine import Engine, Frame
from core.errors import InvalidParameterError, UnknownNameError

GAP_WORTH_SAYING: Final = 1e-4
"""Part of the revenue from which on it is said that deals cannot give what a model asks."""

LEARNT: Final = "learnt_"
"""Prefix of the column with what a model learnt that a touch gets of its deal."""


@dataclass(frozen=True, eq=False)
class TouchSplit:
    """A deal split by what a model learnt of each touch; the rest of the deal is nobody's.

    Parameters
    ----------
    name
        Name of the model.
    shares
        ``deal_key, sequence, learnt_<model>``: the part of its deal a touch gets; touches that
        get nothing may be missing.
    rows
        The same here, for touches that have left the engine.
    """

    name: str
    shares: Frame
    rows: pl.DataFrame

    def joined(self, touches: Frame) -> Frame:
        """Put beside each touch what it gets."""
        learnt = nw.col(LEARNT + self.name)
        local: Frame = nw.from_native(self.rows.lazy())
        shares = local if touches.implementation.is_polars() else self.shares
        return touches.join(shares, on=[DEAL, SEQUENCE], how="left").with_columns(
            nw.when(learnt.is_null()).then(nw.lit(0.0)).otherwise(learnt).alias(LEARNT + self.name)
        )

    @property
    def ends_apart(self) -> bool:
        """No: what is due is right at the last touch too."""
        return False

    def marks(self) -> dict[str, nw.Expr]:
        """Return nothing: what a touch gets is known."""
        return {}

    def weights(self) -> dict[str, nw.Expr]:
        """Return what the touch gets."""
        return {f"{self.name}_share": nw.col(LEARNT + self.name)}

    def furthest(self) -> dict[str, nw.Expr]:
        """Return nothing: weights say it all."""
        return {}

    def of_deal(self) -> dict[str, nw.Expr]:
        """Return nothing: weights say it all."""
        return {}

    def facts(self) -> dict[str, nw.Expr]:
        """Return nothing: weights say it all."""
        return {}

    def due(self) -> nw.Expr:
        """Return what this touch and those before it get; at the last touch it may be below 1."""
        due = on_grid(running(f"{self.name}_share"))
        return nw.when(due > 1.0).then(nw.lit(1.0)).otherwise(due)

    def cents(self, due: nw.Expr) -> nw.Expr:
        """Return what is due in whole minor units: floor(R x C + 0.5)."""
        return (nw.col(REVENUE) * due + 0.5).floor().cast(nw.Int64)


def with_learnt(touches: Frame, splits: Sequence[Split]) -> Frame:
    """Put beside each touch what models learnt of it."""
    for split in splits:
        touches = split.joined(touches) if isinstance(split, TouchSplit) else touches
    return touches


@dataclass(frozen=True)
class Fitted:
    """The models of a question, ready to split deals, and what is to be said of them.

    Parameters
    ----------
    splits
        The models, each once, as they were named.
    sets
        The sets of channels that closed deals met; None without a model by channel, or where no
        deal with a touch was won.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    splits: tuple[Split | ChannelSplit, ...]
    sets: PathCounts | None = None
    warnings: tuple[str, ...] = ()

    @property
    def along(self) -> list[Split]:
        """Those that split a deal along its journey."""
        return [split for split in self.splits if not isinstance(split, ChannelSplit)]

    @property
    def by_channel(self) -> list[ChannelSplit]:
        """Those that split it over its channels."""
        return [split for split in self.splits if isinstance(split, ChannelSplit)]


def fitted_splits(engine: Engine, question: Question) -> Fitted:
    """Return the models a question names, each once, the data-driven ones fitted to its deals.

    Raises
    ------
    InvalidParameterError
        If it names none, or a model that cannot be solved for so many channels.
    UnknownNameError
        If one does not exist; the hint lists all that do.
    """
    names = list(dict.fromkeys(question.models))
    if not names:
        raise InvalidParameterError("No attribution model was chosen.", "Choose at least one.")
    for name in names:
        if name not in RULES and name not in MODELS:
            raise UnknownNameError.among("attribution model", name, [*RULES, *MODELS])
    learnt = _learnt(engine, question, [name for name in names if name in PATH_MODELS])
    by_touch, doubts = _of_touches(engine, question, names)
    known: dict[str, Split | ChannelSplit] = {**learnt.splits, **by_touch}
    splits = tuple(known[name] if name in known else rule(name, question.rules) for name in names)
    return Fitted(splits, learnt.sets, (*learnt.warnings, *doubts))


def _of_touches(
    engine: Engine, question: Question, names: list[str]
) -> tuple[dict[str, TouchSplit], tuple[str, ...]]:
    """Return the models that learn what each touch gets, with their doubts."""
    name = Incremental.name
    if name not in names:
        return {}, ()
    credit = touch_credit(engine, question.scope.currency, question.journeys, question.lift_tests)
    rows = credit.shares.rename({"share": LEARNT + name})
    return {name: TouchSplit(name, engine.lend(rows, name), rows)}, credit.warnings


@dataclass(frozen=True)
class _Learnt:
    splits: dict[str, ChannelSplit]
    sets: PathCounts | None = None
    warnings: tuple[str, ...] = ()


def _learnt(engine: Engine, question: Question, names: list[str]) -> _Learnt:
    """Fit the data-driven models; an equal split has nothing to learn."""
    if not names:
        return _Learnt({})
    equal = {ShapleyTotals.name, ShapleyOrdered.name}
    splits = {name: ChannelSplit(name) for name in names}
    asked = [name for name in names if name not in equal]
    evidence = _Evidence.of(engine, question, asked)
    if evidence is None or not evidence.sets.conversions.any():
        return _Learnt(splits)  # there is no credit to split
    warnings = list(evidence.warnings) if asked else []
    for name in asked:
        credit = evidence.credit(name)
        splits[name], gap = _split(name, credit, evidence.sets)
        warnings += credit.warnings
        if gap > GAP_WORTH_SAYING:
            warnings.append(_gap_warning(name, gap))
    return _Learnt(splits, evidence.sets, tuple(warnings))


@dataclass(frozen=True, eq=False)
class _Evidence:
    """What models are fitted to: won and lost journeys, reduced."""

    sets: PathCounts
    chain: Chain | None

    @classmethod
    def of(cls, engine: Engine, question: Question, names: list[str]) -> "_Evidence | None":
        orders = [model.order for name in names if isinstance(model := PATH_MODELS[name], Markov)]
        if not engine.keeps:
            return cls._counted(engine, question, max(orders, default=0))
        order = ORDERS[-1] if orders else 0  # counts of lower orders follow from it
        return engine.remembered(
            ("evidence", question.of_touches, order),
            lambda: cls._counted(engine, question, order),
            kind="counts",
        )

    @classmethod
    def _counted(cls, engine: Engine, question: Question, order: int) -> "_Evidence | None":
        touches = closed_touches(engine, question)
        channels = channels_of(touches)
        if not channels:
            return None
        return cls(
            sets_of_journeys(touches, channels),
            chain_of_journeys(touches, channels, order) if order else None,
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.sets.nulls.any():
            return ()
        return (
            "No lost deal with a touch closed in this period: data-driven models see only what "
            "won deals have in common.",
        )

    def credit(self, name: str) -> ChannelCredit:
        model = PATH_MODELS[name]
        if isinstance(model, Markov) and self.chain is not None:
            same = self.chain.order == model.order
            return model.of_chain(self.chain if same else self.chain.shortened(model.order))
        return model.of_paths(self.sets)


def _split(name: str, credit: ChannelCredit, sets: PathCounts) -> tuple[ChannelSplit, float]:
    """Return the weights that give the model's totals, and how far deals fall short of them."""
    deals = raked(sets, sets.conversions, credit.conversions)
    by_deals = dict(zip(sets.channels, deals.weights.tolist(), strict=True))
    if sets.values is None or credit.values is None or not sets.values.any():
        return ChannelSplit(name, by_deals, by_deals), deals.gap
    money = raked(sets, sets.values, credit.values)
    by_money = dict(zip(sets.channels, money.weights.tolist(), strict=True))
    return ChannelSplit(name, by_deals, by_money), max(deals.gap, money.gap)


def _gap_warning(name: str, gap: float) -> str:
    return (
        f"{MODELS[name].title}: {gap:.2%} of the credit would go to channels whose deals cannot "
        "carry it, such as less for a channel than the deals only it touched; it stays with those "
        "deals."
    )
