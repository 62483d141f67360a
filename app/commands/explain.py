"""``python -m app explain``."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from app.commands.arguments import WorkspaceOption, day, opened, require_named
from app.progress import working
from core.periods import Preset


class TextFormat(StrEnum):
    """What a text is written as."""

    TEXT = "text"
    JSON = "json"


def explain(
    workspace: WorkspaceOption,
    topic: Annotated[
        str,
        typer.Option(
            help="overview, attribution, performance, channel:NAME, deal:ID, forecast or changes."
        ),
    ] = "overview",
    writer: Annotated[
        str, typer.Option(help="rules, ollama or openai; default: PLUMBLINE_WRITER.")
    ] = "",
    period: Annotated[
        Preset, typer.Option(help="Counted back from the day the data reach.")
    ] = Preset.LAST_12_MONTHS,
    model: Annotated[str, typer.Option(help="The attribution model that is meant.")] = "linear",
    currency: Annotated[str, typer.Option(help="Reporting currency; default: the data's.")] = "",
    since: Annotated[str, typer.Option(help="For changes, the day before, YYYY-MM-DD.")] = "",
    output: Annotated[TextFormat, typer.Option("--format", help="Output.")] = TextFormat.TEXT,
) -> None:
    """Say in words what the figures mean; no sentence holds a number that is not a fact."""
    from app.analyst_output import narrative_json, narrative_text
    from app.analyst_services import ExplainQuestion

    require_named(period)
    kind, _, name = topic.partition(":")
    question = ExplainQuestion(kind, name, period, currency, model, day(since, "--since"))
    with opened(workspace) as services:
        analyst = services.analyst
        chosen = replace(analyst.settings, name=writer) if writer else analyst.settings
        with working("Looking up the facts", quiet=output is TextFormat.JSON):
            written = analyst.explain(question, chosen)
    typer.echo(narrative_json(written) if output is TextFormat.JSON else narrative_text(written))
