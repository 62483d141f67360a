"""What only one room may do: each heavy package, SQL, charts, clocks and caches has its place."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for room in ("core", "app", "pages") for path in (ROOT / room).rglob("*.py"))
PLACES = {
    "altair": ("core/charts/", "core/reports/content.py", "app/components/cards.py"),
    "arabic_reshaper": ("core/reports/lettering.py",),
    "bidi": ("core/reports/lettering.py",),
    "currency_converter": ("core/exchange.py",),
    "duckdb": ("core/",),
    "faker": ("core/crm/demo/names.py",),
    "fastapi": ("app/api/",),
    "fontTools": ("core/reports/lettering.py",),
    "httpx": ("core/analyst/writers/wire.py",),
    "mcp": ("app/mcp_server.py",),
    "pandas": ("core/forecasting/prophet_model.py",),
    "prophet": ("core/forecasting/prophet_model.py",),
    "psycopg2": ("core/engines/postgres.py",),
    "pyarrow": ("core/crm/", "core/engines/"),
    "pydantic_settings": ("core/settings.py",),
    "pypdf": ("core/reports/",),
    "pyspark": ("core/engines/spark.py",),
    "reportlab": ("core/reports/pdf/",),
    "sqlframe": ("core/engines/postgres.py", "core/engines/sqlframe_duckdb.py"),
    "scipy": ("core/attribution/incremental/", "core/forecasting/"),
    "statsforecast": ("core/forecasting/statsforecast_models.py",),
    "streamlit": (
        "pages/", "app/components/", "app/caches/", "app/cache.py", "app/guard.py", "app/main.py",
        "app/navigation.py", "app/server.py", "app/session.py", "app/state.py",
        "app/deal_state.py", "app/import_state.py", "app/scenario_state.py",
    ),
    "typer": ("app/cli.py", "app/commands/"),
    "vl_convert": ("core/reports/renderer.py",),
    "xlsxwriter": ("core/reports/workbook.py",),
}  # fmt: skip
"""Where a package may be imported; every other runtime package is small or used throughout."""

NAMED_OTHERWISE = {
    "Faker": "faker",
    "CurrencyConverter": "currency_converter",
    "arabic-reshaper": "arabic_reshaper",
    "fonttools": "fontTools",
    "pydantic-settings": "pydantic_settings",
    "python-bidi": "bidi",
    "vl-convert-python": "vl_convert",
    "RapidFuzz": "rapidfuzz",
}
ASKED_FOR = {
    "python-multipart": "FastAPI reads uploads with it",
    "streamlit-pdf": "Streamlit's extra for st.pdf",
}
"""Packages no module of ours imports, and who does."""

CLOCKS = {"now", "utcnow", "today", "time", "getenv"}
WORKING = {"Buckets", "_Reading", "LineSource", "_CellReader", "_Writer", "Press"}
"""Classes that hold work in progress; whatever is handed on is frozen."""


def shown(path):
    return path.relative_to(ROOT).as_posix()


@cache
def nodes(path):
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def packages(path):
    """Return the packages a file imports, wherever in the file."""
    names = [alias.name for node in nodes(path) if isinstance(node, ast.Import)
             for alias in node.names]  # fmt: skip
    names += [node.module or "" for node in nodes(path) if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def called(path):
    """Return what a file calls, as it is written."""
    return {ast.unparse(node.func) for node in nodes(path) if isinstance(node, ast.Call)}


def texts(path):
    """Return the string literals of a file, docstrings too."""
    return [node.value for node in nodes(path)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)]  # fmt: skip


def required():
    """Return the packages the product names itself, with their versions, from requirements.txt."""
    own = (ROOT / "requirements.txt").read_text(encoding="utf-8").split("# What those bring")[0]
    return re.findall(r"^([\w.-]+)(==\S+)?", own, flags=re.MULTILINE)


@pytest.mark.parametrize("package", PLACES)
def test_a_package_is_imported_where_it_belongs_and_nowhere_else(package):
    users = {shown(path) for path in SOURCES if package in packages(path)}

    assert users
    assert not {user for user in users if not user.startswith(PLACES[package])}


@pytest.mark.parametrize(("package", "version"), required())
def test_a_required_package_is_pinned_and_used(package, version):
    name = NAMED_OTHERWISE.get(package, package)

    assert version, f"pin {package}"
    assert package in ASKED_FOR or any(name in packages(path) for path in SOURCES)


def test_the_foundation_knows_no_room():
    rooms = ("crm", "attribution", "forecasting", "deals", "analyst", "charts", "reports")
    found = [*(ROOT / "core").glob("*.py"), *(ROOT / "core" / "metrics").glob("*.py")]
    room = rf"(?:{'|'.join(rooms)})\b"
    into = re.compile(
        rf"^\s*(?:(?:from|import) core\.{room}|from core import .*\b{room})", re.MULTILINE
    )

    assert not [shown(path) for path in found if into.search(path.read_text(encoding="utf-8"))]


def test_sql_is_written_in_the_engine_room_only():
    sql = re.compile(r"\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|\bDELETE FROM\b", re.DOTALL)
    ways_in = [path for path in SOURCES if not shown(path).startswith("core/")]

    assert not [shown(path) for path in ways_in if any(map(sql.search, texts(path)))]


def test_charts_are_drawn_in_one_room():
    drawing = [shown(path) for path in SOURCES if {"alt.Chart", "alt.layer"} & called(path)]

    assert drawing
    assert all(user.startswith("core/charts/") for user in drawing)


def test_the_engine_room_reads_no_clock():
    """Today is an argument, so that the same data and question always get the same answer."""
    readers = {
        (shown(path), call)
        for path in SOURCES
        if shown(path).startswith(("core/", "pages/"))
        for call in called(path)
        if re.fullmatch(rf"(?:\w+\.)*(?:datetime|date|time|os)\.(?:{'|'.join(CLOCKS)})", call)
    }

    assert not readers


def test_what_is_handed_on_is_frozen():
    melting = {
        node.name
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.ClassDef)
        and any(
            (text := ast.unparse(mark)).startswith("dataclass") and "frozen=True" not in text
            for mark in node.decorator_list
        )
    }

    assert melting == WORKING


def test_pages_keep_no_cache_of_their_own():
    assert not [shown(path) for path in SOURCES if shown(path).startswith("pages/")
                and "st.cache" in path.read_text(encoding="utf-8")]  # fmt: skip
