"""Long work: one thing after the other, watched, stopped, never more than there is room for."""

import asyncio
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from app.api.problems import Problem, ProblemError, RefusedError, problem_of, too_busy
from core.crm.receipts import Progress
from core.errors import UnknownNameError

MOST_UNFINISHED: Final = 4
"""Jobs of one lane that wait or run; more are refused, because each holds its files in memory."""

KEPT: Final = 12
"""Jobs that have ended and can still be asked for; the oldest is forgotten first."""

_ID_BYTES: Final = 12


class Kind(StrEnum):
    """What a job does."""

    IMPORT = "import"
    UNDO = "undo"
    REDO = "redo"
    REPORT = "report"


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Document:
    """The answer of a job, ready to travel."""

    content: bytes
    media_type: str = "application/json"


@dataclass(frozen=True)
class Standing:
    """How far a job is, at one moment.

    Parameters
    ----------
    share
        How much is done, 0 to 1.
    doing
        What it does, in words.
    counts
        For an import: the file it is at, and its rows.
    """

    share: float = 0.0
    doing: str = "Waiting for its turn."
    counts: Progress | None = None


class Job:
    """One piece of work and what became of it.

    Parameters
    ----------
    kind
        What it does.
    asked_at
        When, UTC.
    """

    def __init__(self, kind: Kind, asked_at: datetime) -> None:
        self.kind, self.asked_at = kind, asked_at
        self.job_id = secrets.token_hex(_ID_BYTES)
        self.state = State.WAITING
        self.standing = Standing()
        self.ended_at: datetime | None = None
        self.problem: Problem | None = None
        self.document: Document | None = None
        self.future: Future[Document] = Future()
        self._changing = threading.Lock()
        self._stopping = threading.Event()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state not in {State.WAITING, State.RUNNING}

    def is_stopping(self) -> bool:
        """Tell whether it was told to stop."""
        return self._stopping.is_set()

    def tell(self, standing: Standing) -> None:
        """Note how far the work is; work that was told to stop ends here.

        Raises
        ------
        RefusedError
            If it was told to stop.
        """
        if self.is_stopping():
            raise _stopped()
        self.standing = standing

    def cancel(self) -> None:
        """Stop, at once where the work has not begun; what has ended stays as it is."""
        with self._changing:
            if self.has_ended:
                return
            self._stopping.set()
            if self.state is State.WAITING:
                self._end(_stopped())

    def run(self, work: "Work") -> None:
        """Do the work, unless it was stopped while it waited."""
        with self._changing:
            if self.has_ended:
                return
            self.state = State.RUNNING
        try:
            found: Document | Exception = work(self)
        except Exception as error:  # noqa: BLE001 - told to whoever asks for the result
            found = error
        with self._changing:
            self._end(found)

    async def outcome(self) -> Document:
        """Wait for the end without holding a thread.

        Raises
        ------
        ProblemError
            If it failed or was stopped.
        """
        return await asyncio.shield(asyncio.wrap_future(self.future))

    def _end(self, found: Document | Exception) -> None:
        self.ended_at = datetime.now(UTC)
        if isinstance(found, Document):
            self.document = found
            self.standing = Standing(1.0, "Done.", self.standing.counts)
            self.state = State.DONE
            self.future.set_result(found)
            return
        self.problem = problem_of(found)
        self.state = State.CANCELLED if self.is_stopping() else State.FAILED
        self.future.set_exception(ProblemError(self.problem))


Work = Callable[[Job], Document]
"""Does the work of a job and tells it how far it is."""


class Lane:
    """One piece of work after the other, in the order they came, beside who asks."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._changing = threading.Lock()
        self._is_working = False
        self._thread: threading.Thread | None = None

    def put(self, work: Callable[[], None]) -> None:
        """Do the work after what was put here before."""
        with self._changing:
            self._waiting.append(work)
            if self._is_working:
                return
            self._is_working = True
            # No daemon: a thread cut off in the middle of the engine ends the process badly.
            self._thread = threading.Thread(target=self._work, name="api-jobs")
            self._thread.start()

    def wait(self) -> None:
        """Wait until nothing is left to do."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._changing:
                if not self._waiting:
                    self._is_working = False
                    return
                work = self._waiting.popleft()
            work()


class Jobs:
    """The jobs of one application: what changes data in one lane, reports in another."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lanes = {True: Lane(), False: Lane()}
        self._changing = threading.Lock()

    def reserve(self, kind: Kind) -> Job:
        """Return a job that has a place, before anything large is read for it.

        Raises
        ------
        RefusedError
            If there is no room for one more.
        """
        with self._changing:
            same = [job for job in self._jobs.values() if _writes(job) == (kind != Kind.REPORT)]
            if sum(not job.has_ended for job in same) >= MOST_UNFINISHED:
                raise too_busy()
            job = Job(kind, datetime.now(UTC))
            self._jobs[job.job_id] = job
            self._forget_oldest()
        return job

    def start(self, job: Job, work: Work) -> None:
        """Do the work of a job when its turn comes."""
        self._lanes[_writes(job)].put(lambda: job.run(work))

    def drop(self, job: Job) -> None:
        """Forget a job that was not started, or has ended."""
        with self._changing:
            self._jobs.pop(job.job_id, None)

    def find(self, job_id: str) -> Job:
        """Return a job.

        Raises
        ------
        UnknownNameError
            If there is none, or it was forgotten.
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise UnknownNameError(
                f"There is no job called '{job_id}'.",
                f"The last {KEPT} jobs that ended are kept, until the server stops.",
            )
        return job

    async def stop_and_forget(self, job_id: str) -> Job:
        """Stop a job, wait until it has ended in whatever way, and forget it.

        Raises
        ------
        UnknownNameError
            If there is none, or it was forgotten.
        """
        job = self.find(job_id)
        job.cancel()
        with suppress(ProblemError):
            await job.outcome()
        self.drop(job)
        return job

    def listed(self) -> tuple[Job, ...]:
        """Return the jobs, the latest first."""
        with self._changing:
            return tuple(reversed(self._jobs.values()))

    def stop(self) -> None:
        """Stop what waits and runs, before the process ends, and wait until it has stopped."""
        for job in self.listed():
            job.cancel()
        for lane in self._lanes.values():
            lane.wait()

    def _forget_oldest(self) -> None:
        ended = [job.job_id for job in self._jobs.values() if job.has_ended]
        for job_id in ended[: max(len(ended) - KEPT, 0)]:
            del self._jobs[job_id]


def _writes(job: Job) -> bool:
    return job.kind is not Kind.REPORT


def _stopped() -> RefusedError:
    return RefusedError(
        HTTPStatus.CONFLICT, "The work was stopped.", "Nothing was stored.", name="cancelled"
    )
