"""What counts as a touch, and what models weigh, can be said on the command line."""

import csv
import io

import pytest

from core.attribution.results import LIFT_TESTS_UNREAD


@pytest.fixture
def credit(run, workspace):
    """Return each name's revenue under one model, from the CSV the command writes."""

    def credited(model, *options):
        asked = ("--workspace", workspace, "--model", model, "--format", "csv", *options)
        status, out, err = run("attribute", *asked)
        assert (status, err) == (0, "")
        rows = csv.DictReader(io.StringIO(out))
        return {row["channel"]: row["revenue"] for row in rows}

    return credited


def test_an_excluded_channel_leaves_its_credit_to_the_others(credit):
    found = credit("linear", "--exclude-channel", "Email")

    assert found == {"Webinar": "1000.00", "(unattributed)": "0.05"}


def test_several_channels_can_be_excluded(credit):
    found = credit("linear", "--exclude-channel", "Email", "--exclude-channel", "Webinar")

    assert found == {"(unattributed)": "1000.05"}


def test_only_touches_after_the_deals_creation_can_count(credit):
    # D1 was created on 10 January: the Email of 5 January is out.
    assert credit("first_touch", "--after-creation")["Webinar"] == "1000.00"


def test_touches_of_the_company_can_be_left_to_the_people_of_the_deal(credit):
    # The touches name the deal itself, so they count either way.
    assert credit("first_touch", "--journeys", "contacts") == credit("first_touch")


def test_the_half_life_moves_credit_between_old_and_new_touches(credit):
    # 59, 28 and 0 days before the close; halves every 28 days: about 0.23 + 1 against 0.5.
    found = credit("time_decay", "--half-life-days", "28")

    weights = [2 ** (-59 / 28), 0.5, 1.0]
    share = weights[1] / sum(weights)
    assert float(found["Webinar"]) == pytest.approx(1000 * share, abs=20)


def test_the_ends_of_position_based_are_a_setting(credit):
    assert credit("position_based", "--ends", "0.5,0.3")["Webinar"] == "200.00"


def test_weights_of_ones_own_make_the_custom_model(credit):
    # First, lead, creation and close: 5 January twice, close 5 March; the Webinar is the rest.
    found = credit("custom", "--weights", "first=1,close=1,others=2")

    assert found["Webinar"] == "500.00"


def test_all_models_hold_the_custom_one_only_when_its_weights_are_given(run, workspace):
    def models(*options):
        asked = ("attribute", "--workspace", workspace, "--format", "csv", *options)
        return {row["model"] for row in csv.DictReader(io.StringIO(run(*asked)[1]))}

    assert "custom" not in models()
    assert "custom" in models("--weights", "first=1")


def test_the_suggested_markov_order_is_told_and_can_be_asked_for(run, workspace):
    def first_row(*options):
        asked = ("--workspace", workspace, "--model", "markov", "--format", "csv", *options)
        return run("attribute", *asked)[1].splitlines()[1]

    assert "note: Markov of order 1 is suggested" in run("attribute", "--workspace", workspace)[1]
    assert first_row().startswith("markov_1,")
    assert first_row("--order", "3").startswith("markov_3,")


def test_settings_of_rules_hold_for_path_files_too(run, tmp_path):
    (tmp_path / "paths.csv").write_text("path,total_conversions\nEmail > Web > Call,1\n")
    options = ("--model", "position_based", "--ends", "0.5,0.3", "--format", "csv")
    _, out, _ = run("attribute", "--paths", tmp_path / "paths.csv", *options)

    rows = list(csv.DictReader(io.StringIO(out)))
    found = {row["channel"]: float(row["conversions"]) for row in rows}
    assert found == pytest.approx({"Email": 0.5, "Web": 0.2, "Call": 0.3})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--exclude-channel", "Emial"], "Did you mean 'Email'"),
        (["--exclude-kind", "fax"], "There is no kind of touch called 'fax'"),
        (["--weights", "frist=1"], "frist, which is no milestone"),
        (["--weights", "first=much"], "first=much is not a weight"),
        (["--weights", "first=0"], "at least one milestone"),
        (["--ends", "0.5"], "are not two shares"),
        (["--model", "position_based", "--ends", "0.9,0.9"], "at most 1"),
        (["--model", "time_decay", "--half-life-days", "0"], "above 0"),
    ],
)
def test_a_wrong_setting_is_refused_in_words(run, workspace, options, words):
    status, _, err = run("attribute", "--workspace", workspace, *options)

    assert status == 2
    assert words in err


@pytest.mark.parametrize("output", ["table", "csv", "json"])
def test_lift_tests_that_no_model_reads_are_said_to_change_nothing(
    run, workspace, tmp_path, output
):
    tests = tmp_path / "lift.csv"
    tests.write_text("channel,lift,lo,hi\nEmail,0.10,0.05,0.15\n", encoding="utf-8")

    asked = ("--workspace", workspace, "--model", "linear", "--format", output)
    status, out, err = run("attribute", *asked, "--lift-tests", str(tests))

    assert status == 0
    assert (out if output == "table" else err).count(LIFT_TESTS_UNREAD) == 1
