"""Every command the docs show is one the command line understands."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from app.cli import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(?:sh)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
SAID = r'((?: (?:"[^"\n]*"|[^|;&<>\n"])*)?)'
BY_MODULE = re.compile("python -m app" + SAID)
BY_NAME = re.compile(r"(?<![\w/])plumbline" + SAID)


def shown():
    """Yield each command of the code blocks with its page."""
    for page in PAGES:
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            for line in block.splitlines():
                found = BY_MODULE.findall(line)
                if not found and not line.startswith("docker"):
                    found = BY_NAME.findall(line)
                for said in found:
                    if said.strip():
                        yield pytest.param(said, id=f"{page.name}:{said.strip()[:50]}")


@pytest.mark.parametrize("said", list(shown()))
def test_a_shown_command_is_understood(said):
    words = shlex.split(said)
    command = typer.main.get_command(cli)
    while words and not words[0].startswith("-") and hasattr(command, "commands"):
        assert words[0] in command.commands, said
        command = command.commands[words.pop(0)]
    if not {"--help", "--install-completion", "--show-completion"} & set(words):
        command.make_context(command.name, words)
