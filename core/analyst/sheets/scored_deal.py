"""A scored deal of the product as the analyst's sheet of a deal wants it."""

from core.analyst.sheets.deal import DealAnswers
from core.deals.explanation import DealExplanation, Factor
from core.deals.scoring import BANDS, Band, DealScores
from core.deals.summary import recommended

MOST_SIGNALS = 3
"""Risk signals a text speaks of."""


def deal_answers(scores: DealScores, explained: DealExplanation) -> DealAnswers:
    """Return what is known of one open deal."""
    row = scores.frame.row(scores.frame["deal_id"].index_of(explained.deal_id) or 0, named=True)
    band = Band(row["band"])
    by_weight = sorted(explained.factors, key=lambda factor: factor.contribution)
    known, win = scores.has_signal, scores.model.win
    return DealAnswers(
        deal_id=explained.deal_id,
        name=row["name"] or "",
        account=row["account"] or "",
        owner=row["owner"] or "",
        amount_minor=row["amount_minor"],
        fingerprint=scores.fingerprint,
        p_win=row["p_win"],
        p_lose=row["p_lose"],
        p_slip=row["p_slip"],
        chance=row["chance"],
        base_rate=win.base_rate if win.won + win.lost else None,
        band="" if band is Band.NONE else BANDS[band].lower(),
        risky=band is Band.HIGH,
        channels=tuple(name for name, _ in explained.path.channels),
        signals=tuple(
            f"{reading.signal.title.lower()} ({reading.words})"
            for reading in explained.readings[:MOST_SIGNALS]
        ),
        raises=tuple(_said(one) for one in by_weight[-1:] if known and one.contribution > 0),
        lowers=tuple(_said(one) for one in by_weight[:1] if known and one.contribution < 0),
        owner_won=int(row["owner_won"]),
        owner_closed=int(row["owner_won"]) + int(row["owner_lost"]),
        action=recommended(explained.action).rstrip("."),
        doubts=scores.warnings,
    )


def _said(factor: Factor) -> str:
    name = factor.name.lower()
    return f"{name} ({factor.facts[0]})" if factor.facts else name
