"""Jobs are done one after the other, watched, stopped, and forgotten in the end."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from app.api.jobs import KEPT, MOST_UNFINISHED, Document, Job, Jobs, Kind, Standing, State
from app.api.problems import ProblemError, RefusedError
from core.errors import UndoError, UnknownNameError

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DONE = Document(b"{}")


@pytest.fixture
def job():
    return Job(Kind.IMPORT, NOW)


def test_work_is_done_in_the_order_it_came():
    jobs, order = Jobs(), []
    made = [jobs.reserve(Kind.IMPORT) for _ in range(3)]
    for number, job in enumerate(made):
        jobs.start(job, lambda _, number=number: order.append(number) or DONE)
    for job in made:
        job.future.result(timeout=30)

    assert order == [0, 1, 2]


def test_a_report_does_not_wait_for_an_import():
    jobs, gate = Jobs(), threading.Event()
    slow, quick = jobs.reserve(Kind.IMPORT), jobs.reserve(Kind.REPORT)
    jobs.start(slow, lambda _: gate.wait(30) and DONE)
    jobs.start(quick, lambda _: DONE)

    assert quick.future.result(timeout=30) == DONE
    assert slow.state is not State.DONE
    gate.set()
    assert slow.future.result(timeout=30) == DONE


def test_a_job_tells_how_far_it_is(job):
    seen = []

    def work(job):
        job.tell(Standing(0.5, "Reading."))
        seen.append((job.state, job.standing.share))
        return DONE

    job.run(work)
    assert seen == [(State.RUNNING, 0.5)]
    assert (job.state, job.standing.share, job.ended_at is not None) == (State.DONE, 1.0, True)


def test_work_that_is_told_to_stop_ends_where_it_next_tells_how_far_it_is(job):
    def work(job):
        job.cancel()
        job.tell(Standing(0.9, "Storing."))
        return DONE

    job.run(work)
    assert (job.state, job.problem.status, job.document) == (State.CANCELLED, 409, None)


def test_what_has_ended_cannot_be_stopped(job):
    job.run(lambda _: DONE)
    job.cancel()

    assert (job.state, job.document) == (State.DONE, DONE)


def test_a_job_that_was_stopped_while_it_waited_never_begins(job):
    job.cancel()
    job.run(lambda _: pytest.fail("it ran"))

    assert job.state is State.CANCELLED


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (UndoError("Nothing to undo.", "Import first."), 409, "Nothing to undo."),
        (ZeroDivisionError("secret"), 500, "Something went wrong on our side."),
    ],
)
def test_an_error_is_a_problem_without_inner_details(job, error, status, words):
    def work(_):
        raise error

    job.run(work)
    assert (job.state, job.problem.status, job.problem.detail) == (State.FAILED, status, words)
    with pytest.raises(ProblemError):
        asyncio.run(job.outcome())


def test_there_is_room_again_once_something_has_ended():
    jobs = Jobs()
    made = [jobs.reserve(Kind.IMPORT) for _ in range(MOST_UNFINISHED)]
    with pytest.raises(RefusedError, match="too much work"):
        jobs.reserve(Kind.UNDO)
    jobs.reserve(Kind.REPORT)
    made[0].run(lambda _: DONE)

    assert jobs.reserve(Kind.IMPORT)


def test_the_jobs_that_ended_first_are_forgotten():
    jobs = Jobs()
    made = []
    for _ in range(KEPT + 2):
        made.append(jobs.reserve(Kind.IMPORT))
        made[-1].run(lambda _: DONE)

    assert jobs.find(made[-1].job_id) is made[-1]
    with pytest.raises(UnknownNameError, match="The last 12 jobs"):
        jobs.find(made[0].job_id)
    assert jobs.listed()[0] is made[-1]


def test_everything_is_stopped_before_the_process_ends():
    jobs, begun = Jobs(), threading.Event()
    running, waiting = jobs.reserve(Kind.IMPORT), jobs.reserve(Kind.IMPORT)

    def work(job):
        begun.set()
        while True:
            job.tell(Standing(0.5, "Reading."))

    jobs.start(running, work)
    jobs.start(waiting, lambda _: pytest.fail("it ran"))
    begun.wait(timeout=30)
    jobs.stop()

    assert [job.state for job in (running, waiting)] == [State.CANCELLED] * 2
