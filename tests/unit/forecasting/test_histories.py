"""Any past moment is replayed from what was recorded, and what is not recorded is said."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from core.engine import open_engine
from core.errors import EmptyWorkspaceError
from core.forecasting.histories import end_of, read_histories
from core.forecasting.landmarks import landmarks, replay, weekly_instants
from core.forecasting.recorded_states import NO_HISTORY
from tests.builders import Company
from tests.pipelines import Pipeline, epoch

MOVED = (
    Pipeline()
    .deal("D", "2024-01-01", 900, won="2024-03-01", due="2024-03-31")
    .change("D", "2024-01-03", "Lead", 500, "2024-02-28")
    .change("D", "2024-01-10", "Demo")
    .change("D", "2024-01-20", "Demo", 700, "2024-03-31")
    .change("D", "2024-02-01", "Offer", 900)
    .change("D", "2024-03-01", "Won", 900)
)


def seen(pipeline, day):
    return replay(pipeline.histories(), end_of(date.fromisoformat(day))).to_dicts()


@pytest.mark.parametrize(
    ("day", "stage", "age_days", "amount", "due"),
    [
        ("2024-01-01", "Lead", 1, 500, date(2024, 2, 28)),  # the first change reaches back
        ("2024-01-12", "Demo", 3, 500, date(2024, 2, 28)),  # blanks repeat what was known
        ("2024-01-25", "Demo", 16, 700, date(2024, 3, 31)),  # an amount does not reset the age
        ("2024-02-29", "Offer", 29, 900, date(2024, 3, 31)),
    ],
)
def test_a_deal_is_replayed_as_it_was(day, stage, age_days, amount, due):
    assert seen(MOVED, day) == [
        {"deal": 0, "stage": stage, "age_days": age_days, "amount_minor": amount, "due_on": due}
    ]


@pytest.mark.parametrize("day", ["2023-12-31", "2024-03-01"])
def test_before_its_creation_and_after_its_close_a_deal_is_not_open(day):
    assert seen(MOVED, day) == []


def test_a_deal_reopened_is_not_open_in_between():
    pipeline = (
        Pipeline()
        .deal("D", "2024-01-01")
        .change("D", "2024-01-01", "Demo")
        .change("D", "2024-02-01", "Lost")
        .change("D", "2024-03-01", "Offer")
    )

    assert [len(seen(pipeline, day)) for day in ("2024-01-15", "2024-02-15", "2024-03-15")] == [
        1,
        0,
        1,
    ]


def test_an_open_deal_in_a_closed_stage_is_not_in_the_pipeline_and_is_named():
    histories = Pipeline().deal("D", "2024-01-01").change("D", "2024-01-01", "Lost").histories()

    assert replay(histories, end_of(date(2024, 1, 5))).is_empty()
    assert "last recorded stage is a closed one, not in the pipeline: 1" in histories.warnings[1]


def test_a_closed_stage_entered_before_the_close_date_leaves_no_gap():
    pipeline = (
        Pipeline()
        .deal("D", "2024-01-01", won="2024-02-10")
        .change("D", "2024-01-01", "Demo")
        .change("D", "2024-02-05", "Won")
    )

    assert seen(pipeline, "2024-02-07")[0]["stage"] == "Demo"


def test_without_stage_changes_the_past_has_no_stages_and_the_reason_is_given():
    histories = Pipeline().deal("D", "2024-01-01", stage="Offer").histories()

    assert replay(histories, end_of(date(2024, 1, 5)))["stage"].to_list() == [NO_HISTORY]
    assert not histories.has_stage_history
    assert "no stage changes" in histories.warnings[0]


DUE_TODAY = (
    Pipeline()
    .deal("D", "2024-01-01", due="2024-04-30")
    .change("D", "2024-01-10", "Demo")
    .deal("silent", "2024-01-02", due="2024-05-31")
    .deal("closed", "2024-01-03", won="2024-02-10", due="2024-02-10")
)


def test_an_expected_close_no_change_names_is_known_from_the_end_of_the_data_on():
    assert [row["due_on"] for row in seen(DUE_TODAY, "2024-02-10")] == [
        date(2024, 4, 30),
        date(2024, 5, 31),
    ]


def test_before_the_end_of_the_data_only_open_deals_would_have_that_expected_close():
    histories = DUE_TODAY.histories()
    earlier = end_of(date(2024, 2, 5))

    assert replay(histories, earlier)["due_on"].to_list() == [None, None, None]
    assert np.isnan(landmarks(histories, np.array([earlier])).due_days).all()
    assert np.isfinite(landmarks(histories, np.array([end_of(date(2024, 2, 10))])).due_days).all()


def test_a_deal_closed_after_the_import_is_left_out_and_puts_nothing_off():
    engine = DUE_TODAY.deal("future", "2024-01-03", won="2030-01-01").engine()
    imported = pl.Series("imported_at", [date(2024, 3, 1)]).cast(pl.Datetime("us"))
    engine.tables["imports"] = imported.to_frame()
    histories = read_histories(engine, "EUR")

    assert "future" not in histories.deals["deal_id"]
    assert histories.warnings[0].endswith("left out, neither won nor open: 1.")
    now = replay(histories, end_of(date(2024, 3, 1)))
    assert now["due_on"].drop_nulls().to_list() == [date(2024, 4, 30), date(2024, 5, 31)]


def test_a_single_deal_without_changes_is_named_as_such():
    histories = MOVED.deal("S", "2024-01-01").histories()

    assert "Deals without a stage change, replayed without a stage: 1." in histories.warnings


def test_changes_without_amounts_fall_back_to_todays_and_say_so():
    pipeline = Pipeline().deal("D", "2024-01-01", 300).change("D", "2024-01-01", "Demo")

    assert seen(pipeline, "2024-01-05")[0]["amount_minor"] == 300
    assert any("today's amounts" in warning for warning in pipeline.histories().warnings)


def test_a_closed_deal_without_a_date_is_left_out_and_counted():
    pipeline = Pipeline().deal("D", "2024-01-01").deal("X", "2024-01-01", outcome="won")
    histories = pipeline.histories()

    assert histories.deals["deal_id"].to_list() == ["D"]
    assert "Closed deals without a close date are left out: 1." in histories.warnings


def test_amounts_in_a_currency_without_a_rate_are_left_out():
    pipeline = Pipeline().deal("D", "2024-01-01").deal("X", "2024-01-01", currency="XXX")

    assert pipeline.histories().deals["deal_id"].to_list() == ["D"]


def test_no_deal_at_all_is_an_error_with_a_way_out():
    with pytest.raises(EmptyWorkspaceError, match="Import deals"):
        Pipeline().histories()


def test_stages_of_one_name_in_two_pipelines_are_told_apart():
    engine = (
        Pipeline()
        .deal("A", "2024-01-01", pipeline="Sales")
        .deal("B", "2024-01-01", pipeline="Renewals")
        .change("A", "2024-01-01", "Demo")
        .change("B", "2024-01-01", "Demo")
        .engine()
    )
    renewals = engine.tables["stages"].with_columns(pipeline=pl.lit("Renewals"))
    engine.tables["stages"] = pl.concat([engine.tables["stages"], renewals])

    stages = read_histories(engine, "EUR").states["stage"]

    assert sorted(stages) == ["Renewals: Demo", "Sales: Demo"]


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
def test_a_workspace_is_read_the_same_on_every_engine(url):
    company = Company().deal("D", "9.00", "2024-03-01", created_at="2024-01-01")
    company._add("stage_changes", deal_id="D", changed_at="2024-01-10", stage="Demo", amount="7.00")
    with company.workspace() as workspace:
        states = read_histories(open_engine(workspace, url), "EUR").states

    assert states.select("from_epoch", "until_epoch", "stage", "amount_minor").rows() == [
        (epoch("2024-01-01"), epoch("2024-01-10"), "Demo", 700),
        (epoch("2024-01-10"), epoch("2024-03-01"), "Demo", 700),
    ]


def test_only_the_deals_of_the_owners_asked_for():
    pipeline = Pipeline().deal("A", "2024-01-01", owner_id="U1").deal("B", "2024-01-01")

    assert read_histories(pipeline.engine(), "EUR", ("U1",)).deals["deal_id"].to_list() == ["A"]


def test_a_snapshot_knows_outcomes_but_forgets_those_it_could_not_know():
    histories = MOVED.histories()
    instants = weekly_instants(histories.starts_at, end_of(date(2024, 3, 4)))
    marks = landmarks(histories, instants)

    assert len(marks.at) == 9  # the ends of the Mondays from 1 January to 26 February
    assert set(marks.won_at) == {epoch("2024-03-01")}
    blind = marks.known_before(epoch("2024-03-01"))
    assert not (blind.won_at < float("inf")).any()
    assert (marks.known_before(epoch("2024-03-01") + 1).won_at < float("inf")).all()
