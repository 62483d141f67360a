"""Journeys, pipeline and data quality say what they found, or that there is nothing."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from app.report_question import ReportQuestion
from core.attribution.incremental.lift import read_lift_lines
from core.attribution.results import MilestoneWeights, RuleSettings
from core.periods import Preset
from core.reports.options import Part, ReportOptions
from tests.builders import Company
from tests.fakes import small_services

ALL_TIME = ReportQuestion(preset=Preset.ALL_TIME)


def section_of(part, company=None):
    asked = replace(ALL_TIME, options=ReportOptions(parts=(part,)))
    (section,) = small_services(company).reports.report(asked).sections
    return section


def tables_of(section):
    return {block.name: block for block in section.blocks if hasattr(block, "columns")}


def test_the_bridge_of_the_pipeline_ends_with_what_is_open():
    section = section_of(Part.PIPELINE)
    lines = {row[0]: row[1:3] for row in tables_of(section)["pipeline_flow"].rows}

    # Six deals were created; the three priced wins are 7,500.50, the loss 700.00, open is 9,000.00.
    assert lines["Created"][0] == 6
    assert lines["Won"][1] == 750_050
    assert lines["End"] == (1, 900_000)
    assert section.heading == "The pipeline was empty before: €9.00k on 20 Nov 2026"


def test_journeys_say_what_won_ones_had():
    section = section_of(Part.JOURNEYS)
    outcomes = {row[0]: row[1] for row in tables_of(section)["journeys_by_outcome"].rows}

    assert outcomes == {"Won": 4, "Lost": 1}
    assert section.heading.endswith("lost ones no touch")


@pytest.mark.parametrize(
    ("closed_at", "said"),
    [(None, "No deal closed in all time"), ("2026-08-10", "The only deal closed")],
)
def test_journeys_without_any_say_so(closed_at, said):
    company = Company().account("a1", name="Northwind")
    company.deal(
        "d1", "100.00", closed_at, created_at="2026-07-01", is_won=True if closed_at else None,
        account_id="a1",
    )  # fmt: skip

    assert section_of(Part.JOURNEYS, company).heading.startswith(said)


def test_the_data_are_counted_and_scored():
    tables = tables_of(section_of(Part.DATA))
    counted = {row[0]: row[1:] for row in tables["quality_counts"].rows}

    assert counted["Deals without an amount"] == (1, 6)
    assert {row[0] for row in tables["quality_scores"].rows} >= {"Deals", "Touchpoints"}


def test_a_label_of_two_lines_is_drawn_on_two():
    document = small_services().reports.pdf(
        replace(ALL_TIME, options=ReportOptions(parts=(Part.PIPELINE,)))
    )
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)

    assert "€9.00k, 1 deal\n" in text


def appendix_of(**chosen):
    """Return the settings and the lines of code of the appendix."""
    asked = replace(ALL_TIME, options=ReportOptions(parts=(Part.APPENDIX,)), **chosen)
    (section,) = small_services().reports.report(asked).sections
    settings = dict(tables_of(section)["settings"].rows)
    return settings, [
        block.words for block in section.blocks if getattr(block, "tone", "") == "code"
    ]


def test_the_command_that_repeats_the_credit_has_every_weight_that_was_chosen():
    weights = MilestoneWeights(first=3, lead=2, deal=2, close=1, others=2)
    rules = RuleSettings(28, kept_a_step=0.5, first_share=0.3, last_share=0.5, custom=weights)

    settings, (command,) = appendix_of(rules=rules)

    assert settings["Ends of position based"] == "30.0% first, 50.0% last"
    assert command.endswith(
        "--half-life-days 28 --kept-a-step 0.5 --ends 0.3,0.5 "
        "--weights first=3,lead=2,deal=2,close=1,others=2"
    )


def test_lift_tests_are_told_and_no_command_claims_to_repeat_them():
    settings, commands = appendix_of(lift_tests=read_lift_lines(["Events,0.1,0.05,0.15"]))

    assert settings["Lift test of Events"] == "10.0%, 5.0% to 15.0%"
    assert commands == []


def test_deals_of_which_nothing_is_uncertain_decide_nothing():
    company = Company().account("a1", name="Northwind")
    company.deal(
        "d1", "100.00", "2026-08-10", created_at="2026-07-01", is_won=True, account_id="a1"
    ).deal("d2", "0.00", None, created_at="2026-07-01", account_id="a1")

    assert section_of(Part.DEALS, company).heading.startswith("No open deal decides ")


def test_a_report_without_a_win_blames_no_touches():
    lost = Company().deal("d", "100.00", "2026-11-01", created_at="2026-08-01", is_won=False)

    assert section_of(Part.ATTRIBUTION, lost).heading.startswith("No revenue was won")


def test_where_nothing_can_be_learned_the_report_forecasts_nothing():
    company = Company().deal("o", "500.00", None, created_at="2026-08-01", is_won=None)
    company.deal("w", "900.00", "2026-07-01", created_at="2026-08-01", is_won=True)
    section = section_of(Part.FORECAST, company)

    assert section.heading.startswith("Q4 2026 cannot be forecast: no deal has been won yet")
    assert not tables_of(section)
