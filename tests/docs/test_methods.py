"""Every page about a method says where it ends and where it comes from."""

from pathlib import Path

import pytest

METHODS = sorted((Path(__file__).resolve().parents[2] / "docs" / "methods").glob("*.md"))


@pytest.mark.parametrize("page", METHODS, ids=lambda page: page.name)
def test_a_method_says_when_not_to_use_it_and_on_what_it_rests(page):
    text = page.read_text(encoding="utf-8")

    assert "when not to use it" in text.lower()
    assert "Source" in text or "`core/" in text
