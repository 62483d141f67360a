"""A cache never hashes a frame: Streamlit looks at its first and last rows only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRAMES = {"DataFrame", "LazyFrame", "Series", "Frame", "Table"}
BOUNDS = {"max_entries", "ttl", "max_size"}


def cached_functions():
    """Yield every function under a Streamlit cache with its decorator."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    if "st.cache_" in ast.unparse(decorator):
                        yield pytest.param(path, node, decorator, id=f"{path.name}:{node.name}")


CACHED = list(cached_functions())


def test_there_are_caches_to_check():
    assert len(CACHED) > 4


@pytest.mark.parametrize(("path", "function", "decorator"), CACHED)
def test_a_key_is_never_a_frame(path, function, decorator):
    for argument in function.args.args:
        if not argument.arg.startswith("_"):
            annotation = ast.unparse(argument.annotation)
            assert not FRAMES & set(annotation.replace("[", ".").replace("]", ".").split("."))


@pytest.mark.parametrize(("path", "function", "decorator"), CACHED)
def test_a_cache_is_bounded(path, function, decorator):
    assert isinstance(decorator, ast.Call)
    assert BOUNDS & {keyword.arg for keyword in decorator.keywords}


@pytest.mark.parametrize(("path", "function", "decorator"), CACHED)
def test_a_cached_answer_is_keyed_by_the_state_of_the_data(path, function, decorator):
    names = [argument.arg for argument in function.args.args]

    assert ("cache_key" in names) == ("_services" in names)


@pytest.mark.parametrize(("path", "function", "decorator"), CACHED)
def test_all_caches_stand_in_one_place(path, function, decorator):
    assert path.name == "cache.py" or path.parent.name == "caches"
