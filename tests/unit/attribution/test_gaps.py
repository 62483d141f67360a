"""What the data cannot tell, said before any number, and influence that does not sum."""

import pytest

from core.attribution.gaps import Reason, gaps
from core.attribution.influence import influenced
from core.attribution.results import Anchor, JourneySettings, Question
from core.engine import open_engine
from core.scope import Scope
from tests.builders import Company


@pytest.fixture(scope="module", params=["duckdb:", "polars:"])
def engine(request):
    company = (
        Company()
        .deal("D1", "100.00")
        .deal("D2", "50.00")
        .deal("D3", "20.00")
        .deal("D4", "10.00")
        .touch("T1", "2024-05-01", "Email", deal="D1")
        .touch("T2", "2024-05-01", "Web", deal="D1")
        .touch("T3", "2024-05-02 10:00", "Email", deal="D1")
        .touch("T4", "2020-05-01", "Email", deal="D3")
        .touch("T5", "2024-03-01", "Email", deal="D4")
    )
    with company.workspace() as workspace:
        yield open_engine(workspace, request.param)


def question(**settings):
    return Question(Scope("EUR"), ("linear",), JourneySettings(**settings))


def test_each_deal_without_an_eligible_touch_has_a_reason(engine):
    found = gaps(engine, question(anchor=Anchor.CREATED)).unexplained
    assert dict(found.select("deal_id", "reason").iter_rows()) == {
        "D1": Reason.NOT_BEFORE,
        "D2": Reason.NO_TOUCHES,
        "D3": Reason.NOT_ELIGIBLE,
        "D4": Reason.NOT_BEFORE,
    }


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
def test_touches_after_the_close_are_told_from_no_touches(url):
    company = (
        Company()
        .deal("named", account_id="A")
        .deal("people", account_id="B")
        .deal("company", account_id="C")
        .deal("nobody", account_id="D")
        .role("people", "P")
        .touch("T1", "2024-07-01", deal="named")
        .touch("T2", "2024-07-01", contact="P")
        .touch("T3", "2024-07-01", account="C")
    )
    with company.workspace() as workspace:
        found = gaps(open_engine(workspace, url), question()).unexplained

    reasons = dict(found.select("deal_id", "reason").iter_rows())
    assert reasons.pop("nobody") == Reason.NO_TOUCHES
    assert set(reasons.values()) == {Reason.NOT_BEFORE}


def test_ties_and_touches_known_by_day_are_counted(engine):
    found = gaps(engine, question())
    assert (found.tied_touches, found.day_only_touches) == (2, 3)


def test_influence_counts_a_deal_in_full_for_each_channel_it_met(engine):
    assert influenced(engine, question()).rows() == [("Email", 2, 11_000), ("Web", 1, 10_000)]
