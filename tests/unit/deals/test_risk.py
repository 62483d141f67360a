"""Each risk signal is on exactly where its figure passes its threshold."""

from datetime import date

import pytest

from core.deals.learning import learn
from core.deals.moments import open_now
from core.deals.readings import readings
from core.deals.risk import SIGNALS, Recorded, measure, risk_signal, signals_on
from core.deals.scoring import score_deals
from core.deals.settings import ScoreSettings, SignalSettings
from core.errors import InvalidParameterError, UnknownNameError
from core.forecasting.histories import end_of
from tests.pipelines import Pipeline
from tests.scored import company_data, company_scores, data_of

AS_OF = date(2024, 3, 31)


def signals(pipeline, touches=(), settings=None, **columns):
    """Return the signals of deal D1 as of the last of March."""
    data = data_of(pipeline, touches, reaches=AS_OF, **columns)
    now = open_now(data.histories, end_of(AS_OF))
    settings = settings or SignalSettings()
    on = signals_on(measure(data, now, settings), settings, Recorded.by(data, is_now=True))
    ids = data.histories.deals["deal_id"].gather(now.deal).to_list()
    return on[ids.index("D1")]


def test_a_deal_pushed_twice_to_a_later_month_is_pushed():
    once = (
        Pipeline()
        .deal("D1", "2024-01-01")
        .change("D1", "2024-01-01", "Lead", 100, "2024-02-15")
        .change("D1", "2024-02-10", "Lead", 100, "2024-04-15")
    )

    assert signals(once) == []
    assert signals(once.change("D1", "2024-03-10", "Lead", 100, "2024-05-15")) == ["pushed"]


def test_the_close_date_is_past_from_the_day_after():
    due = Pipeline().deal("D1", "2024-01-01")

    assert signals(due.change("D1", "2024-01-01", "Lead", 100, "2024-03-31")) == []
    assert signals(due.change("D1", "2024-01-01", "Lead", 100, "2024-03-30")) == ["past_close_date"]


def test_longer_in_a_stage_than_most_won_deals_were_is_stalled():
    pipeline = Pipeline().deal("D1", "2024-03-01").change("D1", "2024-03-01", "Lead")
    for number in range(10):  # ten won deals stayed 1 to 10 days in the stage
        name = f"W{number}"
        pipeline = pipeline.deal(name, "2024-01-01", won=f"2024-01-{number + 2:02}")
        pipeline = pipeline.change(name, "2024-01-01", "Lead")

    assert signals(pipeline) == ["stalled"]
    assert signals(pipeline.change("D1", "2024-03-28", "Demo")) == []


def test_a_missing_next_step_counts_only_where_next_steps_are_written():
    pipeline = Pipeline().deal("D1", "2024-01-01").deal("D2", "2024-01-01")

    assert signals(pipeline) == []
    assert signals(pipeline, next_steps=["D2"]) == ["no_next_step"]
    assert signals(pipeline, next_steps=["D1"]) == []


def test_one_person_met_is_a_single_thread():
    pipeline = Pipeline().deal("D1", "2024-01-01")
    one = [("D1", "2024-03-20", "Call", "call", "c1")]

    assert signals(pipeline, one) == ["single_threaded"]
    assert signals(pipeline, [*one, ("D1", "2024-03-21", "Call", "call", "c2")]) == []


def test_a_tenth_below_the_highest_amount_has_dropped():
    pipeline = Pipeline().deal("D1", "2024-01-01").change("D1", "2024-01-01", "Lead", 100)

    assert signals(pipeline.change("D1", "2024-02-01", "Demo", 95)) == []
    assert signals(pipeline.change("D1", "2024-02-01", "Demo", 90)) == ["amount_dropped"]


def test_a_mix_of_low_intent_channels_needs_enough_touches():
    pipeline = Pipeline().deal("D1", "2024-01-01")
    social = [("D1", f"2024-03-1{day}", "Paid social", "click", f"c{day}") for day in range(3)]

    assert signals(pipeline, social) == ["low_intent"]
    assert signals(pipeline, social[:2]) == []


def test_no_touch_for_three_weeks_is_inactive():
    pipeline = Pipeline().deal("D1", "2024-01-01").deal("D2", "2024-01-01")
    people = [("D1", "2024-01-05", "Call", "call", f"c{number}") for number in range(2)]

    assert signals(pipeline, people) == ["inactive"]
    assert signals(pipeline, people, SignalSettings(quiet_days=100)) == []
    assert "inactive" in signals(pipeline, [("D2", "2024-03-30", "Call", "call", "c1")])
    assert signals(pipeline) == []  # no touches are recorded at all


def test_an_owner_counts_as_below_average_only_outside_the_interval():
    pipeline = Pipeline().deal("D1", "2024-03-01", owner_id="u1")
    for number in range(20):
        won = {"won": "2024-02-01"} if number < 2 else {"lost": "2024-02-01"}
        pipeline = pipeline.deal(f"A{number}", "2024-01-01", owner_id="u1", **won)
        won = {"won": "2024-02-01"} if number < 12 else {"lost": "2024-02-01"}
        pipeline = pipeline.deal(f"B{number}", "2024-01-01", owner_id="u2", **won)

    # u1: 2 of 20, 80 % Wilson interval up to 0.20; everybody: 14 of 40 = 0.35
    assert signals(pipeline) == ["owner_below_average"]
    assert signals(pipeline, settings=SignalSettings(owner_deals=21)) == []


def test_next_steps_are_not_held_against_a_deal_of_the_past():
    data, scores = company_data(), company_scores()
    model = learn(data, date(2026, 6, 30), date(2026, 9, 30))
    past = score_deals(data, model, ScoreSettings())

    assert scores.frame["signals"].explode().eq("no_next_step").any()
    assert not past.frame["signals"].explode().eq("no_next_step").any()


def test_every_signal_reads_as_its_figure_beside_its_threshold():
    settings = SignalSettings()
    seen = set()
    for row in company_scores().frame.iter_rows(named=True):
        for reading in readings(row, settings):
            seen.add(reading.signal.code)
            assert reading.words
            assert (reading.value is None) == (reading.unit == "")

    assert len(seen) >= 7


def test_every_signal_is_said_and_known_by_its_code():
    assert len({signal.code for signal in SIGNALS}) == len(SIGNALS) == 9
    assert risk_signal("pushed").title == "Pushed"
    with pytest.raises(UnknownNameError, match="Did you mean 'pushed'"):
        risk_signal("pushd")


@pytest.mark.parametrize("wrong", [{"stalled_share": 1.0}, {"pushes": 0}, {"amount_drop": 0.0}])
def test_thresholds_outside_their_range_are_refused(wrong):
    with pytest.raises(InvalidParameterError, match="risk thresholds"):
        SignalSettings(**wrong)
