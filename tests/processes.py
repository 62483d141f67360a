"""A second process that holds a workspace, for tests of what everybody else is told."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_HOLD = (
    "import sys; from pathlib import Path; from core.workspace import Workspace; "
    "workspace = Workspace.open(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


@contextmanager
def holding(file):
    """Let another process have the file open meanwhile."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(timeout=20)
