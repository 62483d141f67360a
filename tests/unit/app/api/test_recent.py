"""Heavy answers are worked out once and kept while they are asked for."""

from threading import Thread

from app.api.recent import KEPT, Recent


def test_an_answer_is_worked_out_once():
    recent, worked = Recent(), []

    answers = [recent.answer("a", lambda: worked.append(1) or "first") for _ in range(3)]

    assert (answers, len(worked)) == (["first"] * 3, 1)


def test_equal_questions_at_once_wait_for_one_answer():
    recent, worked = Recent(), []

    def slow():
        worked.append(1)
        return "done"

    threads = [Thread(target=recent.answer, args=("a", slow)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(worked) == 1


def test_what_is_at_hand_does_not_wait_for_what_is_worked_out():
    recent, told = Recent(), []
    recent.answer("ready", lambda: "ready")

    def while_working():
        other = Thread(target=lambda: told.append(recent.answer("ready", lambda: "again")))
        other.start()
        other.join(timeout=10)
        return "slow"

    recent.answer("slow", while_working)

    assert told == ["ready"]


def test_the_least_used_answer_is_forgotten_first():
    recent = Recent()
    for number in range(KEPT):
        recent.answer(number, lambda: "old")
    recent.answer(0, lambda: "new")
    recent.answer("one more", lambda: "new")

    assert recent.answer(0, lambda: "new") == "old"
    assert recent.answer(1, lambda: "new") == "new"
