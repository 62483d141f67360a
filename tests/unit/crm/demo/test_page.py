"""The page about the demo data says what the simulator does today."""

import importlib.util
from pathlib import Path

import pytest

from core.crm.demo import SCENARIOS
from core.crm.demo.exports import FORMATS, Dirt

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def figures():
    path = ROOT / "benchmarks" / "demo_figures.py"
    spec = importlib.util.spec_from_file_location("demo_figures", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_measured_figures_on_the_page_are_those_of_today(figures):
    page = figures.PAGE.read_text(encoding="utf-8")
    assert page.partition(figures.STARTS)[2].partition(figures.ENDS)[0] == figures.figures()


def test_the_page_explains_every_scenario(figures):
    page = figures.PAGE.read_text(encoding="utf-8")
    parts = {part for name in SCENARIOS for part in name.split("_")} - {"no", "signal"}
    assert all(part in page for part in parts)
    assert "no_signal" in page


def test_the_page_names_every_export_format_and_fault(figures):
    page = figures.PAGE.read_text(encoding="utf-8")
    assert all(f"`{kind}`" in page for kind in Dirt)
    assert all(crm in page.lower() for crm in FORMATS)
