"""Orders hidden in names of a CRM change no number, no recommendation and no behaviour."""

import csv
import io
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.analyst_services import ExplainQuestion
from app.deal_services import DealQuestion
from app.services import Services
from core.analyst.narrative import narrate
from core.analyst.sheets.deal import deal_facts
from core.analyst.sheets.making import Place
from core.analyst.sheets.scored_deal import deal_answers
from core.analyst.writers.ollama import Ollama
from core.analyst.writers.rules.writer import Rules
from core.analyst.writers.wire import Server
from core.crm.receipts import SourceFile
from core.deals.settings import ScoreSettings
from core.deals.summary import recommended
from core.periods import Preset
from core.workspace import Workspace
from tests.ollama import as_json, model_server

FILES = Path(__file__).parent / "hostile_csv"
INJECTIONS = (
    "29_emoji_rtl_nfd.csv",
    "51_sql_in_header.csv",
    "90_formula_cells.csv",
    "91_html_script.csv",
    "93_reportlab_markup.csv",
    "94_prompt_injection.csv",
)
WORDS = ("name", "account", "owner")
TOPICS = ("overview", "attribution")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def rows_of(file):
    return list(csv.DictReader(io.StringIO((FILES / file).read_text(encoding="utf-8-sig"))))


def as_csv(rows):
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def touches_of(rows, channel_of):
    return [
        {
            "touch_id": f"T{number}",
            "deal_id": row["deal_id"],
            "contact": "c1",
            "channel": channel_of(number, row),
            "campaign": "Spring",
            "occurred_at": "2025-01-03",
            "cost": f"{number + 10}.00",
        }
        for number, row in enumerate(rows)
    ]


def services_of(rows, channel_of):
    """Return services of a workspace with these deals, each with a touch of its own channel."""
    services = Services(Workspace.in_memory())
    files = [
        SourceFile("deals.csv", as_csv(rows)),
        SourceFile("touchpoints.csv", as_csv(touches_of(rows, channel_of))),
    ]
    services.import_files(files, NOW)
    return services


@pytest.fixture(params=INJECTIONS, scope="module")
def hostile_and_tame(request):
    """Read a file with its names as channels too, and the same deals with harmless names."""
    rows = [row for row in rows_of(request.param) if None not in row and row.get("deal_id")]
    tame = [
        {**row, **{word: f"{word.capitalize()} {row['deal_id']}" for word in WORDS if word in row}}
        for row in rows
    ]
    return (
        sheets_of(services_of(rows, lambda number, row: f"{row['name']} {number:02}")),
        sheets_of(services_of(tame, lambda number, row: f"Channel {number:02}")),
    )


def sheets_of(services):
    """Return the facts of every topic."""
    with closing(services):
        return {topic: services.analyst.sheet(question(topic)) for topic in TOPICS}


def question(topic):
    return ExplainQuestion(topic, preset=Preset.ALL_TIME)


def known(sheet):
    """Return what a sheet knows, without the names it was given."""
    return [
        (fact.name, fact.value, fact.about, sorted(fact.claims))
        for fact in sheet
        if fact.unit.is_measured
    ]


def test_no_number_and_no_verdict_changes(hostile_and_tame):
    def verdicts(sheet):
        return sorted(str(fact.value) for fact in sheet if fact.name.endswith("verdict"))

    for topic in TOPICS:
        hostile, tame = (sheets[topic] for sheets in hostile_and_tame)
        assert sorted(known(hostile)) == sorted(known(tame))
        assert verdicts(hostile) == verdicts(tame)


def test_a_model_is_asked_the_same_to_the_letter(hostile_and_tame):
    with model_server(answers=[as_json("{f1}.")]) as server:
        for topic in TOPICS:
            for sheets in hostile_and_tame:
                narrate(sheets[topic], Ollama(Server(server.url)))
            asked = [str(request["body"]) for request in server.requests]
            assert len(set(asked)) == 1
            server.requests.clear()


def open_deals(texts):
    """Return closed deals, half of them won, and an open one for each text."""
    closed = [
        {"deal_id": f"C{number:03}", "name": f"Deal {number}", "account": f"Company {number}",
         "owner": "Ada", "stage": "Closed", "amount": "100.00", "currency": "USD",
         "created_at": "2024-11-01", "closed_at": f"2025-01-{number % 28 + 1:02}",
         "is_won": "true" if number % 2 else "false", "next_step": ""}
        for number in range(60)
    ]  # fmt: skip
    still_open = [
        {**closed[0], "deal_id": f"O{number:03}", "name": text, "account": text, "owner": text,
         "stage": "Proposal", "created_at": "2025-01-02", "closed_at": "", "is_won": "",
         "next_step": text}
        for number, text in enumerate(texts)
    ]  # fmt: skip
    return closed + still_open


def told_of_open_deals(texts):
    """Return chances, bands, signals and recommendations of the open deals, and their facts."""
    rows = open_deals(texts)
    with closing(services_of(rows, lambda number, _: f"Channel {number % 3}")) as services:
        deals, settings = services.deals, ScoreSettings()
        learned = deals.agreed(DealQuestion("USD"))
        scores = deals.scores(learned)
        ids = scores.frame["deal_id"].sort().to_list()
        figures = scores.frame.sort("deal_id").select(
            "deal_id", "chance", "p_win", "p_lose", "p_slip", "band", "signals"
        )
        explained = [deals.explain(learned, scores, one, settings) for one in ids]
    actions = [recommended(one.action) for one in explained]
    sheets = [deal_facts(deal_answers(scores, one), Place("USD")) for one in explained]
    return figures.to_dicts(), actions, sheets


def test_orders_in_open_deals_and_next_steps_change_no_chance_and_no_recommendation():
    texts = [row["name"] for file in INJECTIONS for row in rows_of(file) if row.get("name")]
    hostile = told_of_open_deals(texts)
    tame = told_of_open_deals([f"Harmless {number:03}" for number, _ in enumerate(texts)])

    assert len(hostile[0]) == len(texts) > 20
    assert hostile[0] == tame[0]
    assert hostile[1] == tame[1]
    for one, other in zip(hostile[2], tame[2], strict=True):
        assert known(one) == known(other)
        assert narrate(one, Rules()).dropped == ()


def test_a_model_that_obeys_an_order_reaches_nobody():
    rows = rows_of("94_prompt_injection.csv")
    sheet = sheets_of(services_of(rows, lambda number, row: row["name"]))["overview"]
    for row in rows:
        with model_server(answers=[as_json(f"{row['name']} {{f2}}.", row["name"])]) as server:
            written = narrate(sheet, Ollama(Server(server.url)))
        assert "999,999" not in written.text
        assert "12,345,678" not in written.text
        assert "No sentence of mistral" in written.note
