"""The answer of a change is kept under the caller's name for it: a repeat is harmless."""

import hashlib
import json
import logging
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from app.api.jobs import Document, Job, Work
from app.api.problems import RefusedError

LOG: Final = logging.getLogger("plumbline")

MOST_KEPT: Final = 200
"""Answers kept; the oldest is forgotten first."""

LARGEST_KEPT: Final = 8 * 2**20
"""Bytes of an answer that is kept; a larger one lists very many rejected records."""

_BESIDE: Final = ".answers"


@dataclass(frozen=True)
class Repeat:
    """What tells a request apart from others.

    Parameters
    ----------
    name
        Who asks, and the ``Idempotency-Key`` of the request.
    digest
        What is asked; under one name it has to stay the same.
    """

    name: str
    digest: str

    @classmethod
    def of(cls, key_id: str, idempotency_key: str, *asked: str) -> "Repeat":
        """Return what tells the request of a key apart."""
        return cls(_digest(key_id, idempotency_key), _digest(*asked))


class Repeats:
    """The answers kept in a folder beside the workspace, which outlive the process.

    Parameters
    ----------
    folder
        Returns where they are kept.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._running: dict[str, tuple[str, Job]] = {}
        self._changing = threading.RLock()  # a job may end while its request is claimed

    def claim(self, asked: Repeat, job: Job) -> Document | Job:
        """Return the answer there is, the job that is at it, or the job given: it is the first.

        Raises
        ------
        RefusedError
            If something else was asked under that name.
        """
        with self._changing:
            digest, running = self._running.get(asked.name, ("", None))
            if running is not None and not running.has_ended:
                _require_same(digest, asked)
                return running
            kept = self._kept(asked)
            if kept is None:
                self._running[asked.name] = (asked.digest, job)
                job.future.add_done_callback(lambda _: self._release(asked, job))
            return kept or job

    def keeping(self, asked: Repeat, work: Work) -> Work:
        """Return work whose answer is kept before anybody hears of it."""

        def kept(job: Job) -> Document:
            answer = work(job)
            self._keep(asked, answer)
            return answer

        return kept

    def _release(self, asked: Repeat, job: Job) -> None:
        with self._changing:
            if self._running.get(asked.name, ("", None))[1] is job:
                del self._running[asked.name]

    def _kept(self, asked: Repeat) -> Document | None:
        try:
            told = json.loads(self._file(asked).read_text(encoding="utf-8"))
            digest, answer = str(told["asked"]), str(told["answer"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            LOG.warning("A kept answer cannot be read: %s", error)
            return None
        _require_same(digest, asked)
        return Document(answer.encode())

    def _keep(self, asked: Repeat, answer: Document) -> None:
        if len(answer.content) > LARGEST_KEPT:
            return
        file = self._file(asked)
        beside = file.with_suffix(f".{secrets.token_hex(4)}")
        told = json.dumps({"asked": asked.digest, "answer": answer.content.decode()})
        try:
            file.parent.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(
                os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as out:
                out.write(told)
            beside.replace(file)
            self._forget_oldest()
        except OSError as error:  # what was asked is done; only its repeat will not be known
            LOG.warning("An answer cannot be kept: %s", error)

    def _forget_oldest(self) -> None:
        kept = sorted(self._folder().glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for file in kept[: max(len(kept) - MOST_KEPT, 0)]:
            file.unlink(missing_ok=True)

    def _file(self, asked: Repeat) -> Path:
        return self._folder() / f"{asked.name}.json"


def answers_beside(workspace: Path) -> Path:
    """Return the folder of kept answers that belongs to a workspace file."""
    return workspace.with_name(f"{workspace.name}{_BESIDE}")


def _require_same(digest: str, asked: Repeat) -> None:
    if digest != asked.digest:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This Idempotency-Key was used for another request.",
            "Send a new one with every request that is not a repeat.",
            name="idempotency-key-reused",
        )


def _digest(*parts: str) -> str:
    told = json.dumps(parts)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
