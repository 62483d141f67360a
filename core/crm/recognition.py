"""Which recipe a file belongs to: by its headers and the look of its ids, never by its name."""

from collections.abc import Iterable, Sequence
from typing import Final

from core.crm.layout import Layout
from core.crm.recipe import Recipe
from core.errors import ImportRefusedError

_CLOSE: Final = 0.5  # share of needed columns from which a refusal names the ones that are missing


def recognise(
    name: str, layout: Layout, sample: Sequence[Sequence[str]], recipes: Iterable[Recipe]
) -> Recipe:
    """Return the recipe that knows the file.

    Of the recipes whose needed columns are all there, one whose id prefix agrees wins over the
    others, then the one that knows most of the headers.

    Parameters
    ----------
    name
        Name of the file, for messages.
    layout
        Its header.
    sample
        The first records, as text.
    recipes
        The candidates.

    Raises
    ------
    ImportRefusedError
        ``missing_columns`` or ``duplicate_header``.
    """
    names = layout.names
    known = list(recipes)
    fitting = [recipe for recipe in known if recipe.fits(names)]
    fitting = [recipe for recipe in fitting if _prefix_agrees(recipe, names, sample) is not False]
    if not fitting:
        raise _missing(name, names, known)
    best = max(fitting, key=lambda recipe: _score(recipe, names, sample))
    doubled = sorted(n for n in best.headers() - best.ignores if names.count(n) > 1)
    if doubled:
        raise ImportRefusedError(
            name,
            "duplicate_header",
            f"The column {_listed(doubled)} is there more than once.",
            "Keep the one that is meant, and import again.",
        )
    return best


def _score(
    recipe: Recipe, names: Sequence[str], sample: Sequence[Sequence[str]]
) -> tuple[bool, int, int]:
    agrees = _prefix_agrees(recipe, names, sample) is True
    used = (recipe.headers() - recipe.ignores).intersection(names)
    return agrees, len(used), len(recipe.needs)


def _prefix_agrees(
    recipe: Recipe, names: Sequence[str], sample: Sequence[Sequence[str]]
) -> bool | None:
    """Say whether ids look like the recipe's; None when there is nothing to tell by."""
    if recipe.id_prefix is None or recipe.id_prefix[0] not in names:
        return None
    place = list(names).index(recipe.id_prefix[0])
    ids = [record[place].strip() for record in sample if len(record) > place]
    ids = [value for value in ids if len(value) in {15, 18}]
    if not ids:
        return None
    return all(value.startswith(recipe.id_prefix[1]) for value in ids)


def _missing(name: str, names: Sequence[str], recipes: list[Recipe]) -> ImportRefusedError:
    def share(recipe: Recipe) -> tuple[float, int]:
        present = len(recipe.needs) - len(recipe.lacking(names))
        return present / len(recipe.needs), len(recipe.headers().intersection(names))

    close = [recipe for recipe in recipes if share(recipe)[0] >= _CLOSE]
    hint = "Export it with these columns, or map its own columns (command line: --map)."
    if not close:
        message = "Its columns are not those of any export that is known."
        return ImportRefusedError(name, "missing_columns", message, hint)
    nearest = max(close, key=lambda recipe: (share(recipe)[1], share(recipe)[0]))
    lacking = nearest.lacking(names)
    message = f"It looks like '{nearest.title}' but lacks the column {_listed(lacking)}."
    if not lacking:
        message = f"It has the columns of '{nearest.title}', but its ids are of another kind."
    return ImportRefusedError(name, "missing_columns", message, hint)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
