"""A second process answers as this one would, and its end is not ours."""

import os
import subprocess
import sys
import time
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from app import beside as server
from app.report_question import ReportQuestion
from core import companion
from core.companion import FITS, asked, begun
from core.forecasting.fits import continued
from core.forecasting.frequency import Frequency, Grid
from core.forecasting.series import Series
from core.periods import Preset
from core.reports import drawing
from tests import beside
from tests.fakes import small_services

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(companion, "cores", lambda: 2)


@pytest.fixture
def started(monkeypatch):
    """Return the processes that are started from now on."""
    processes = []
    popen = subprocess.Popen

    def counting(*arguments, **named):
        processes.append(popen(*arguments, **named))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", counting)
    return processes


def test_a_companion_answers_every_question_in_a_process_of_its_own(started):
    with begun():
        answers = [asked(beside.pid), asked(beside.twice, 21), asked(beside.twice, "a")]

        assert [answer() for answer in answers] == [started[0].pid, 42, "aa"]
    assert started[0].poll() is not None


def test_without_a_companion_the_answer_is_worked_out_here_when_it_is_wanted():
    answer = asked(beside.fails)

    with pytest.raises(ValueError, match="no such number"):
        answer()
    assert asked(beside.pid)() == os.getpid()


def test_what_fails_there_fails_here_in_the_same_words():
    with begun(), pytest.raises(ValueError, match="no such number"):
        asked(beside.fails)()


def test_a_companion_that_ends_before_its_time_is_done_without():
    with begun():
        lost, next_one = asked(beside.ends_there, os.getpid()), asked(beside.twice, 4)

        assert (lost(), next_one()) == ("here", 8)


def test_a_companion_that_hangs_is_not_waited_for_for_ever(monkeypatch, started):
    monkeypatch.setattr(companion, "PATIENCE_SECONDS", 0.5)
    with begun():
        assert asked(beside.hangs_there, os.getpid())() == "here"
    assert started[0].poll() is not None


def test_a_companion_that_is_not_ready_yet_ends_with_the_work(started):
    def work():
        with begun("tests.beside:hang"):
            asked(beside.pid)
            beside.fails()

    with pytest.raises(ValueError, match="no such number"):
        work()
    assert started[0].poll() is not None


def test_what_a_companion_writes_goes_with_it():
    with begun():
        folder = Path(asked(beside.folder)())
        assert folder.is_dir()

    assert not folder.exists()


def test_one_companion_at_a_time_serves_all_the_work_within(started):
    with begun():
        with begun():
            assert asked(beside.pid)() == started[0].pid
        assert asked(beside.pid)() == started[0].pid

    assert len(started) == 1


def test_a_companion_that_lingers_answers_the_next_question_and_then_ends(started):
    with begun(lingers_seconds=60.0):
        first = asked(beside.pid)()
    with begun(lingers_seconds=0.2):
        assert asked(beside.pid)() == first
    assert started[0].wait(10) != 0

    with begun():
        assert asked(beside.pid)() not in {first, os.getpid()}


def test_a_companion_that_lingers_makes_room_for_what_draws(started):
    with begun(lingers_seconds=60.0):
        asked(beside.pid)()
    with drawing.begun():
        assert started[0].poll() is not None


def test_a_companion_that_ended_while_it_lingered_is_replaced(started):
    with begun(lingers_seconds=60.0):
        first = asked(beside.pid)()
    started[0].kill()
    started[0].wait()

    with begun():
        assert asked(beside.pid)() not in {first, os.getpid()}


def test_a_server_begins_none_where_it_may_not_or_need_not(monkeypatch, started):
    with server.beside():
        assert asked(beside.pid)() == os.getpid()
    monkeypatch.delenv("PLUMBLINE_SECOND_PROCESS")
    monkeypatch.setitem(sys.modules, "statsforecast", None)
    with server.beside():
        assert asked(beside.pid)() == os.getpid()

    assert started == []


def test_a_machine_with_one_core_starts_none(monkeypatch, started):
    monkeypatch.setattr(companion, "cores", lambda: 1)
    with begun():
        assert asked(beside.pid)() == os.getpid()

    assert started == []


def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with begun():
        assert asked(beside.pid)() == os.getpid()


def test_a_companion_ends_when_who_asked_is_gone():
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from core import companion; from tests import beside\n"
        "companion.cores = lambda: 2\n"
        "with companion.begun():\n"
        "    print(companion.asked(beside.pid)(), flush=True); os._exit(1)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(ROOT)], capture_output=True, text=True, check=False
    )
    pid = int(told.stdout)

    for _ in range(200):
        if not _is_running(pid):
            return
        time.sleep(0.05)
    pytest.fail("it still runs after ten seconds")


def _is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Nobody may be there to take note of its end: then it is over, and listed all the same.
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(") ")[2][0] != "Z"


def test_what_is_done_first_is_there():
    module, _, function = FITS.partition(":")

    assert callable(getattr(import_module(module), function))


def test_fits_are_the_same_to_the_bit():
    months = tuple(100.0 + 7 * (month % 12) + month**1.5 for month in range(30))
    whole = Series("won", Grid(Frequency.MONTH), date(2024, 1, 1), months)
    histories = (None, whole.head(3), whole.head(12), whole)
    with begun(FITS):
        there = asked(continued, histories, 4)()
    here = continued(histories, 4)

    assert there[0] is None
    for one, other in zip(there[1:], here[1:], strict=True):
        assert one.choice == other.choice
        assert one.headline.tobytes() == other.headline.tobytes()
        assert list(one.attempts) == list(other.attempts)


def test_a_report_is_the_same_to_the_byte():
    question = ReportQuestion(preset=Preset.ALL_TIME)
    with begun(FITS):
        there = small_services().reports.pdf(question)

    assert there == small_services().reports.pdf(question)
