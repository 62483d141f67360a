"""What the analyst knows of a forecast and of a deal, in the words of the rules."""

from dataclasses import replace
from datetime import date

from core.analyst.check.problems import Problem
from core.analyst.check.sentence import findings
from core.analyst.facts import Claim
from core.analyst.narrative import narrate
from core.analyst.sheets.deal import DealAnswers, deal_facts
from core.analyst.sheets.forecast import ExpectedPeriod, ForecastAnswers, forecast_facts
from core.analyst.sheets.making import Place
from core.analyst.writers.prompt import told
from core.analyst.writers.rules.writer import Rules

PLACE = Place("EUR")
PERIOD = ExpectedPeriod(
    "Q4 2026", 120_000_000, 100_000_000, 140_000_000, 40_000_000, 50_000_000, 30_000_000,
    130_000_000, 0.31,
)  # fmt: skip
FORECAST = ForecastAnswers(PERIOD, date(2026, 11, 20), "state", 0.12, "", 0.83)
DEAL = DealAnswers(
    "D1", "Acme renewal", "Acme", "Ada Byron", 5_000_000, "state",
    p_win=0.1, p_lose=0.3, p_slip=0.6, chance=0.15, base_rate=0.25, band="high risk", risky=True,
    channels=("Email", "Events"), signals=("stalled (30 days in stage)",),
    lowers=("stage (stage: Demo)",), owner_won=12, owner_closed=40, action="Call Acme",
)  # fmt: skip


def test_a_forecast_is_said_with_its_interval_its_parts_and_its_record():
    written = narrate(forecast_facts(FORECAST, PLACE), Rules())

    assert written.dropped == ()
    assert written.text.startswith(
        "Q4 2026 is set to bring €1.20m of expected revenue, with an 80% interval of €1.00m to "
        "€1.40m."
    )
    assert "a chance of 31.0% to reach the target" in written.text


def test_a_forecast_without_target_or_record_leaves_them_out():
    alone = replace(PERIOD, target_minor=None, chance=None)
    sheet = forecast_facts(replace(FORECAST, period=alone, error=None, held=None), PLACE)
    written = narrate(sheet, Rules())

    assert "target" not in written.text
    assert "record" not in written.text


def test_a_target_that_is_rather_missed_is_at_risk():
    assert forecast_facts(FORECAST, PLACE)["chance"].claims == {Claim.RISKY}


def test_a_chance_next_to_certain_is_not_written_as_certain():
    sure, hopeless = (replace(PERIOD, chance=chance) for chance in (0.9996, 0.0004))

    texts = [
        forecast_facts(replace(FORECAST, period=p), PLACE)["chance"].text for p in (sure, hopeless)
    ]

    assert texts == [
        "a chance of more than 99% to reach the target",
        "a chance of less than 1% to reach the target",
    ]


def test_a_deal_is_said_with_chances_signals_and_the_next_action():
    written = narrate(deal_facts(DEAL, PLACE), Rules())

    assert written.dropped == ()
    assert written.text.startswith(
        "Acme renewal, with an amount of €50.0k, has a 15.0% chance to be won: high risk."
    )
    assert written.text.endswith("Next action: Call Acme.")


def test_a_model_is_told_nothing_of_a_deal_that_quotes_the_data():
    lines = [told(fact, with_values=True) for fact in deal_facts(DEAL, PLACE)]

    assert any("15.0%" in line for line in lines)
    assert not any(word in line for line in lines for word in ("Acme", "Ada", "Email", "Demo"))


def test_the_record_of_the_owner_cannot_be_put_to_the_deal():
    sheet = deal_facts(DEAL, PLACE)
    lie = f"{sheet['deal'].slot} has {sheet['record'].slot}."

    assert Problem.SUBJECT in {finding.problem for finding in findings(lie, sheet)}


def test_the_company_is_named_where_the_name_of_the_deal_does_not_say_it():
    for account, begins in (
        ("Acme", "Acme renewal, with"),
        ("Acm", "Acme renewal of Acm, with"),
        ("Globex", "Acme renewal of Globex, with"),
    ):
        sheet = deal_facts(replace(DEAL, account=account, chance=0.8141), PLACE)
        text = narrate(sheet, Rules()).text

        assert text.startswith(begins)
        assert "has an 81.4% chance to be won" in text
