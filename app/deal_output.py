"""How the command line writes scored deals."""

import json
from collections.abc import Iterator

import polars as pl

from app.output import Format, aligned
from core import formats
from core.deals.model import Verdict
from core.deals.movement import NotCompared
from core.deals.risk import risk_signal
from core.deals.scoring import BANDS, Band, DealScores

_PLACES = 15  # enough that the three chances still sum to 1
_SHOWN = 40

CHANCES = ("p_win", "p_lose", "p_slip")
COLUMNS = ("deal_id", *CHANCES, "band", "signals")


def deals_text(scores: DealScores, output: Format) -> str:
    """Write the open deals, those that matter most to the period first."""
    frame = scores.frame.sort(
        "expected_minor", "deal_id", descending=[True, False], nulls_last=True
    )
    if output is Format.TABLE:
        return _for_people(frame, scores)
    told = frame.with_columns(pl.col(*CHANCES, "chance", "moved").round(_PLACES)).select(
        *COLUMNS, "chance", "name", "owner", "stage", change="moved", changed_by="mover"
    )
    if output is Format.JSON:
        return json.dumps(told.to_dicts(), ensure_ascii=False, indent=2)
    joined = told.select(COLUMNS).with_columns(pl.col("signals").list.join(";").replace("", None))
    return joined.write_csv().rstrip("\n")


def _for_people(frame: pl.DataFrame, scores: DealScores) -> str:
    model = scores.model
    head = ["deal", "win", "change", "won by", "lost by", "open", "risk", "signals"]
    body = [
        [
            str(row["name"] or row["deal_id"]),
            formats.percent(row["chance"], 0),
            "" if row["moved"] is None else f"{row['moved'] * 100:+.0f} pt",
            *(formats.percent(row[name], 0) for name in CHANCES),
            BANDS[Band(row["band"])].removesuffix(" risk").lower(),
            ", ".join(risk_signal(code).title.lower() for code in row["signals"]),
        ]
        for row in frame.head(_SHOWN).iter_rows(named=True)
    ]
    lines = [
        f"{formats.counted(frame.height, 'open deal')} as of {formats.day(model.as_of)}; won, lost "
        f"and still open by {formats.day(model.ends_on)}.",
        aligned([head, *body]) if body else "",
        *([f"and {frame.height - _SHOWN} more; --format csv lists all"] * (frame.height > _SHOWN)),
        *_notes(scores),
    ]
    return "\n".join(line for line in lines if line)


def _notes(scores: DealScores) -> Iterator[str]:
    win = scores.model.win
    record = win.record
    if win.verdict is Verdict.FOUND and record is not None:
        yield (
            f"model: {win.title}, learned from {win.won:,} deals won and {win.lost:,} lost. On "
            f"{record.deals} later deals: calibration error {formats.percent(record.error)}, "
            f"Brier {record.brier:.3f} against {record.base_brier:.3f} for the base rate."
        )
    if isinstance(scores.since, NotCompared):
        yield f"note: {scores.since.why}"
    yield from (f"note: {warning}" for warning in scores.warnings)
