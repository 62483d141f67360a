"""What every engine answers: what the workspace's own one answers, to the cent."""

from importlib.util import find_spec

import narwhals as nw
import polars as pl
import pytest

from core.attribution.credit import attribute, query_behind
from core.attribution.data_driven import MODELS
from core.attribution.results import Anchor, JourneySettings, Level, Question
from core.attribution.rules.registry import RULES
from core.engine import READABLE, collect, open_engine, sql
from core.engines.export import FileFormat, export_tables
from core.errors import EngineUnavailableError
from core.scope import Scope
from tests.builders import Company
from tests.engines import ELSEWHERE, NAMED, loaded

CHANNELS = ("Email", "Web", "Direct", "Event", "Größe 'n\" co")


def company():
    """Won and lost deals with touches of theirs, their people and their companies."""
    made = Company().contact("C1", account_id="A1", created_at="2024-01-20").account("A1", name="A")
    for number in range(24):
        deal, won = f"D{number:02}", number % 3 != 0
        amount = None if number == 4 else f"{(-1 if number == 7 else 1) * (number * 777.77 + 0.01)}"
        currency = "USD" if number == 5 else "EUR"
        made.deal(deal, amount, "2024-06-30", account_id="A1" if number == 1 else None,
                  created_at="2024-03-01", is_won=won, currency=currency)  # fmt: skip
        for place in range(number % 6):
            made.touch(
                f"{deal}-{place}",
                f"2024-0{1 + place}-1{place} 10:0{place}",
                CHANNELS[(number + place * place) % 5],
                deal=deal,
                campaign=f"Spring {place % 2}" if place else None,
            )
    return made.role("D01", "C1").touch("C1-1", "2024-04-04", "Call", contact="C1").rate(
        "USD", "2024-06-28", 1.08
    )  # fmt: skip


@pytest.fixture(scope="module")
def workspace():
    with company().workspace() as made:
        yield made


@pytest.fixture(scope="module", params=ELSEWHERE)
def url(request, workspace, tmp_path_factory):
    return loaded(request.param, workspace, tmp_path_factory.mktemp("tables"), "plumbline_test")


def question(*models, journeys=None, level=Level.CHANNEL):
    return Question(Scope("EUR"), models, journeys or JourneySettings(), level)


def answers(workspace, url, asked):
    one, other = (attribute(open_engine(workspace, each), asked, "f") for each in ("duckdb:", url))
    assert other.reconciliation == one.reconciliation
    assert other.warnings == one.warnings
    assert all(line.holds for line in other.reconciliation.values())
    return one.frame, other.frame


def test_credits_are_those_of_the_workspace_to_the_cent(workspace, url):
    one, other = answers(workspace, url, question("last_non_direct", "time_decay"))
    assert_same(one, other)


@pytest.mark.parametrize(
    "asked",
    [
        question(*RULES),
        question(*MODELS),
        question(
            "linear",
            "time_decay",
            level=Level.CAMPAIGN,
            journeys=JourneySettings(90, Anchor.CREATED, excluded_channels=("Event",)),
        ),
    ],
    ids=["rules", "data-driven", "a window"],
)
def test_every_model_credits_what_it_does_in_the_workspace(workspace, url, asked):
    if url == "sqlframe:" and url not in NAMED:
        pytest.skip('SQLFrame writes these queries in a minute: TEST_ENGINES="sqlframe:" asks it')
    assert_same(*answers(workspace, url, asked))


def assert_same(one, other):
    assert other.drop("deals", "share").equals(one.drop("deals", "share"))
    assert other["deals"].to_list() == pytest.approx(one["deals"].to_list(), abs=1e-9)


def test_rows_that_were_lent_join_with_the_tables(workspace, url):
    engine = open_engine(workspace, url)
    lent = engine.lend(pl.DataFrame({"channel": [CHANNELS[4], "Web"], "weight": [0.5, 1.0]}), "x")
    met = engine.table("deal_touches").join(lent, on="channel").group_by("channel")
    rows = collect(met.agg(nw.len().cast(nw.Int64).alias("n"), nw.col("weight").max()))
    touches = workspace.query("SELECT channel FROM deal_touches")["channel"]
    assert sorted(rows.iter_rows()) == [
        (CHANNELS[4], (touches == CHANNELS[4]).sum(), 0.5),
        ("Web", (touches == "Web").sum(), 1.0),
    ]


def test_every_table_is_read_with_the_same_columns_and_rows(workspace, url):
    engine, own = open_engine(workspace, url), open_engine(workspace)
    for name in READABLE:
        one, other = collect(own.table(name)), collect(engine.table(name))
        assert other.columns == one.columns
        assert sorted(map(repr, other.rows())) == sorted(map(repr, one.rows()))


def test_the_query_behind_the_credits_is_shown_without_the_place(workspace, url):
    shown = query_behind(open_engine(workspace, url), question("linear"))
    assert "deal_touches" in shown
    assert "postgres:" not in shown
    assert "stages" in sql(open_engine(workspace, url).table("stages"))


def test_nothing_but_canonical_tables_is_read(workspace, url):
    with pytest.raises(KeyError, match="meta"):
        open_engine(workspace, url).table("meta")


def test_a_copy_of_other_data_is_refused(workspace, url):
    if "schema=" not in url:
        pytest.skip(f"{url} reads the workspace itself, never a copy that could be old")
    with company().workspace() as other:
        with other.transaction(of_rows=False) as cursor:
            cursor.execute("INSERT INTO meta VALUES ('selected', 'a part')")
        with pytest.raises(EngineUnavailableError, match="copy of other data"):
            open_engine(other, url)


@pytest.mark.skipif(not find_spec("pyspark"), reason="NO PYSPARK: spark: was not tested")
def test_spark_reads_a_copy_from_a_folder_and_from_a_catalogue(workspace, tmp_path):
    from pyspark.sql import SparkSession

    for _ in export_tables(workspace, tmp_path, FileFormat.PARQUET):
        pass
    asked = question("linear")
    assert_same(*answers(workspace, f"spark:?tables={tmp_path}", asked))
    session = SparkSession.active()
    session.sql("CREATE DATABASE crm_copy")
    for file in tmp_path.iterdir():
        session.sql(f"CREATE TABLE crm_copy.{file.stem} USING parquet LOCATION '{file}'")
    assert_same(*answers(workspace, "spark:?schema=crm_copy", asked))
    with pytest.raises(EngineUnavailableError, match="does not find the table exported"):
        open_engine(workspace, "spark:?schema=nowhere")
    with pytest.raises(EngineUnavailableError, match="cannot see the files of this machine"):
        open_engine(workspace, "spark://host:7077")
    with pytest.raises(EngineUnavailableError, match="cannot be started at sc:"):
        open_engine(workspace, "sc://127.0.0.1:1?tables=/x")
