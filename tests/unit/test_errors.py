"""Errors say what happened and what to do, and keep their fields."""

import pickle

import pytest

from core.errors import ImportRefusedError, PlumblineError, UnknownNameError


def test_message_and_hint_are_both_read_out():
    error = PlumblineError("The file is empty.", "Export it again.")

    assert str(error) == "The file is empty. Export it again."


def test_an_unknown_name_lists_the_known_ones_and_guesses_the_likely_one():
    error = UnknownNameError.among("model", "last_tuch", ["first_touch", "last_touch"])

    assert str(error) == (
        "There is no model called 'last_tuch'. Did you mean 'last_touch'? "
        "Known: first_touch, last_touch."
    )


def test_an_unlikely_name_gets_no_guess():
    assert "Did you mean" not in str(UnknownNameError.among("model", "zzz", ["linear"]))


@pytest.mark.parametrize(
    "error",
    [PlumblineError("a", "b"), ImportRefusedError("x.csv", "empty_file", "a", "b")],
    ids=["base", "refused"],
)
def test_errors_survive_pickling_with_their_fields(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
