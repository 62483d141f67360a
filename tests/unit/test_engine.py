"""The same expression gives the same rows on every engine."""

import narwhals as nw
import polars as pl
import pytest

from core.engine import collect, open_engine, sql
from core.errors import EngineUnavailableError
from core.workspace import Workspace

STAGES = pl.DataFrame(
    {"pipeline": ["a", "a", "b"], "stage": ["new", "won", "new"], "position": [1, 2, 1]}
)


@pytest.fixture
def workspace():
    with Workspace.in_memory() as made:
        with made.transaction() as cursor:
            made.insert(cursor, "stages", STAGES)
        yield made


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
def test_an_expression_gives_the_same_rows_on_every_engine(workspace, url):
    stages = open_engine(workspace, url).table("stages")

    last = stages.group_by("pipeline").agg(nw.col("position").max()).sort("pipeline")

    assert collect(last).to_dict(as_series=False) == {"pipeline": ["a", "b"], "position": [2, 1]}


@pytest.mark.parametrize(("url", "word"), [("duckdb:", "SELECT"), ("polars:", "DF")])
def test_the_query_behind_a_frame_can_be_shown(workspace, url, word):
    assert word in sql(open_engine(workspace, url).table("stages"))


def test_an_unknown_engine_is_named_with_the_known_ones(workspace):
    with pytest.raises(EngineUnavailableError, match="Known: duckdb:, polars:") as caught:
        open_engine(workspace, "oracle://ann:s3cret@host/db")
    assert "s3cret" not in str(caught.value)
