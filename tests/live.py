"""The real server and a real browser, for tests, screenshots and benchmarks."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STARTS_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, how long it took to answer."""

    url: str
    pid: int
    started_within_seconds: float

    def memory_mb(self) -> float:
        """Return the memory the process holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(resident.split()[1]) / 1024

    def cpu_seconds(self) -> float:
        """Return the processor time the process has used."""
        fields = (
            Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(**settings: str) -> Iterator[Server]:
    """Run ``python -m app serve`` on a free port, with settings from the environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    begun = time.monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL
    ) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/_stcore/health", process, begun + STARTS_WITHIN_SECONDS)
            yield Server(url, process.pid, time.monotonic() - begun)
        finally:
            process.terminate()


@contextmanager
def browsing():
    """Open the installed Chromium; nothing is ever downloaded."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "There is no Chromium: install it, or set CHROMIUM to its path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def _wait_for(url, process, until):
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped while starting"
        try:
            with urlopen(url, timeout=1) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {STARTS_WITHIN_SECONDS} seconds")
