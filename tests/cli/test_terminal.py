"""What a person at a terminal gets on top: a bar while work goes on, and completion."""

import io
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.progress import of_import, working
from core.crm.receipts import Progress, Step

ROOT = Path(__file__).resolve().parents[2]
PLUMBLINE = ROOT / "bin" / "plumbline"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def told(stream, *, quiet=False):
    with working("Reading the files", quiet=quiet, stream=stream) as tell:
        of_import(tell)(Progress("[red]touches.csv", Step.READING, 40_000, 1, 2))
    return stream.getvalue()


def test_a_terminal_is_told_how_far_the_work_is_and_left_as_it_was():
    said = told(Terminal())

    assert "[red]touches.csv: reading 40,000 rows (file 2 of 2)" in said
    assert "\x1b[?25h" in said[-40:]  # the cursor is there again


def test_a_pipe_and_a_machine_are_told_nothing():
    assert told(io.StringIO()) == ""
    assert told(Terminal(), quiet=True) == ""


def at_a_terminal(*arguments, folder):
    """Run a command whose errors go to a terminal; return status, output and what was drawn."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    ran = subprocess.run(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=False,
    )  # fmt: skip
    os.set_blocking(ours, False)
    os.close(theirs)
    drawn = b""
    try:
        while part := os.read(ours, 65_536):
            drawn += part
    except OSError:  # the other end is closed and everything is read
        pass
    os.close(ours)
    return ran.returncode, ran.stdout.decode(), drawn.decode()


def test_a_command_draws_on_the_terminal_and_its_output_stays_clean(exports, tmp_path):
    target = tmp_path / "w.duckdb"
    asked = ("import", *exports, "--workspace", target)
    status, out, drawn = at_a_terminal(*asked, folder=tmp_path)
    again = at_a_terminal(*asked, "--json", folder=tmp_path)

    assert (status, again[0]) == (0, 0)
    assert "Reading the files" in drawn or "touchpoints.csv: " in drawn
    assert "\x1b" not in out
    assert again[2] == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_for_one_word_however_it_was_asked_for(shell, monkeypatch, capsys):
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    monkeypatch.setattr(sys, "argv", ["app/__main__.py", "--show-completion", shell])
    with pytest.raises(SystemExit):
        main()

    script = capsys.readouterr().out
    assert "_PLUMBLINE_COMPLETE=" in script
    assert "python -m" not in script


_OFFERED = """
eval "$(plumbline --show-completion bash)"
offered() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _plumbline_completion plumbline
            echo "${COMPREPLY[@]}"; }
offered plumbline fore
offered plumbline attribute --by c
"""


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash to complete in")
def test_a_shell_completes_commands_and_the_values_of_options(tmp_path):
    environment = {
        "PATH": f"{PLUMBLINE.parent}:{os.environ['PATH']}", "HOME": str(tmp_path),
        "PLUMBLINE_PYTHON": sys.executable, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }  # fmt: skip
    ran = subprocess.run(
        ["bash", "-c", _OFFERED], env=environment, cwd=tmp_path,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert ran.stdout.splitlines() == ["forecast", "channel campaign"]


def test_the_command_of_one_word_works_from_any_folder(workspace, tmp_path):
    environment = {"PATH": os.environ["PATH"], "PLUMBLINE_PYTHON": sys.executable}
    asked = ["history", "--workspace", workspace.name]
    ran = subprocess.run(
        [PLUMBLINE, *asked], cwd=tmp_path, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert "deals.csv" in ran.stdout
