"""A column that gives the outcome away is found by what it does, not by its name."""

import json
from datetime import date, timedelta

import pytest

from core.engine import open_engine
from core.leakage import Verdict, leakage
from tests.builders import Company

CREATED = date(2024, 1, 1)


def judged(extra, *, won=40, lost=60, still_open=30, url="duckdb:"):
    """Judge one extra column; ``extra`` says its value for an outcome, a number and a close day."""
    company = Company()
    outcomes = [True] * won + [False] * lost + [None] * still_open
    for number, is_won in enumerate(outcomes):
        closed_on = None if is_won is None else CREATED + timedelta(days=60 + number)
        value = extra(is_won, number, closed_on)
        company.deal(
            f"D{number:03}",
            closed_at=closed_on and closed_on.isoformat(),
            created_at=CREATED.isoformat(),
            is_won=is_won,
            stage={True: "Won", False: "Lost", None: "Proposal"}[is_won],
            attributes=json.dumps({} if value is None else {"extra": str(value)}),
        )
    with company.workspace() as workspace:
        report = leakage(open_engine(workspace, url))
    return report, next((c for c in report.columns if c.column == "extra"), None)


@pytest.mark.parametrize(
    ("extra", "verdict", "words"),
    [
        (lambda won, n, _: "price" if won is False and n % 2 else None, "leaks", "of open ones"),
        (lambda won, *_: "thanks" if won else None, "leaks", "of open ones"),
        (lambda won, *_: None if won is None else 5, "leaks", "100% of closed deals have it"),
        (lambda won, *_: {True: 100, False: 0, None: 40}[won], "leaks", "open deals have other"),
        (lambda _w, n, day: day and day + timedelta(days=n % 3), "leaks", "day after their close"),
        (lambda _w, _n, day: day or date(2026, 1, 1), "leaks", "closing writes it"),
        (lambda won, n, _: "A" if won or (won is None and n % 2) else "B", "suspect", "make sure"),
        (lambda _w, n, _d: n % 7, "clear", ""),
        (lambda _w, n, _d: f"customer {n}", "clear", ""),
        (lambda _w, n, _d: CREATED + timedelta(days=n % 50), "clear", ""),
        (lambda _w, n, _d: "x" if n % 20 == 0 else None, "too few deals to tell", "At least 10"),
    ],
    ids=[
        "reason of loss",
        "reason of win",
        "written at any close",
        "probability of the final stage",
        "day after the close",
        "day of the close",
        "value that open deals have too",
        "harmless number",
        "name of each deal",
        "harmless day",
        "rarely filled",
    ],
)
def test_a_column_is_judged_by_what_closed_deals_have_and_open_ones_lack(extra, verdict, words):
    _, column = judged(extra)

    assert column.verdict.value == verdict
    assert words in column.reason


def test_the_figures_behind_a_verdict_can_be_checked_by_hand():
    _, column = judged(lambda won, n, _: "price" if won is False and n % 2 else None)

    # Deals 0-39 won, 40-99 lost (30 odd numbers), 100-129 open.
    assert (column.filled_won, column.filled_lost, column.filled_open) == (0.0, 0.5, 0.0)
    # Blank: 40 of 70 won, so it says won (base 40 %): all won right, half of the lost right.
    assert column.separation == pytest.approx((1.0 + 0.5) / 2)


def test_the_stage_of_closed_deals_leaks_and_the_amount_does_not():
    report, _ = judged(lambda *_: None)

    verdicts = {one.column: one.verdict for one in report.columns}
    assert verdicts["stage"] is Verdict.LEAKS
    assert verdicts["amount"] is not Verdict.LEAKS
    assert (report.won, report.lost, report.open) == (40, 60, 30)


def test_without_open_deals_a_reason_that_one_outcome_has_still_leaks():
    _, column = judged(lambda won, *_: "price" if won is False else None, still_open=0)

    assert column.verdict is Verdict.LEAKS
    assert column.filled_open is None


def test_with_too_few_closed_deals_nothing_is_called_clear():
    report, column = judged(lambda _w, n, _d: n % 3, won=9)

    assert column.verdict is Verdict.TOO_FEW
    assert Verdict.CLEAR not in {one.verdict for one in report.columns}


def test_an_empty_workspace_has_nothing_to_judge():
    with Company().workspace() as workspace:
        report = leakage(open_engine(workspace))

    assert {column.verdict for column in report.columns} == {Verdict.TOO_FEW}


def test_both_engines_judge_alike():
    def score(_won, number, _day):
        return number % 5

    assert judged(score)[0] == judged(score, url="polars:")[0]
