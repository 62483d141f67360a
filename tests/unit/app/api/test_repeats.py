"""Answers are kept for repeats: privately, not too many, and a damaged one harms nothing."""

import stat
from datetime import UTC, datetime

import pytest

from app.api.jobs import Document, Job, Kind
from app.api.problems import RefusedError
from app.api.repeats import LARGEST_KEPT, MOST_KEPT, Repeat, Repeats, answers_beside

ASKED = Repeat.of("key", "night-1", "import", "a.csv")
DONE = Document(b'{"done": true}')


@pytest.fixture
def folder(tmp_path):
    return answers_beside(tmp_path / "acme.duckdb")


@pytest.fixture
def repeats(folder):
    return Repeats(lambda: folder)


def job():
    return Job(Kind.IMPORT, datetime(2026, 11, 23, tzinfo=UTC))


def kept(repeats, asked=ASKED, answer=DONE):
    first = job()
    assert repeats.claim(asked, first) is first
    first.run(repeats.keeping(asked, lambda _: answer))


def test_an_answer_is_there_for_its_repeat_also_for_another_process(repeats, folder):
    kept(repeats)

    assert repeats.claim(ASKED, job()) == DONE
    assert Repeats(lambda: folder).claim(ASKED, job()) == DONE


def test_only_its_owner_reads_what_is_kept(repeats, folder):
    kept(repeats)
    (file,) = folder.iterdir()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "night-1" not in file.name


def test_a_repeat_while_the_first_runs_gets_the_same_job(repeats):
    first = job()
    repeats.claim(ASKED, first)

    assert repeats.claim(ASKED, job()) is first
    with pytest.raises(RefusedError):
        repeats.claim(Repeat(ASKED.name, "other"), job())


def test_what_failed_is_not_kept(repeats):
    first, second = job(), job()
    repeats.claim(ASKED, first)
    first.cancel()

    assert repeats.claim(ASKED, second) is second


@pytest.mark.parametrize("content", ["", "[", "[]", "7", '{"asked": "x"}'])
def test_a_damaged_answer_is_as_good_as_none(repeats, folder, content):
    kept(repeats)
    next(folder.iterdir()).write_text(content)
    again = job()

    assert repeats.claim(ASKED, again) is again


def test_the_oldest_answers_are_forgotten_and_very_large_ones_not_kept(repeats, folder):
    for number in range(MOST_KEPT + 1):
        kept(repeats, Repeat(f"name-{number}", "same"))
    kept(repeats, ASKED, Document(b"x" * (LARGEST_KEPT + 1)))

    assert len(list(folder.iterdir())) == MOST_KEPT
    assert not (folder / "name-0.json").exists()


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    first = job()
    repeats = Repeats(lambda: tmp_path / "file" / "answers")
    work = repeats.keeping(ASKED, lambda _: DONE)
    first.run(work)

    assert first.document == DONE
    assert "cannot be kept" in caplog.text
