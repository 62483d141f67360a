"""What the environment sets, and what an empty variable means."""

import pytest

from core.settings import Settings


def test_a_variable_that_is_set_but_empty_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLUMBLINE_WORKSPACE", "")
    monkeypatch.setenv("PLUMBLINE_THREADS", "")

    settings = Settings()

    assert settings.workspace is None
    assert settings.threads == 2
