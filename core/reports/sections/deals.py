"""The deals that decide the period, and the ones at risk."""

import polars as pl

from core import formats
from core.deals.risk import risk_signal
from core.deals.scoring import Band, DealScores
from core.deals.summary import totals
from core.forecasting.outlook_results import Outlook
from core.metrics import Unit
from core.reports.content import Block, Column, Line, Section, Table, Tone, rows_of
from core.reports.context import Context
from core.reports.options import Part

MOST_DEALS = 12

_DECIDING = (
    Column("name", "Deal", width=2.2),
    Column("account", "Company", width=1.6),
    Column("owner", "Owner", width=1.3),
    Column("stage", "Stage", width=1.2),
    Column("win_amount_minor", "If won", Unit.MONEY),
    Column("p_win", "Won in time", Unit.SHARE, width=0.9),
    Column("variance_share", "Part of the uncertainty", Unit.SHARE, width=1.1),
)
_RISKS = (
    Column("name", "Deal", width=2.2),
    Column("owner", "Owner", width=1.3),
    Column("stage", "Stage", width=1.2),
    Column("amount_minor", "Amount", Unit.MONEY),
    Column("p_win", "Win", Unit.SHARE, width=0.7),
    Column("p_slip", "Slip", Unit.SHARE, width=0.7),
    Column("signals", "Why", width=3.2),
)


def deciding(rows: pl.DataFrame, outlook: Outlook, context: Context) -> Section:
    """List the open deals whose outcome moves the period most.

    Parameters
    ----------
    rows
        ``name, account, owner, stage, win_amount_minor, p_win, variance_share``, the most
        decisive first.
    outlook
        The forecast they are part of.
    context
        What the report is about.
    """
    period = formats.period(outlook.frame["period"][0])
    heading = _what_they_carry(rows, period, context)
    table = Table(
        "deciding_deals",
        f"Open deals that move {period} most, {context.currency}",
        _DECIDING,
        rows_of(rows.to_dicts(), _DECIDING),
        "Part of the uncertainty: amount squared x p x (1 - p), over the same of all open deals.",
    )
    return Section(Part.DEALS, Part.DEALS.label, heading, (table,))


def _what_they_carry(rows: pl.DataFrame, period: str, context: Context) -> str:
    if rows["variance_share"].is_null().all():  # none is open, or nothing about any is uncertain
        return f"No open deal decides {period}"
    amount, share = (float(rows[name].sum()) for name in ("win_amount_minor", "variance_share"))
    return (
        f"{formats.counted(rows.height, 'deal')} worth {context.money(amount)} "
        f"{'carries' if rows.height == 1 else 'carry'} {formats.percent(share, 0)} of what is "
        f"uncertain about {period}"
    )


def risks(scores: DealScores, context: Context) -> Section:
    """List the open deals at high risk, the largest first, with what puts them there.

    Parameters
    ----------
    scores
        Every open deal of the owners asked about, scored.
    context
        What the report is about.
    """
    ends_on = scores.model.ends_on
    summed = totals(scores.frame, ends_on)
    learned = scores.model.win.won
    expected = context.money(summed.expected_minor) if learned else formats.NOT_KNOWN
    high = scores.frame.filter(band=Band.HIGH.value).sort(
        "amount_minor", "deal_id", descending=[True, False], nulls_last=True
    )
    listed = high.head(MOST_DEALS)
    records = [
        {**row, "signals": _in_words(row["signals"])} for row in listed.iter_rows(named=True)
    ]
    left = high.height - listed.height
    blocks: list[Block] = [
        Line(
            f"{formats.counted(summed.deals, 'open deal')} worth "
            f"{context.money(summed.amount_minor)}; expected by {formats.day(ends_on)}: "
            f"{expected}."
        ),
        *(Line(doubt, Tone.NOTE) for doubt in scores.warnings),
        Table(
            "deals_at_risk",
            f"Open deals at high risk, chances until {formats.day(ends_on)}, {context.currency}",
            _RISKS,
            rows_of(records, _RISKS),
            f"The {MOST_DEALS} largest; {left:,} more." if left else "",
        ),
    ]
    heading = (
        f"{high.height} of {formats.counted(summed.deals, 'open deal')} "
        f"{'is' if high.height == 1 else 'are'} at high risk"
        if summed.high_risk is not None
        else f"No signal tells {formats.counted(summed.deals, 'open deal')} apart by risk"
    )
    return Section(Part.RISKS, Part.RISKS.label, heading, tuple(blocks))


def _in_words(codes: list[str] | None) -> str:
    return ", ".join(risk_signal(code).title for code in codes or ()) or "chance below the others"
