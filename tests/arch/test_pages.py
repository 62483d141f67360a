"""Pages are short scripts: they ask services and show components."""

import ast
from pathlib import Path

import pytest

from app.navigation import ENTRIES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))
LONGEST = 80
FORBIDDEN_CALLS = {"Chart", "group_by", "sql", "execute", "query"}


def shown(path):
    return path.name


def calls(path):
    """Return the last name of everything a file calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {getattr(function, "attr", getattr(function, "id", "")) for function in functions}


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page():
    assert {path.name for path in PAGES} == {entry.script for entry in ENTRIES}


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_a_page_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_a_page_defines_nothing_and_computes_nothing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.BinOp)

    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, kinds)]
    assert not calls(path) & FORBIDDEN_CALLS


@pytest.mark.parametrize(
    "path", [*PAGES, *sorted((ROOT / "app").rglob("*.py"))], ids=lambda path: path.name
)
def test_no_html_is_written_by_hand(path):
    assert "unsafe_allow_html" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "app").rglob("*.py")), ids=lambda path: path.name)
def test_session_state_is_touched_in_the_modules_of_state_only(path):
    touched = "st.session_state" in path.read_text(encoding="utf-8")

    assert not touched or path.name.endswith("state.py")
