"""For any deal histories an outlook adds up and opens down to its deals."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import EmptyWorkspaceError
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.outlook import outlook
from core.forecasting.outlook_deals import ROLL_UPS, open_deals, roll_up_outlook
from core.forecasting.outlook_scenarios import play_outlook
from core.forecasting.scenarios import BASE
from tests.property.test_pipeline import FIRST, SPAN, deals, histories_of

few = settings(max_examples=12, deadline=None)


@few
@given(deals, st.integers(30, SPAN), st.sampled_from(PeriodKind), st.sampled_from(ROLL_UPS))
def test_whatever_the_deals_the_outlook_adds_up(rows, known, kind, by):
    question = ForecastQuestion("EUR", FIRST + timedelta(days=known), kind, horizon=2)
    try:
        answer = outlook(histories_of(rows), question)
    except EmptyWorkspaceError:  # nothing was won by then: a reason, and no number
        return

    for number, row in enumerate(answer.frame.iter_rows(named=True)):
        parts = row["booked_minor"] + row["pipeline_minor"] + row["new_business_minor"]
        assert row["forecast_minor"] == parts
        assert open_deals(answer, number)["expected_minor"].sum() == pytest.approx(
            row["pipeline_minor"], abs=1, rel=1e-9
        )
        assert roll_up_outlook(answer, by, number)["forecast_minor"].sum() == parts
        ordered = [row[name] for name in ("lo95", "lo80", "forecast_minor", "hi80", "hi95")]
        assert ordered == sorted(ordered)
        assert row["lo95"] >= row["booked_minor"] >= 0
    assert play_outlook(answer, BASE).delta == 0
