"""Every rule model stands in docs/methods with the words the product shows."""

from pathlib import Path

import pytest

from core.attribution.rules.registry import RULES, rule

DOCUMENT = Path(__file__).parents[2] / "docs" / "methods" / "attribution-rules.md"


@pytest.mark.parametrize("name", RULES)
def test_the_document_says_formula_and_caution_of_the_model(name):
    model, text = rule(name), DOCUMENT.read_text(encoding="utf-8")
    for words in (f"### {model.title} (`{name}`)", model.summary, model.formula, model.caution):
        assert words in text
