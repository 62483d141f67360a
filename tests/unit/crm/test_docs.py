"""docs/importing.md names every reason and source, and the mapping it shows works."""

import re
from pathlib import Path

import pytest

from core.crm.mapping import parse_mapping
from core.crm.options import ImportOptions
from core.crm.reasons import SUGGESTIONS
from core.crm.recipe_files import known_recipes
from tests.exports import load

TEXT = (Path(__file__).parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", SUGGESTIONS)
def test_every_reason_is_explained(code):
    assert f"| `{code}` | {SUGGESTIONS[code]} |" in TEXT


def test_every_known_object_is_listed():
    plain = TEXT.lower().replace("_", "")
    names = [recipe.name.split("/")[1].replace("_", "") for recipe in known_recipes()]
    listed = [name for name in names if name in plain or "every other canonical table" in TEXT]
    assert listed == names


def test_the_mapping_of_the_docs_imports_a_file(workspace):
    mapping = parse_mapping(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1])
    data = (
        "Opp #;Customer;Value;Opened;Closing day;Done;Status;Owner;Created by\n"
        "1;Acme;1.000,50;1/2/2025;3/4/2025;yes;Won;;Ana\n"
    )
    assert load(workspace, data.encode(), ImportOptions(mapping=mapping)).loaded == 1
    assert workspace.query("SELECT owner_id, amount_minor, is_won FROM deals").row(0) == (
        "Ana",
        100_050,
        True,
    )
