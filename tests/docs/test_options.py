"""Every command and every option of it is documented where a reader looks for it."""

import re
from pathlib import Path

import pytest
import typer

from app.cli import cli

DOCS = Path(__file__).resolve().parents[2] / "docs"
PARTS = dict(
    re.findall(
        r"^## ([^\n]+)\n(.*?)(?=^## |\Z)",
        (DOCS / "command-line.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
)
ELSEWHERE = {"report": "reports.md"}
"""Commands whose options have a page of their own."""


def options():
    """Yield each option of each command, with the name of the command."""
    for name, command in typer.main.get_command(cli).commands.items():
        for one in getattr(command, "commands", {"": command}).values():
            for option in one.params:
                for written in option.opts:
                    if written.startswith("--") and written != "--help":
                        yield pytest.param(name, written, id=f"{name} {one.name} {written}")


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_an_option_is_documented_in_the_part_of_its_command(command, option):
    headings = [heading for heading in PARTS if command in heading.split(", ")]
    told = "".join(PARTS[heading] for heading in headings)
    if command in ELSEWHERE:
        told += (DOCS / ELSEWHERE[command]).read_text(encoding="utf-8")

    assert headings, f"docs/command-line.md has no part about {command}"
    assert re.search(rf"{option}(?![\w-])", told), f"document {option} of {command}"
