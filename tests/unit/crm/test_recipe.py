import tomllib
from importlib import resources

import pytest

from core.crm.recipe_files import RECIPE_FILES, known_recipes, parse_recipe
from core.errors import InvalidParameterError, UnknownNameError


@pytest.mark.parametrize("recipe", known_recipes(), ids=lambda recipe: recipe.name)
def test_every_recipe_fills_what_a_row_of_its_table_needs(recipe):
    filled = dict(recipe.emissions[0].cells)
    required = {column.name for column in recipe.table.columns if column.required}

    assert required | set(recipe.table.key) <= set(filled)
    assert all(set(headers) <= recipe.headers() for headers in recipe.needs)


def test_recipe_names_are_unique():
    names = [recipe.name for recipe in known_recipes()]
    assert len(set(names)) == len(names)


def test_every_recipe_file_is_listed():
    folder = resources.files("core.crm") / "recipes"
    recipes = [tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in RECIPE_FILES]
    languages = {recipe["languages"] for recipe in recipes if "languages" in recipe}

    assert {entry.name for entry in folder.iterdir()} == {*RECIPE_FILES, *languages}


def _parsed(cell: str):
    text = f"""
        name = "x"
        title = "x"
        needs = ["Id"]
        emits = [{{ table = "accounts", columns = {{ account_id = "Id", {cell} }} }}]
    """
    return parse_recipe(tomllib.loads(text), {})


def test_a_word_outside_the_vocabulary_is_an_error_that_lists_the_vocabulary():
    with pytest.raises(InvalidParameterError, match=r"does not know unless\..*otherwise"):
        _parsed('name = { from = "Name", unless = "Deleted" }')


def test_a_column_that_no_table_has_is_an_error():
    with pytest.raises(UnknownNameError, match="There is no column called 'nmae'"):
        _parsed('nmae = "Name"')
