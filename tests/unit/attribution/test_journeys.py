"""Which touches count for a deal, and in what order."""

import pytest

from core.attribution import attribute
from core.attribution.closed_won import won_deals
from core.attribution.journeys import journeys, untouched
from core.attribution.results import Anchor, JourneySettings, Question
from core.engine import collect, open_engine
from core.errors import InvalidParameterError
from core.schema import UNATTRIBUTED, UNKNOWN_CHANNEL
from core.scope import Scope
from tests.builders import Company


@pytest.fixture(params=["duckdb:", "polars:"])
def touches_of(request):
    """Return the (deal, touch) pairs of a company, in journey order."""

    def read(company, settings=None):
        settings = settings or JourneySettings()
        with company.workspace() as workspace:
            engine = open_engine(workspace, request.param)
            deals = won_deals(engine, Scope("EUR"), settings.anchor)
            rows = collect(journeys(engine, deals, settings)).sort("deal_id", "position")
        assert rows["position"].to_list() == [
            position
            for _, of_deal in rows.group_by("deal_id", maintain_order=True)
            for position in range(1, of_deal.height + 1)
        ]
        return list(rows.select("deal_id", "touch_id").iter_rows())

    return read


def test_a_touch_belongs_to_the_deal_it_names(touches_of):
    company = Company().deal("D1").deal("D2").touch("T1", "2024-05-01", deal="D1")
    assert touches_of(company) == [("D1", "T1")]


def test_a_touch_belongs_to_every_deal_its_contact_takes_part_in(touches_of):
    company = Company().contact("C").deal("D1").deal("D2").role("D1", "C").role("D2", "C")
    assert touches_of(company.touch("T1", "2024-05-01", contact="C")) == [
        ("D1", "T1"),
        ("D2", "T1"),
    ]


def test_a_touch_of_a_contact_that_names_another_deal_counts_for_both(touches_of):
    company = Company().contact("C").deal("D1").deal("D2").role("D1", "C")
    company.touch("T1", "2024-05-01", contact="C", deal="D2")
    assert touches_of(company) == [("D1", "T1"), ("D2", "T1")]


def test_a_touch_that_belongs_in_three_ways_counts_once(touches_of):
    company = Company().account("A").contact("C", account_id="A")
    company.deal("D1", account_id="A").role("D1", "C")
    company.touch("T1", "2024-05-01", deal="D1", contact="C", account="A")
    company.touch("T2", "2024-05-02", contact="C", account="A")
    assert touches_of(company) == [("D1", "T1"), ("D1", "T2")]


def test_touches_of_the_company_count_unless_switched_off(touches_of):
    company = Company().account("A").deal("D1", account_id="A")
    company.touch("T1", "2024-05-01", account="A")
    assert touches_of(company) == [("D1", "T1")]
    assert touches_of(company, JourneySettings(account_touches=False)) == []


def test_a_touch_of_the_company_that_names_another_deal_does_not_count(touches_of):
    company = Company().account("A").deal("D1", account_id="A").deal("D2", is_won=False)
    assert touches_of(company.touch("T1", "2024-05-01", account="A", deal="D2")) == []


def test_a_contact_outside_the_deal_counts_through_the_company_only(touches_of):
    company = Company().account("A").contact("C", account_id="A").deal("D1", account_id="A")
    company.touch("T1", "2024-05-01", contact="C")
    assert touches_of(company) == [("D1", "T1")]
    assert touches_of(company, JourneySettings(account_touches=False)) == []


def test_touches_of_a_converted_lead_count_for_the_contact_it_became(touches_of):
    company = Company().contact("L", merged_into="C").contact("C").deal("D1").role("D1", "C")
    assert touches_of(company.touch("T1", "2024-05-01", contact="L")) == [("D1", "T1")]


def test_a_role_of_a_converted_lead_and_of_its_contact_count_once(touches_of):
    company = Company().contact("L", merged_into="C").contact("C").deal("D1")
    company.role("D1", "C").role("D1", "L").touch("T1", "2024-05-01", contact="C")
    assert touches_of(company) == [("D1", "T1")]


@pytest.mark.parametrize(
    ("closed_at", "occurred_at", "counts"),
    [
        ("2024-06-30", "2024-06-30 23:59:59", True),  # a close known by day lasts all day
        ("2024-06-30", "2024-07-01", False),
        ("2024-06-30 10:00", "2024-06-30 10:00", True),
        ("2024-06-30 10:00", "2024-06-30 10:00:01", False),
        ("2024-06-30 10:00", "2024-06-30", True),  # some second of the day lies before the close
        ("2024-06-30", "2024-05-31", True),  # 30 days before
        ("2024-06-30", "2024-05-30 23:59:59", False),
        ("2024-06-30 10:00", "2024-05-31", True),
        ("2024-06-30 10:00", "2024-05-31 09:59:59", False),
        ("2024-06-30 10:00", "2024-05-31 10:00", True),
    ],
)
def test_the_window_runs_from_the_lookback_to_the_close(touches_of, closed_at, occurred_at, counts):
    company = Company().deal("D", closed_at=closed_at).touch("T", occurred_at, deal="D")
    assert bool(touches_of(company, JourneySettings(lookback_days=30))) is counts


def test_the_anchor_created_takes_touches_up_to_the_creation_of_the_deal(touches_of):
    company = Company().deal("D", created_at="2024-03-01")
    company.touch("T1", "2024-03-01 18:00", deal="D").touch("T2", "2024-03-02", deal="D")
    assert touches_of(company, JourneySettings(anchor=Anchor.CREATED)) == [("D", "T1")]


def test_touches_at_the_same_time_are_ordered_by_their_id(touches_of):
    company = Company().deal("D").touch("T2", "2024-05-01", deal="D")
    company.touch("T10", "2024-05-01", deal="D").touch("T3", "2024-04-30", deal="D")
    assert [touch for _, touch in touches_of(company)] == ["T3", "T10", "T2"]


def test_excluded_channels_and_kinds_leave_their_credit_to_the_other_touches(touches_of):
    company = Company().deal("D").touch("T1", "2024-05-01", "Email", deal="D", kind="open")
    company.touch("T2", "2024-05-02", "Web", deal="D").touch("T3", "2024-05-03", "Call", deal="D")
    settings = JourneySettings(excluded_channels=("Web",), excluded_kinds=("open",))
    assert touches_of(company, settings) == [("D", "T3")]


def test_only_touches_after_creation_count_when_asked(touches_of):
    company = Company().deal("D", created_at="2024-03-01")
    company.touch("T1", "2024-03-01 18:00", deal="D").touch("T2", "2024-03-02", deal="D")
    assert touches_of(company, JourneySettings(since_creation=True)) == [("D", "T2")]


def test_deals_without_an_eligible_touch_are_the_unattributed_ones(duckdb_engine_of):
    company = Company().deal("D1").deal("D2").deal("D3")
    company.touch("T1", "2024-05-01", deal="D1").touch("T2", "2020-01-01", deal="D2")
    engine = duckdb_engine_of(company)
    deals = won_deals(engine, Scope("EUR"), Anchor.WON)
    rows = collect(untouched(engine, deals, JourneySettings()))
    assert sorted(rows["deal_id"]) == ["D2", "D3"]


@pytest.fixture
def duckdb_engine_of():
    opened = []

    def open_company(company):
        opened.append(company.workspace())
        return open_engine(opened[-1])

    yield open_company
    for workspace in opened:
        workspace.close()


def test_a_lookback_without_a_day_is_refused():
    with pytest.raises(InvalidParameterError, match="holds no touch"):
        JourneySettings(lookback_days=0)


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
def test_a_channel_called_like_the_unattributed_row_is_no_channel(url):
    company = (
        Company()
        .deal("D1", "100.00")
        .deal("D2", "50.00")
        .campaign("C", name="(unattributed)", channel="(unattributed)")
        .touch("T1", "2024-05-01", "(unattributed)", campaign="(unattributed)", deal="D1")
        .touch("T2", "2024-05-02", None, campaign_id="C", deal="D1")
    )
    with company.workspace() as workspace:
        asked = Question(Scope("EUR"), ("linear",))
        result = attribute(open_engine(workspace, url), asked, "data")

    assert dict(result.frame.select("channel", "revenue_minor").iter_rows()) == {
        UNKNOWN_CHANNEL: 10000,
        UNATTRIBUTED: 5000,
    }
    assert result.reconciliation["linear"].holds
