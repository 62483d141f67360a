"""What the README and the docs tell a reader to do works, and what they point to is there."""

import re
import shlex
import subprocess
import sys
from glob import glob
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / "benchmarks").glob("*.md"),
]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]+)\)")
BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page):
    """Return the command lines of a page's code blocks."""
    lines = (line for block in BLOCK.findall(page.read_text()) for line in block.splitlines())
    return [line for line in lines if line.startswith("python -m app")]


def expanded(command, folder):
    """Return the arguments of a command with its wildcards filled in, as a shell does."""
    for word in shlex.split(command)[1:]:
        found = sorted(glob(str(folder / word))) if "*" in word else []  # noqa: PTH207
        yield from found or [word]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_readmes_commands_lead_from_an_export_to_attributed_revenue(tmp_path):
    shown = [command for command in commands(ROOT / "README.md") if " serve" not in command]
    for command in shown:
        ran = subprocess.run(
            [sys.executable, *expanded(command, tmp_path)],
            cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert ran.returncode == 0, (command, ran.stdout, ran.stderr)

    assert len(shown) == 3
    assert "closed won" in ran.stdout


def test_every_checked_path_of_the_readme_exists():
    text = (ROOT / "README.md").read_text()
    named = re.findall(r"\b((?:tests|benchmarks)/[\w/]+(?:\.\w+)?)", text)

    assert named
    for path in named:
        assert (ROOT / path).exists(), path


def test_every_benchmark_is_in_the_list_of_what_is_measured():
    text = (ROOT / "benchmarks" / "README.md").read_text()

    for script in (ROOT / "benchmarks").glob("*.py"):
        assert f"`{script.name}`" in text


def test_every_script_runs_as_its_command_is_written():
    for script in (ROOT / "benchmarks").glob("*.py"):
        text = script.read_text(encoding="utf-8")
        needs_root = re.search(r"^from (core|app)\b", text, re.MULTILINE)
        assert not needs_root or "sys.path" in text, script.name
