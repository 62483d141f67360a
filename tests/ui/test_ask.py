"""Ask answers with sentence, chart and table, or says what can be asked."""

import pytest

from app.services import Services
from core.workspace import Workspace
from tests.fakes import small_services
from tests.ollama import model_server
from tests.ui.conftest import words


def test_a_question_is_answered_in_words_with_the_figures_below(open_page, small):
    app = open_page("ask.py", small, q="revenue by channel")

    assert not app.exception
    assert "Understood as\\: Attributed revenue by channel" in words(app)
    assert "Email comes first" in words(app)
    assert float(app.dataframe[0].value["value"].sum()) == 7500.50


def test_an_example_is_a_click_away(open_page, small):
    app = open_page("ask.py", small)
    example = next(button for button in app.button if "by month" in button.label)
    app = example.click().run()

    assert not app.exception
    assert "Closed won by month" in words(app)


@pytest.mark.parametrize("question", ["what is the weather", "![x](http://evil.example/a.png)"])
def test_anything_else_is_refused_with_what_can_be_asked(open_page, small, question):
    app = open_page("ask.py", small, q=question)

    assert not app.exception
    assert not app.dataframe
    assert "Which channel has the highest ROI" in words(app)
    assert "![x](http" not in words(app)


def test_a_figure_nobody_knows_is_said_to_be_unknown(open_page, small):
    app = open_page("ask.py", small, q="roi by channel")

    assert "Not known from the data there are" in words(app)


def test_a_model_maps_a_free_question_to_a_figure_of_the_product(open_page, monkeypatch):
    answer = '{"metric": "sales_cycle", "period": "12m", "by": "nothing", "order": "none"}'
    with model_server(answers=[answer]) as server:
        monkeypatch.setenv("PLUMBLINE_OLLAMA_URL", server.url)
        monkeypatch.setenv("PLUMBLINE_WRITER", "ollama")
        app = open_page("ask.py", small_services(), q="Do customers dither before signing?")

        assert "Understood as\\: Sales cycle" in words(app)
        assert server.requests[0]["body"]["format"]["properties"]["metric"]["enum"][-1] == "none"


def test_a_model_maps_a_free_question_to_the_forecast_of_the_next_quarter(open_page, monkeypatch):
    answer = '{"metric": "forecast", "period": "next_quarter", "by": "nothing", "order": "none"}'
    with model_server(answers=[answer]) as server:
        monkeypatch.setenv("PLUMBLINE_OLLAMA_URL", server.url)
        monkeypatch.setenv("PLUMBLINE_WRITER", "ollama")
        app = open_page("ask.py", small_services(), q="Shall we be rich come spring?")

    assert not app.exception
    assert "Understood as\\: Forecast\\, Q1 2027" in words(app)


def test_which_deals_are_at_risk_is_answered_with_a_list(open_page, small):
    app = open_page("ask.py", small, q="win chance by deal")

    assert not app.exception
    assert "Understood as\\: Win chance by deal" in words(app)
    assert app.dataframe[0].value["value"].to_list() == pytest.approx([75.0], abs=15)


@pytest.mark.parametrize(
    "answer",
    ['{"metric": "none", "period": "12m", "by": "nothing", "order": "none"}', "7", "{", "[]",
     '{"metric": "win_rate", "period": "next_quarter", "by": "nothing", "order": "none"}',
     '{"metric": "drop table", "period": "12m", "by": "nothing", "order": "none"}'],
)  # fmt: skip
def test_a_model_that_answers_off_the_list_changes_nothing(open_page, monkeypatch, answer):
    with model_server(answers=[answer]) as server:
        monkeypatch.setenv("PLUMBLINE_OLLAMA_URL", server.url)
        monkeypatch.setenv("PLUMBLINE_WRITER", "ollama")
        app = open_page("ask.py", small_services(), q="Do customers dither before signing?")

    assert not app.exception
    assert "I do not know what" in words(app)


def test_an_empty_workspace_says_what_to_do(open_page):
    app = open_page("ask.py", Services(Workspace.in_memory()))

    assert "No data yet" in words(app)
