"""Channel performance: what each channel cost and earned, and what the models agree on."""

from core import formats
from core.attribution.performance import ChannelPerformance
from core.attribution.recommendation import Verdict
from core.metrics import Unit
from core.reports.content import Block, Column, Line, Section, Table, Tone, rows_of
from core.reports.context import Context
from core.reports.options import Part

_COLUMNS = (
    Column("channel", "Channel", width=1.5),
    Column("revenue_minor", "Revenue", Unit.MONEY),
    Column("spend_minor", "Spend", Unit.MONEY),
    Column("roi", "ROI", Unit.SHARE),
    Column("cac_minor", "CAC", Unit.MONEY),
    Column("win_rate", "Win rate", Unit.SHARE),
    Column("win_low", "from", Unit.SHARE, width=0.8),
    Column("win_high", "to", Unit.SHARE, width=0.8),
    Column("reason", "What the models say", width=3.6, letters=200),
)


NAMED_IN_A_HEADING = 3
"""More channels than this are counted in the heading and named below it."""


def channels(found: ChannelPerformance, context: Context) -> Section:
    """Say which channels pay for themselves whatever the model, with the rule behind it."""
    settings = found.settings
    blocks: list[Block] = [
        *(Line(f"{said}.", Tone.FINDING) for said in verdicts(found)),
        Table(
            "channel_performance",
            f"Channel performance by {context.model_name}, {context.period.label}, "
            f"{context.currency}",
            _COLUMNS,
            rows_of(found.frame.to_dicts(), _COLUMNS),
        ),
        Line(
            f"Rule: a return is called sure only when all models compared agree, ROI above "
            f"{formats.percent(settings.break_even_roi, 0)} under each, from at least "
            f"{settings.fewest_closed_deals} closed deals touched. Win rates carry a Wilson "
            f"interval of {formats.percent(settings.level, 0)}. Attribution divides revenue; it "
            "does not prove that a channel caused it.",
            Tone.NOTE,
        ),
        *(Line(doubt, Tone.NOTE) for doubt in found.warnings),
    ]
    return Section(Part.CHANNELS, Part.CHANNELS.label, headline(found), tuple(blocks))


def headline(found: ChannelPerformance) -> str:
    """Say the surest thing there is to say."""
    for verdict in Verdict:
        names = found.frame.filter(verdict=verdict.value)["channel"].to_list()
        if names and len(names) <= NAMED_IN_A_HEADING:
            return _said(verdict, names, _compared(found))
        if names:
            listed = f"{len(names)} of {formats.counted(found.frame.height, 'channel')}"
            return _said(verdict, names, _compared(found), listed)
    return "No channel has cost or touches to judge it by"


def verdicts(found: ChannelPerformance) -> tuple[str, ...]:
    """Return each verdict with its channels, the surest first."""
    said = []
    for verdict in Verdict:
        names = found.frame.filter(verdict=verdict.value)["channel"].to_list()
        if names:
            said.append(_said(verdict, names, _compared(found)))
    return tuple(said)


def _compared(found: ChannelPerformance) -> int:
    return len(set(found.question.models))


def _said(verdict: Verdict, names: list[str], compared: int, listed: str = "") -> str:
    listed, many = listed or formats.listed(names), len(names) > 1
    unanimous = f" under all {compared} models compared"
    brings, cost = ("bring", "they cost") if many else ("brings", "it costs")
    if verdict is Verdict.PAYS:
        return f"{listed} {brings} more than {cost}{unanimous}"
    if verdict is Verdict.LOSES:
        return f"{listed} {brings} less than {cost}{unanimous}"
    if verdict is Verdict.DEPENDS:
        return f"Whether {listed} {'pay' if many else 'pays'} depends on the model"
    return f"{verdict.capitalize()}: {listed}"
