"""Settings say who writes, where the model runs and what is sent; only an operator moves it."""

from app.services import Services
from core.workspace import Workspace
from tests.fakes import small_services
from tests.ollama import as_json, model_server
from tests.ui.conftest import words


def choose(app, name):
    app.radio(key="writer_name").set_value(name)
    return app.run()


def test_rules_write_until_somebody_chooses_otherwise(open_page, small):
    app = open_page("settings.py", small)

    assert not app.exception
    assert app.radio(key="writer_name").value == "rules"
    assert "Nothing is sent anywhere" in words(app)
    assert app.dataframe[0].value["variable"].to_list()[0] == "PLUMBLINE_WORKSPACE"


def test_settings_are_there_before_any_data(open_page):
    app = open_page("settings.py", Services(Workspace.in_memory()))

    assert not app.exception
    assert "Analyst" in words(app)


def test_a_visitor_reads_the_name_of_the_workspace_and_not_where_it_lies(
    open_page, small, monkeypatch
):
    monkeypatch.setenv("PLUMBLINE_WORKSPACE", "/srv/secret/acme.duckdb")
    app = open_page("settings.py", small)

    assert app.dataframe[0].value["value"].to_list()[0] == "acme.duckdb"


def test_a_visitor_of_a_hosted_run_cannot_say_what_the_server_calls(open_page, small):
    app = choose(open_page("settings.py", small), "ollama")

    assert app.text_input(key="writer_url").disabled
    app.session_state["writer_url"] = "http://10.0.0.1:80"  # as a forged message would
    app = app.run()
    assert "Facts go to 127\\.0\\.0\\.1\\:11434" in words(app)


def test_the_operator_may_and_is_told_what_leaves_the_machine(open_page, small, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_OWN_INSTALLATION", "true")
    app = choose(open_page("settings.py", small), "ollama")
    app.text_input(key="writer_url").set_value("http://10.0.0.1:80")
    app = app.run()

    assert "outside this machine\\, without their values" in words(app)


def test_an_address_that_is_none_is_refused_in_words(open_page, small, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_OWN_INSTALLATION", "true")
    app = choose(open_page("settings.py", small), "ollama")
    app.text_input(key="writer_url").set_value("file:///etc/passwd")
    app = app.run()

    assert not app.exception
    assert "http" in app.error[0].value


def test_the_test_button_says_whether_the_model_is_ready(open_page, monkeypatch):
    with model_server(models=("mistral:latest",)) as server:
        monkeypatch.setenv("PLUMBLINE_OLLAMA_URL", server.url)
        app = choose(open_page("settings.py", small_services()), "ollama")
        app = app.button(key="writer_test").click().run()
        assert "mistral is ready" in app.success[0].value
        app.text_input(key="writer_model").set_value("llama3")
        app = app.run().button(key="writer_test").click().run()
        assert "ollama pull llama3" in app.warning[0].value.replace("\\", "")


def test_a_chosen_model_writes_the_card_of_the_overview(open_page, monkeypatch):
    answer = as_json("{f3} came from {f5}.")
    with model_server(answers=[answer]) as server:
        monkeypatch.setenv("PLUMBLINE_OLLAMA_URL", server.url)
        monkeypatch.setenv("PLUMBLINE_WRITER", "ollama")
        app = open_page("overview.py", small_services(), period="Quarter to date")

        assert not app.exception
        assert "Written by mistral \\(Ollama\\)" in words(app)
        assert "of closed\\-won revenue¹ came from 3 won deals²\\." in words(app).replace(
            ":gray[", ""
        ).replace("]", "")
        app.run()
        assert len(server.requests) == 1


def test_a_model_that_is_not_there_costs_one_calm_line(open_page, small, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_OLLAMA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PLUMBLINE_WRITER", "ollama")
    app = open_page("overview.py", small, period="Quarter to date")

    assert not app.exception
    assert not app.error
    assert "No model server answers at 127" in words(app)
    assert "came from 3 won deals" in words(app)
