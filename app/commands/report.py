"""``python -m app report``: the report as a document, a workbook or its parts."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments import (
    WhereOption,
    WorkspaceOption,
    day,
    days_between,
    opened_part,
    write,
)
from app.defaults import DEFAULT_MODEL
from app.progress import working
from app.report_question import ReportQuestion, models_compared
from core.errors import InvalidParameterError, UnknownNameError
from core.periods import Preset
from core.reports.options import Audience, Part, ReportOptions
from core.reports.paper import Paper

_FORMATS = (".pdf", ".xlsx", ".zip")


def report(
    workspace: WorkspaceOption,
    out: Annotated[
        Path,
        typer.Option("--out", help="report.pdf; .xlsx: its tables; .zip: tables and charts."),
    ],
    as_of: Annotated[str, typer.Option("--as-of", help="A past day, YYYY-MM-DD.")] = "",
    audience: Annotated[Audience, typer.Option(help="Who reads it.")] = Audience.BOARD,
    parts: Annotated[
        str, typer.Option(help="Its parts, with commas; default: those of the audience.")
    ] = "",
    period: Annotated[Preset, typer.Option(help="The period.")] = Preset.LAST_12_MONTHS,
    starts_on: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    ends_on: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = "",
    currency: Annotated[str, typer.Option(help="Reporting currency; default: the data's.")] = "",
    models: Annotated[
        str, typer.Option(help="Models to compare, with commas; default: the classic six.")
    ] = "",
    model: Annotated[str, typer.Option(help="The model shown first.")] = DEFAULT_MODEL,
    owner: Annotated[
        list[str] | None, typer.Option(help="Id of an owner whose deals count; may be repeated.")
    ] = None,
    where: WhereOption = None,
    paper: Annotated[Paper, typer.Option(help="Format of the pages.")] = Paper.A4,
) -> None:
    """Write the report that can be forwarded unedited; equal data make equal bytes."""
    if out.suffix.lower() not in _FORMATS:
        raise InvalidParameterError(
            f"{out} is no report.", f"End its name in {', '.join(_FORMATS)}."
        )
    custom = days_between(starts_on, ends_on, period)
    question = ReportQuestion(
        options=ReportOptions(audience, _parts(parts), paper),
        preset=Preset.CUSTOM if custom else period,
        custom=custom,
        currency=currency,
        owner_ids=tuple(sorted(set(owner or ()))),
        models=models_compared(_listed(models), model),
        model=model,
        as_of=day(as_of, "--as-of"),
        where=tuple(where or ()),
    )
    with opened_part(workspace, where) as services:
        services.coverage().require_owners(question.owner_ids)
        make = {
            ".pdf": services.reports.pdf,
            ".xlsx": services.reports.workbook,
            ".zip": services.reports.bundle,
        }[out.suffix.lower()]
        with working("Asking for the figures") as tell:
            content = make(question, tell)
    write(out, content)
    typer.echo(f"{out}: {len(content):,} bytes")


def _parts(text: str) -> tuple[Part, ...]:
    names = _listed(text)
    for name in names:
        if name not in set(Part):
            raise UnknownNameError.among("part", name, list(Part))
    return tuple(Part(name) for name in names)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
