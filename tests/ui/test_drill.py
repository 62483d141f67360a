"""What is behind a bar can be followed down to one deal, and each sum equals the one before.

A click cannot be made in these tests, so each piece is drawn as if it had been.
"""

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders import Company
from tests.fakes import small_company, small_services
from tests.ui.conftest import HANGS_AFTER_SECONDS, components, words


def behind():
    """Draw what is behind a bar."""
    import streamlit as st

    from app import cache
    from app.components import attribution_settings, drill, filters

    view = filters.default_view(st.session_state["app_services"])
    choice = attribution_settings.in_a_row(view)
    credit = cache.attribution(view.services, view.services.cache_key, choice.question)
    drill.show(st.session_state["bar"], choice, credit, view)


def one_deal():
    """Draw one deal."""
    import streamlit as st

    from app.components import attribution_settings, deal_split, filters

    view = filters.default_view(st.session_state["app_services"])
    deal_split.show(st.session_state["deal"], attribution_settings.in_a_row(view), view)


def all_deals_left_out():
    """Draw the deals without credit, opened."""
    import streamlit as st

    from app.components import attribution_settings, filters, left_out

    view = filters.default_view(st.session_state["app_services"])
    left_out.show(attribution_settings.in_a_row(view), view)


@pytest.fixture
def drawn(small):
    def drawn_with(piece, company=None, **state):
        app = AppTest.from_function(piece, default_timeout=HANGS_AFTER_SECONDS)
        app._bidi_component_manager = components()
        app.session_state["app_services"] = small_services(company) if company else small
        for name, value in state.items():
            app.session_state[name] = value
        return app.run()

    return drawn_with


def table(app, column):
    return next(frame.value for frame in app.dataframe if column in frame.value)


def test_the_campaigns_and_the_deals_of_a_bar_sum_to_it(drawn):
    app = drawn(behind, bar="Paid search")

    assert not app.exception
    # Linear: half of d1's 1,000.00 and a third of d3's 4,000.00.
    said = words(app)
    assert "**1 campaign** add up to **€1\\,833\\.33**, which equals the bar." in said
    assert "**2 deals** of Paid search, Linear: add up to **€1\\,833\\.33**, which equals" in said


def test_the_touches_of_a_bar_sum_to_it_too(drawn):
    app = drawn(behind, bar="Paid search", behind="Touches")

    assert "**2 touches** of Paid search, Linear: add up to **€1\\,833\\.33**" in words(app)
    assert table(app, "place")["place"].to_list() == ["1 of 3", "1 of 2"]


def test_revenue_without_a_touch_opens_its_deals_only(drawn):
    app = drawn(behind, bar="(unattributed)")

    assert "No eligible touch is recorded for these deals." in words(app)
    assert "campaign" not in words(app)


def test_a_bar_of_an_earlier_answer_opens_nothing(drawn):
    assert "Behind" not in words(drawn(behind, bar="Fax"))


def test_a_deal_says_why_it_is_split_so(drawn):
    app = drawn(one_deal, deal="d3")

    said = words(app)
    assert "Halcyon new: 3 touches share €4\\,000\\.00" in said
    assert "**Why Linear splits it so:** Every touch gets the same\\, 33\\.3\\% each" in said
    assert "**First touch:** Of 3 eligible touches the first takes it all" in said


def test_a_deal_can_be_imagined_without_a_channel(drawn):
    app = drawn(one_deal, deal="d3", without_d3="Email")

    assert not app.exception
    assert "Without Email, €1\\,333\\.34 would move by Linear" in words(app)
    rows = table(app, "then_linear").set_index("channel")
    assert float(rows["then_linear"]["Email"]) == 0
    assert float(rows["then_linear"].sum()) == 4000


def test_a_channel_of_another_deal_removes_nothing(drawn):
    app = drawn(one_deal, deal="d1")

    assert "Without" not in words(app)


def test_an_unknown_amount_is_said_and_never_nought(drawn):
    company = small_company().touch("t9", "2026-11-01", "Email", deal="d5")
    app = drawn(one_deal, company, deal="d5", without_d5="Email")

    assert "share an amount that is not known" in words(app)
    assert table(app, "now_linear")["now_linear"].isna().all()


def test_a_deal_without_touches_says_so(drawn):
    assert "No touch of this deal is eligible." in words(drawn(one_deal, deal="d5"))


def test_deals_left_out_are_listed_with_the_reason(drawn):
    company = small_company().deal("yen", "9.00", "2026-11-01", currency="XXX", name="Odd one")
    app = drawn(all_deals_left_out, company, attribution_left_out=True)

    rows = table(app, "reason").set_index("deal_id")
    assert rows["reason"]["d5"].startswith("No touch names the deal")
    assert rows["reason"]["yen"].startswith("There is no exchange rate")
    assert rows["amount_minor"].isna().all()


def test_nothing_left_out_is_said(drawn):
    company = Company().deal("D", "1.00", "2026-06-30").touch("T", "2026-06-01", deal="D")
    app = drawn(all_deals_left_out, company, attribution_left_out=True)

    assert "Every won deal of the period has an eligible touch and an amount." in words(app)
