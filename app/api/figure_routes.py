"""The endpoint of every figure the pages show."""

from typing import Annotated

from fastapi import Query

from app.api.chosen import Chosen, noted
from app.api.figure_answers import FiguresAnswer, FiguresQuery, figures_answer
from app.api.questions import figures_question
from app.api.recent import Heavy


def figures(
    services: Chosen, recent: Heavy, asked: Annotated[FiguresQuery, Query()]
) -> FiguresAnswer:
    """Return every figure the pages show, with its unit, what it is of and its page."""
    question = figures_question(services, asked)
    key = ("figures", services.cache_key, question)
    found = recent.answer(key, lambda: services.figures.figures(question))
    return noted(services, figures_answer(found, asked))
