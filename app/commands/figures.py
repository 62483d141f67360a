"""``python -m app figures``."""

from typing import Annotated

import typer

from app.commands.arguments import WhereOption, WorkspaceOption, days_between, opened_part
from app.defaults import DEFAULT_PERIOD
from app.figure_rows import ShownOn
from app.output import Format
from app.progress import working
from core.periods import Preset


def figures(
    workspace: WorkspaceOption,
    page: Annotated[
        ShownOn | None, typer.Option(help="Only those of a page; default: all pages.")
    ] = None,
    period: Annotated[Preset, typer.Option(help="The period.")] = DEFAULT_PERIOD,
    starts_on: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    ends_on: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = "",
    currency: Annotated[str, typer.Option(help="Reporting currency; default: the data's.")] = "",
    where: WhereOption = None,
    output: Annotated[Format, typer.Option("--format", help="Output.")] = Format.TABLE,
) -> None:
    """List every figure the pages show, with its unit, what it is of and its page."""
    from app.figures_output import figures_text
    from app.figures_services import FiguresQuestion

    custom = days_between(starts_on, ends_on, period)
    preset = Preset.CUSTOM if custom else period
    with opened_part(workspace, where) as services:
        question = FiguresQuestion(currency, preset, custom, page=page)
        with working("Asking for the figures", quiet=output is not Format.TABLE):
            found = services.figures.figures(question)
        typer.echo(figures_text(found, output))
