"""``python -m app deals``."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments import WhereOption, WorkspaceOption, day, opened_part
from app.output import Format
from app.progress import working


def deals(
    workspace: WorkspaceOption,
    as_of: Annotated[str, typer.Option(help="As known that day; default: the data's.")] = "",
    until: Annotated[str, typer.Option(help="Last day of the period; default: quarter end.")] = "",
    currency: Annotated[str, typer.Option(help="Reporting currency; default: the data's.")] = "",
    where: WhereOption = None,
    output: Annotated[Format, typer.Option("--format", help="Output.")] = Format.TABLE,
) -> None:
    """Score every open deal: chances to be won, lost or still open, and what puts it at risk."""
    from app.deal_output import deals_text
    from app.deal_services import DealQuestion

    with opened_part(Path(workspace), where) as services:
        covered = services.coverage()
        question = DealQuestion(
            covered.currency_known(currency),
            covered.day_known(day(as_of, "--as-of")),
            day(until, "--until"),
        )
        with working("Learning which deals are won", quiet=output is not Format.TABLE):
            scores = services.deals.scored(question)
        typer.echo(deals_text(scores, output))
