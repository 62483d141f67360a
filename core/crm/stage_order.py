"""The stages a person put in order, into the table of stages."""

from typing import Final

import duckdb

from core import snapshots
from core.crm.binding import Binding
from core.crm.cells import literal
from core.crm.typed_rows import TYPED

NO_PIPELINE: Final = ""
"""Pipeline of the stages of deals whose export names none."""


def record_stages(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, running: snapshots.Running
) -> None:
    """Store position and outcome of each stage of the staged deals that a person spoke of."""
    stored = {cell.column.name for cell in binding.of(0)}
    if not binding.recipe.stages or binding.recipe.table.name != "deals" or "stage" not in stored:
        return
    rows = ", ".join(
        f"({literal(stage.strip().lower())}, {place}, {literal(outcome)})"
        for place, (stage, outcome) in enumerate(binding.recipe.stages, 1)
    )
    pipeline = "e0_pipeline" if "pipeline" in stored else "NULL"
    said = f"""
        SELECT DISTINCT
            coalesce({pipeline}, {literal(NO_PIPELINE)}) AS pipeline, e0_stage AS stage,
            said.place AS position, said.outcome
        FROM {TYPED} t JOIN (VALUES {rows}) said(stage, place, outcome)
            ON said.stage = lower(trim(t.e0_stage))
        WHERE t.reason IS NULL
    """  # noqa: S608
    keys = f"SELECT pipeline, stage FROM ({said})"  # noqa: S608
    snapshots.keep_replaced(cursor, "stages", keys, running)
    cursor.execute(
        f"""
        MERGE INTO stages k USING ({said}) s USING (pipeline, stage)
        WHEN MATCHED THEN UPDATE SET
            position = s.position, outcome = s.outcome, import_id = $import_id
        WHEN NOT MATCHED THEN INSERT (pipeline, stage, position, outcome, import_id)
            VALUES (s.pipeline, s.stage, s.position, s.outcome, $import_id)
        """,  # noqa: S608
        {"import_id": running.import_ids[-1]},
    )
