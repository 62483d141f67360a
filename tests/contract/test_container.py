"""The Dockerfile's steps, exercised without Docker: what it copies is enough to serve, safely."""

import fnmatch
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_SECONDS = 90
NOBODY = 65_534
PORT = "8501"


@dataclass
class Stage:
    """One stage of the file: the image it starts from and its instructions."""

    image: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, name):
        """Return what every instruction of a name says."""
        return [said for one, said in self.steps if one == name]

    def one(self, name):
        """Return what the only instruction of a name says."""
        (said,) = self.all(name)
        return said


def stages():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    found = []
    for line in filter(None, lines):
        name, said = line.split(maxsplit=1)
        if name == "FROM":
            found.append(Stage(said.split()[0]))
        else:
            found[-1].steps.append((name, said))
    return found


PACKAGES, FINAL = stages()
COPIED = [said.split() for said in FINAL.all("COPY") if not said.startswith("--from=packages")]


def words(said):
    """Return the words of an instruction in its exec form, which runs without a shell."""
    assert said.startswith("[")
    return [part.strip().strip('"') for part in re.findall(r'"(?:[^"\\]|\\.)*"', said)]


def settings():
    """Return the environment the image sets."""
    return dict(pair.split("=", 1) for said in FINAL.all("ENV") for pair in said.split())


@pytest.mark.parametrize("stage", [PACKAGES, FINAL], ids=["packages", "final"])
def test_images_are_pinned_and_slim(stage):
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", stage.image)


def test_nothing_but_the_pinned_packages_comes_from_elsewhere():
    runs = [said for stage in (PACKAGES, FINAL) for said in stage.all("RUN")]

    fetching = [said for said in runs if re.search(r"\b(pip|curl|wget|apt|git|npm)\b", said)]
    assert fetching == [runs[1]]
    assert "--only-binary :all: -r /tmp/requirements.txt" in fetching[0]
    assert not PACKAGES.all("ADD") + FINAL.all("ADD")


def test_it_runs_as_nobody_in_particular():
    user, group = FINAL.one("USER").split(":")

    assert int(user) >= 10_000
    assert int(group) >= 10_000
    names = [name for name, _ in FINAL.steps]
    assert names.index("USER") > max(i for i, name in enumerate(names) if name in ("COPY", "RUN"))
    assert f"--owner={user}" in FINAL.one("RUN")
    assert f"--group={group} --mode=0700 {FINAL.one('VOLUME')}" in FINAL.one("RUN")


def test_data_live_in_the_volume_only():
    command = words(FINAL.one("CMD"))

    assert command[command.index("--workspace") + 1] == FINAL.one("VOLUME")
    assert not [name for name in settings() if name.startswith("PLUMBLINE_")]
    assert command[command.index("--port") + 1] == FINAL.one("EXPOSE") == PORT


def test_what_is_copied_is_what_the_builder_is_sent():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    sent = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}

    assert rules[0] == "*"
    assert sent == {source for source, _ in COPIED} | {PACKAGES.one("COPY").split()[0]}
    for source in sent:
        assert (ROOT / source).exists()
    for secret in ("acme.duckdb", "acme.duckdb.wal", "acme.duckdb.keys.json"):
        assert any(fnmatch.fnmatch(f"app/{secret}", rule) for rule in rules[-2:])


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Return a folder with what the image has, and nothing else, and a volume beside it."""
    folder = tmp_path_factory.mktemp("image")
    for source, target in COPIED:
        (folder / "app_root" / target).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        copy(ROOT / source, folder / "app_root" / target)
    (folder / "data").mkdir()
    return folder


def as_nobody(folder):
    """Return how to start a process without rights, where this process can give them up."""
    nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    try:
        subprocess.run([sys.executable, "-c", ""], check=True, **nobody)
    except OSError:  # not allowed to, or the interpreter is in somebody's home
        return {}
    os.chown(folder / "data", NOBODY, NOBODY)
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    return nobody


def files(folder):
    return sorted(folder.rglob("*"))


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


@pytest.mark.slow
def test_the_command_serves_what_the_health_check_asks_and_keeps_data_in_the_volume(image):
    port = free_port()
    here = {PORT: port, "/data": str(image / "data"), "python": sys.executable}
    command = [here.get(word, word) for word in words(FINAL.one("CMD"))]
    check = words(FINAL.one("HEALTHCHECK").split("CMD ", 1)[1])
    check = [here.get(word, word).replace(f":{PORT}/", f":{port}/") for word in check]
    given = {"cwd": image / "app_root", "env": {**settings(), "HOME": str(image / "data")}}
    nobody = as_nobody(image)
    log, before = image / "log.txt", files(image / "app_root")

    with log.open("wb") as told, subprocess.Popen(
        command, stdout=told, stderr=told, **given, **nobody
    ) as server:  # fmt: skip
        try:
            until = time.monotonic() + STARTS_WITHIN_SECONDS
            while subprocess.run(check, capture_output=True, check=False, **given).returncode:
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.5)
        finally:
            server.send_signal(signal.SIGINT)  # Ctrl-C: docker stop ends it more bluntly
            server.wait(timeout=20)

    assert server.returncode == 0
    assert "leaked" not in log.read_text()
    assert (image / "data" / "workspace.duckdb").exists()
    assert files(image / "app_root") == before
    assert "Traceback" not in log.read_text()


def test_the_docs_say_how_to_build_and_run_it():
    text = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")

    assert "docker build" in text
    assert f":{PORT}" in text
    assert f":{FINAL.one('VOLUME')}" in text
