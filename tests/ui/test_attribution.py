"""The attribution page sets the models side by side and proves their sum."""

from dataclasses import dataclass, field

import pytest

from app.services import Services
from core.attribution.results import LIFT_TESTS_UNREAD
from core.workspace import Workspace
from tests.builders import Company
from tests.fakes import FailingServices, small_company, small_services
from tests.ui.conftest import words


def table(app):
    return app.dataframe[0].value


def test_all_models_stand_side_by_side_and_reconcile_with_closed_won(open_page, small):
    app = open_page("attribution.py", small)

    assert not app.exception
    shown = table(app)
    assert float(shown["linear"].sum()) == float(shown["first_touch"].sum()) == 7500.50
    assert "= **€7\\,500\\.50 closed won**" in words(app)
    assert "Each of the 6 models adds up to it, to the cent" in words(app)


def test_the_reader_is_told_why_no_touch_explains_a_deal(open_page):
    company = Company().deal("late", "10.00", "2026-06-30").touch("T", "2026-07-01", deal="late")
    app = open_page("attribution.py", small_services(company))

    assert "their touches all come after" in words(app)


def test_the_verdict_names_who_leads_and_where_the_models_differ(open_page, small):
    app = open_page("attribution.py", small)

    assert "so the choice of model matters" in words(app)


@pytest.mark.parametrize(
    ("model", "first"), [("First touch", "Paid search"), ("Last touch", "Partner")]
)
def test_the_model_in_the_url_is_the_one_that_ranks(open_page, small, model, first):
    app = open_page("attribution.py", small, model=model)

    assert f"{model}: attributed revenue" in words(app)
    assert table(app)["name"].to_list()[0] == first


def test_a_shorter_lookback_leaves_revenue_unattributed(open_page, small):
    app = open_page("attribution.py", small, lookback="10")

    # Only d1 (touch 9 days before) and d3 (touch 9 days before) keep a touch; d2 and d5 do not.
    assert "€2\\,500\\.50 unattributed" in words(app)


def test_campaigns_can_take_the_place_of_channels(open_page, small):
    app = open_page("attribution.py", small, by="Campaign")

    assert "Summit" in table(app)["name"].to_list()


def test_a_value_in_the_url_that_no_widget_offers_falls_back(open_page, small):
    app = open_page("attribution.py", small, model="nonsense", lookback="-5")

    assert not app.exception
    assert "Linear: attributed revenue" in words(app)


def test_a_period_without_won_deals_says_how_to_find_some(open_page, small):
    days = ["2026-09-01", "2026-09-02"]

    app = open_page("attribution.py", small, period="Custom", days=days)

    assert "No revenue to explain in this period." in words(app)


def test_a_deal_without_an_amount_is_named_beside_the_sum(open_page, small):
    app = open_page("attribution.py", small)

    assert "1 won deal has no amount" in words(app)


def test_an_empty_workspace_says_what_to_do_with_one_button(open_page):
    app = open_page("attribution.py", Services(Workspace.in_memory()))

    assert "No data yet" in words(app)
    assert [button.label for button in app.button] == ["Go to Import"]


def test_a_failing_service_shows_its_message_and_hint(open_page, small):
    app = open_page("attribution.py", FailingServices(small.workspace))

    assert not app.exception
    assert "open in another process" in app.error[0].proto.title.replace("\\", "")


def test_other_models_can_be_set_side_by_side(open_page, small):
    app = open_page("attribution.py", small, compare=["Last non-direct touch", "W-shaped"])

    assert not app.exception
    assert set(table(app)) >= {"last_non_direct", "w_shaped"}
    assert "linear" not in set(table(app))
    assert "Each of the 2 models adds up" in words(app)


def performance_table(app):
    return next(frame.value for frame in app.dataframe if "spend_minor" in frame.value)


def test_each_channel_is_set_against_what_it_cost(open_page):
    company = small_company().spend("Paid search", "2026-10-01", "1000.00", campaign="Brand")
    app = open_page("attribution.py", small_services(company))

    shown = performance_table(app).set_index("channel")
    # Linear: half of d1's 1,000.00 and a third of d3's 4,000.00, 1,833.33 against 1,000.00.
    assert float(shown["spend_minor"]["Paid search"]) == 1000.0
    assert shown["roi"]["Paid search"] == pytest.approx(83.333)
    assert shown["roi"].isna()["Email"]
    assert "too few deals to say" in shown["reason"]["Paid search"]
    assert "**Too few deals to say**: Email, Paid search, Events and Partner" in words(app)


def test_performance_is_by_channel_even_where_the_page_is_by_campaign(open_page, small):
    app = open_page("attribution.py", small, by="Campaign")

    assert "Events" in performance_table(app)["channel"].to_list()


@dataclass(frozen=True)
class CountingServices(Services):
    """Real services that note how often intervals and closed-won revenue are asked for."""

    asked: list[str] = field(default_factory=list)
    explained: list[object] = field(default_factory=list)

    def to_explain(self, question):
        """Note it and answer."""
        self.explained.append(question)
        return super().to_explain(question)

    def intervals(self, question, model):
        """Note it and answer."""
        self.asked.append(model)
        return super().intervals(question, model)


def many_accounts():
    """Return forty accounts, each with one deal: every second one won, whatever touched it."""
    company = Company()
    for number in range(40):
        name = f"D{number}"
        company.account(f"A{number}", name=f"Account {number}")
        company.deal(
            name,
            "100.00",
            "2026-10-10",
            created_at="2026-07-01",
            is_won=number % 2 == 0,
            account_id=f"A{number}",
        )
        company.touch(f"{name}-1", "2026-08-01", "Email" if number % 4 < 2 else "Web", deal=name)
    return company


@pytest.fixture(scope="module")
def many():
    """Return services of many accounts, which no test changes: their answers stay."""
    return small_services(many_accounts())


def opened(open_page, services, **query):
    app = open_page("attribution.py", services, **query)
    app.session_state["attribution_trust"] = True
    return app.run()


def test_intervals_are_computed_only_when_the_reader_opens_them(open_page, many):
    services = CountingServices(many.workspace)
    app = open_page("attribution.py", services)

    assert services.asked == []
    app.session_state["attribution_trust"] = True
    app.run()
    app.run()
    assert not app.exception
    assert services.asked == ["linear"]
    assert "80% intervals, from 200 draws of accounts" in words(app)
    assert "is a rule" in words(app)
    shown = next(frame.value for frame in app.dataframe if "p_first" in frame.value)
    assert shown["share"].sum() == pytest.approx(100)


def test_another_model_does_not_ask_for_closed_won_revenue_again(open_page, many):
    services = CountingServices(many.workspace)
    app = open_page("attribution.py", services)
    app.session_state["compare"] = ["linear", "w_shaped", "markov_1"]
    app.run()

    assert not app.exception
    assert len(services.explained) == 1


@pytest.mark.parametrize("title", ["Markov, order 1", "Shapley, totals"])
def test_a_data_driven_model_without_a_signal_says_so_aloud(open_page, many, title):
    app = opened(open_page, many, compare=[title, "Linear"], model=title)

    assert not app.exception
    assert "No signal" in words(app)


def test_a_markov_model_says_which_order_the_journeys_support(open_page, many):
    title = "Markov, order 3"
    app = opened(open_page, many, compare=[title, "Linear"], model=title)

    assert not app.exception
    assert "Markov of order 1 is suggested" in words(app).replace("\\", "")


def test_names_on_which_all_models_agree_are_told_from_those_that_depend(open_page, small):
    app = open_page("attribution.py", small)

    shown = table(app).set_index("name")
    assert shown["said"]["Events"] == "Depends"
    assert shown["said"]["(unattributed)"] == "All agree"
    assert shown["places"].isna()["(unattributed)"]
    assert "**Depends on the model**: " in words(app)


def test_weights_of_ones_own_are_a_model_like_the_others(open_page, small):
    query = {"compare": ["Custom weights", "Linear"], "model": "Custom weights"}
    app = open_page(
        "attribution.py",
        small,
        **query,
        weight_first="100",
        weight_lead="0",
        weight_deal="0",
        weight_close="0",
        weight_others="0",
    )

    assert not app.exception
    assert "Custom weights: attributed revenue" in words(app)
    # All on the first touch: d1 and d3 began with paid search.
    assert float(table(app).set_index("name")["custom"]["Paid search"]) == 5000


def test_channels_and_kinds_can_be_left_out_and_credit_goes_to_the_others(open_page, small):
    app = open_page("attribution.py", small, without=["Paid search"])

    assert "Paid search" not in table(app)["name"].to_list()
    assert "€7\\,500\\.50 closed won" in words(app)


def test_only_touches_after_the_deals_creation_can_count(open_page, small):
    app = open_page("attribution.py", small, after_creation="true", lookback="3000")

    assert not app.exception
    # All touches of d1, d2 and d3 came after their creation but none is lost.
    assert "€7\\,500\\.50 closed won" in words(app)


def test_shares_of_more_than_the_whole_are_cut_and_said(open_page, small):
    app = open_page("attribution.py", small, first_share="80", last_share="80")

    assert not app.exception
    assert "the last touch gets what is left" in words(app)


def test_too_few_accounts_for_an_interval_are_said_and_the_page_goes_on(open_page, small):
    app = opened(open_page, small)

    assert not app.exception
    assert "too few to say how sure a credit is" in words(app)


def test_markov_and_shapley_stand_beside_the_rules(open_page, many):
    titles = [entry.title for entry in many.models().values()]
    compared = [title for title in titles if "Markov" in title or "Shapley" in title]
    app = open_page("attribution.py", many, compare=[*compared, "Linear"])

    assert not app.exception
    assert len(compared) >= 5
    assert f"Each of the {len(compared) + 1} models adds up to it, to the cent" in words(app)


LIFT_PAGE = {"compare": ["Linear", "Incremental, estimated"]}


def test_lift_tests_are_typed_where_the_incremental_model_is_compared(open_page, small):
    app = open_page("attribution.py", small, **LIFT_PAGE, lift_test="Events,0.10,0.05,0.15")
    assert not app.exception
    assert not app.error
    assert "lift_test" not in {one.key for one in open_page("attribution.py", small).multiselect}


def test_lift_tests_that_no_model_compared_reads_are_said_to_change_nothing(open_page, small):
    def read(**url):
        return words(open_page("attribution.py", small, **url)).replace("\\", "")

    assert LIFT_TESTS_UNREAD in read(lift_test="Events,0.10,0.05,0.15")
    assert LIFT_TESTS_UNREAD not in read()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("Events;0.1", "three numbers"), ("Radio,0.10,0.05,0.15", "no channel called")],
)
def test_a_lift_test_that_cannot_be_read_is_told(open_page, small, typed, said):
    app = open_page("attribution.py", small, **LIFT_PAGE, lift_test=typed)
    assert said in " ".join(error.proto.title + error.value for error in app.error)
