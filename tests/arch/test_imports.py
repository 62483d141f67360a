"""The import law of the architecture: who may know whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("crm", "attribution", "forecasting", "deals", "analyst", "charts", "reports")
READS_RESULTS = {
    ("reports", room) for room in ("attribution", "forecasting", "deals", "charts", "analyst")
} | {("analyst", room) for room in ("attribution", "forecasting", "deals")}
MAY_READ = READS_RESULTS | {("deals", "forecasting"), ("forecasting", "deals")}
INTERFACES = {"streamlit", "fastapi", "typer"}


def modules(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path):
    """Return every module a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def tops(path):
    return {name.split(".")[0] for name in imported(path)}


def shown(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules("core"), ids=shown)
def test_the_engine_room_knows_no_way_in(path):
    assert not tops(path) & ({"app", "pages"} | INTERFACES)


@pytest.mark.parametrize("path", modules("app"), ids=shown)
def test_the_ways_in_do_not_know_the_pages(path):
    assert "pages" not in tops(path)


@pytest.mark.parametrize(
    "path", [path for path in modules("core") if path.parent != ROOT / "core"], ids=shown
)
def test_a_room_does_not_look_into_another(path):
    own = path.relative_to(ROOT / "core").parts[0]
    others = {
        name.split(".")[1]
        for name in imported(path)
        if name.startswith("core.") and name.split(".")[1] in ROOMS
    } - {own}

    assert {(own, other) for other in others} <= MAY_READ


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in modules("app")
        if path.name in {"cli.py", "__main__.py"}
        or path.name.endswith(("services.py", "output.py"))
        or path.parent.name in {"api", "commands"}
    ],
    ids=shown,
)
def test_what_command_line_and_api_need_does_not_load_streamlit(path):
    assert "streamlit" not in tops(path)


def test_only_the_server_offers_the_api():
    """A plain ``streamlit run app/main.py`` has none."""
    users = {
        shown(path)
        for folder in ("app", "pages")
        for path in modules(folder)
        if "app.api.application" in imported(path)
    }

    assert users == {"app/server.py"}


def test_a_command_imports_neither_pages_nor_charts_nor_what_fits_series():
    """Each takes a tenth of a second to a whole one."""
    slow = {"streamlit", "altair", "reportlab", "pypdf", "pandas", "scipy", "statsforecast"}
    script = "import sys, app.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert not slow & set(told.stdout.split())
