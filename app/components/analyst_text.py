"""A checked text on screen: sentences with their footnotes, the figures they open, a copy."""

from typing import Final

import streamlit as st

from app import navigation
from app.components.text import literal
from core.analyst.facts import Fact
from core.analyst.narrative import Narrative
from core.analyst.rendering import Sentence
from core.metrics import METRICS

_RAISED: Final = str.maketrans(
    "0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)


def sentences(written: Narrative) -> None:
    """Draw the text; each figure carries the number of its footnote."""
    if not written.sentences:
        st.markdown("There is too little here to say anything about it.")
        return
    numbers = {fact.id: number for number, fact in enumerate(_figures(written), start=1)}
    st.markdown(" ".join(_sentence(sentence, numbers) for sentence in written.sentences))


def figures(written: Narrative, key: str) -> None:
    """Draw the footnotes behind a button; each opens the page its figure stands on."""
    found = _figures(written)
    if not found:
        return
    opened = st.popover(
        f"Figures ({len(found)})",
        key=f"{key}_figures",
        type="tertiary",
        icon=":material/format_list_numbered:",
        on_change="rerun",
    )
    if opened.open:
        with opened:
            for number, fact in enumerate(found, start=1):
                _footnote(number, fact)


def copy(written: Narrative, key: str) -> None:
    """Draw the text as plain letters with a button that copies it."""
    opened = st.popover(
        "Copy",
        key=f"{key}_copy",
        type="tertiary",
        icon=":material/content_copy:",
        on_change="rerun",
    )
    if opened.open:
        with opened:
            st.code(f"{written.text}\n\n{written.label}", language=None, wrap_lines=True)


def _figures(written: Narrative) -> list[Fact]:
    return [fact for fact in written.footnotes if fact.unit.is_measured or fact.definition]


def _sentence(sentence: Sentence, numbers: dict[str, int]) -> str:
    shown = []
    for piece in sentence.pieces:
        number = numbers.get(piece.fact.id) if piece.fact else None
        raised = f":gray[{str(number).translate(_RAISED)}]" if number else ""
        # Words are escaped one piece at a time; blanks at the edges belong to the sentence.
        blank = " " if piece.text.startswith(" ") else ""
        end = " " if piece.text.endswith(" ") and piece.text.strip() else ""
        shown.append(f"{blank}{literal(piece.text)}{raised}{end}")
    return "".join(shown)


def _footnote(number: int, fact: Fact) -> None:
    """Draw one footnote: the figure in its words, its definition, a link to where it stands."""
    defined = METRICS.get(fact.definition)
    label = f"{number}\\. {literal(fact.text)}"
    if not navigation.has(fact.link.page):
        st.markdown(label, help=defined.help if defined else None)
        return
    st.page_link(
        navigation.page(f"{fact.link.page}.py"),
        label=label,
        icon="",
        help=defined.help if defined else None,
        query_params=list(fact.link.query),
    )
