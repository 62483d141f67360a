"""Engines that tests ask: those that are installed, and those a person names.

``TEST_ENGINES="spark:"`` runs the contract of the models on further engines; ``TEST_POSTGRES``
names a database that tests may load tables into, in a schema of their own.
"""

import os
import subprocess
from importlib.util import find_spec

import pytest

from core.engines.export import FileFormat, export_tables

NAMED = tuple(os.environ.get("TEST_ENGINES", "").split())

EVERYWHERE = ("duckdb:", "polars:", *NAMED)
"""Engines the contract of the models is kept on."""

POSTGRES = os.environ.get("TEST_POSTGRES", "")

_NEEDS = {
    "sqlframe:": ("sqlframe", "pip install sqlframe"),
    "spark:": ("pyspark", "pip install 'pyspark[connect]', and Java 17"),
    "postgres:": ("psycopg2", "pip install sqlframe psycopg2-binary"),
}


def _param(url, package, install):
    lacks = [] if find_spec(package) else [f"NO {package.upper()}: {install}"]
    if url == "postgres:" and not POSTGRES:
        lacks.append("TEST_POSTGRES names no database")
    reason = f"{'; '.join(lacks)}; {url} was not tested"
    return pytest.param(url, marks=[pytest.mark.skipif(bool(lacks), reason=reason)])


ELSEWHERE = [_param(url, *needs) for url, needs in _NEEDS.items()]
"""Engines that are extras, each skipped in a line that says how to get it."""


def loaded(url, workspace, folder, schema):
    """Return the URL by which an engine answers for a workspace, with its tables brought there."""
    if url != "postgres:":
        return url
    for _ in export_tables(workspace, folder, FileFormat.CSV):
        pass
    subprocess.run(
        ["psql", "--quiet", f"--dbname={POSTGRES}", f"--set=schema={schema}", "--file=load.sql"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return f"{POSTGRES}?schema={schema}"
