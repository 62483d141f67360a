"""The recipes of one CRM repeated in the languages it exports in: only the words differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.crm.cells import YES

_ENTERED: Final = "date entered"
_STAGE_IN_QUOTES: Final = (
    r'\s*["\u201e\u00ab\u300c\u300e\'\u2019]?\s*(?P<stage>.+?)(?:\s?[(\uff08][^()\uff08\uff09]*[)\uff09])?'
    r'\s*["\u00bb\u300d\u300f\'\u2019]?'
)

Entry = dict[str, Any]


@dataclass(frozen=True)
class Language:
    """What a CRM calls things in one language.

    Parameters
    ----------
    name
        The language, in English.
    labels
        English labels of columns and values, and what they are called.
    entered
        Pattern of the words before the stage in the headers of stage dates.
    yes
        Words that mean yes.
    no
        Words that mean no.
    """

    name: str
    labels: Mapping[str, tuple[str, ...]]
    entered: str
    yes: tuple[str, ...]
    no: tuple[str, ...]

    def words(self, label: str) -> tuple[str, ...]:
        """Return what a label is called, itself where nothing is known."""
        return self.labels.get(label, (label,))


def languages_from(content: Mapping[str, Any]) -> tuple[Language, ...]:
    """Return the languages of a file of labels."""
    return tuple(
        Language(
            name,
            {label: tuple(words) for label, words in given["labels"].items()},
            given["entered"],
            tuple(given["yes"]),
            tuple(given["no"]),
        )
        for name, given in content.items()
    )


def in_language(entry: Entry, language: Language) -> Entry:
    """Return the TOML table of a recipe with its headers in another language.

    A column may go by several labels; any of them, or the English one, is taken.
    """
    needs = [[*language.words(need), need] for need in entry["needs"]]
    return {
        **entry,
        "name": f"{entry['name']}/{language.name.lower()}",
        "title": f"{entry['title']} ({language.name})",
        "needs": [list(dict.fromkeys(words)) for words in needs],
        "ignores": list(_headers(entry.get("ignores", []), language)),
        "emits": [_emission(emits, language) for emits in entry["emits"]],
    }


def values_in_languages(
    shared: Mapping[str, Any], languages: tuple[Language, ...]
) -> dict[str, Any]:
    """Return the value lists of a recipe file with the words of every language."""
    values = {name: dict(pairs) for name, pairs in shared["values"].items()}
    for pairs in values.values():
        for label, meaning in list(pairs.items()):
            for language in languages:
                pairs.update({w: meaning for w in language.words(label) if w not in pairs})
    return {**shared, "values": values}


def _emission(emits: Entry, language: Language) -> Entry:
    columns = {name: _cell(spec, language) for name, spec in emits.get("columns", {}).items()}
    found = {**emits, "columns": columns}
    each = emits.get("each")
    if each and each["header"].startswith(_ENTERED):
        found["each"] = {**each, "header": f"{language.entered}{_STAGE_IN_QUOTES}"}
    return found


def _cell(spec: Any, language: Language) -> Any:  # noqa: ANN401 - a text, a list or a table
    if isinstance(spec, str | list):
        return list(_headers(spec, language))
    cell = dict(spec)
    for key in ("from", "join"):
        if key in cell:
            cell[key] = list(_headers(cell[key], language))
    if "when" in cell:
        cell["when"] = _when(cell["when"], language)
        if cell.get("blank") in {"true", "false"}:  # an outcome, said in yes and no
            cell["values"] = {
                **dict.fromkeys(language.yes, "true"),
                **dict.fromkeys(language.no, "false"),
            }
    return cell


def _when(spec: Any, language: Language) -> Entry:  # noqa: ANN401 - a text, a list or a table
    if isinstance(spec, str | list):
        return {"from": list(_headers(spec, language)), "says": [*YES, *language.yes]}
    says = [word for text in spec["says"] for word in (text, *language.words(text))]
    return {"from": list(_headers(spec["from"], language)), "says": says}


def _headers(given: str | list[str], language: Language) -> Iterator[str]:
    names = [given] if isinstance(given, str) else given
    yield from dict.fromkeys(word for name in names for word in (*language.words(name), name))
