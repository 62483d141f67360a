"""The command line: ``python -m app …``; the same services as the pages, so the same answers."""

import errno
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.commands.arguments import (
    WorkspaceOption,
    day,
    make_folder,
    opened,
    source,
    text_of,
    workspace_file,
    write,
)
from app.commands.attribution import attribute
from app.commands.deals import deals as deals_command
from app.commands.explain import explain
from app.commands.export import export
from app.commands.figures import figures
from app.commands.forecast import forecast
from app.commands.history import as_of, history, redo, undo
from app.commands.key import keys
from app.commands.mcp import mcp
from app.commands.report import report
from app.commands.serve import serve
from app.output import exit_code, receipt_json, receipt_text
from app.progress import of_import, working
from core.crm.demo import DemoOptions, load, simulate
from core.crm.demo.exports import dirt_from
from core.crm.demo.exports import export as export_files
from core.crm.importing import ImportOptions
from core.crm.mapping import parse_mapping
from core.errors import InvalidParameterError, PlumblineError
from core.formats import counted
from core.settings import Settings
from core.workspace import Workspace
from core.workspace_file import is_interrupted

COMMAND = "plumbline"
"""The command line as one word, bin/plumbline."""

FAILED = 2
"""Exit status when nothing was done; the reason is on standard error."""

OUR_MISTAKE = 3
"""Exit status when the product broke: Python's own, 1, would say that rows were rejected."""

INTERRUPTED = 130
"""Exit status when the keyboard stopped it, as shells have it."""

cli = typer.Typer(
    name="plumbline",
    help="Attribution of closed revenue to channels, from CRM exports, provable to the cent.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

TRUTH_IN_FOLDER = "truth.json"
"""Name of the file beside it that says what each channel really did."""


def main() -> NoReturn:
    """Run the command line; errors of the product are one line on standard error."""
    try:
        cli(prog_name=_program())
        sys.stdout.flush()  # what cannot be written is told here and not by the interpreter
    except PlumblineError as error:
        _end(FAILED, f"error: {error}")
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EIO}:
            _break(error)
        _end(FAILED, f"error: The output cannot be written: {error.strerror}. Make room for it.")
    except Exception as error:  # noqa: BLE001 - Python would end with 1, which has a meaning here
        if is_interrupted(error):
            sys.exit(INTERRUPTED)
        _break(error)
    sys.exit(0)


def _end(status: int, words: str) -> NoReturn:
    typer.echo(words, err=True)
    sys.exit(status)


def _break(error: Exception) -> NoReturn:
    """End where the product broke: the traceback is what somebody needs to repair it."""
    traceback.print_exception(error)
    _end(OUR_MISTAKE, "error: Something went wrong on our side; the lines above say what.")


def _program() -> str | None:
    """Return what a shell completes: a command of one word, which ``python -m app`` is not."""
    is_completion = {"--show-completion", "--install-completion"} & set(sys.argv)
    return COMMAND if is_completion or Path(sys.argv[0]).name == COMMAND else None


@cli.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="The workspace file, or a folder, to make.")],
    seed: Annotated[int, typer.Option(help="Another seed, another company.")] = 7,
    deals: Annotated[int, typer.Option(help="Number of deals.")] = 2_000,
    scenario: Annotated[str, typer.Option(help="Name of a simulated world.")] = "company",
    ends_on: Annotated[str, typer.Option(help="Last day; default: today.")] = "",
    export: Annotated[
        str, typer.Option(help="Also write export files: hubspot, salesforce or template.")
    ] = "",
    dirt: Annotated[bool, typer.Option("--dirt", help="With the faults exports have.")] = False,
    faults: Annotated[str, typer.Option(help="Which faults, by name, with commas.")] = "all",
) -> None:
    """Simulate a company with known channel effects, and its exports."""
    last_day = day(ends_on, "--ends-on") or datetime.now(UTC).date()
    if dirt and not export:
        raise InvalidParameterError("Only exports have faults.", "Give --export with --dirt.")
    options = DemoOptions(seed=seed, deals=deals, scenario=scenario, ends_on=last_day)
    with working("Simulating the company") as tell:
        company = simulate(options)
        tell(None, "Writing its exports")
        files = export_files(company, export, dirt_from(faults) if dirt else ()) if export else {}
        if export:
            make_folder(out)
        file = workspace_file(out)
        tell(None, "Storing it")
        with Workspace.create(file) as workspace:
            load(workspace, company)
    truth = file.with_name(TRUTH_IN_FOLDER) if export else file.with_suffix(".truth.json")
    write(truth, company.truth.to_json().encode())
    for name, content in files.items():
        write(out / name, content)
    typer.echo(f"{file}: {counted(deals, 'deal')}; true channel effects in {truth}")
    typer.echo("".join(f"{out / name}\n" for name in files), nl=False)


@cli.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(help="CSV, Excel or ZIP, in any order.")],
    workspace: WorkspaceOption,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="Describes files that no recipe knows.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,
) -> None:
    """Read CRM exports into a workspace: exit 0 all good, 1 some rows rejected, 2 refused."""
    sources = [source(path) for path in files]
    described = parse_mapping(text_of(mapping)) if mapping else None
    with (
        opened(workspace, create=True) as services,
        working("Reading the files", quiet=as_json) as tell,
    ):
        limit = Settings().max_upload_bytes
        options = ImportOptions(described, max_bytes=limit, on_progress=of_import(tell))
        receipts = services.import_files(sources, datetime.now(UTC), options)
    for receipt in receipts:
        if as_json:
            typer.echo(receipt_json(receipt))
        elif not receipt.error:
            typer.echo(receipt_text(receipt))
        if receipt.error:
            typer.echo(f"error: {receipt_text(receipt)}", err=True)
    raise typer.Exit(exit_code(receipts))


cli.command()(attribute)
cli.command()(forecast)
cli.command()(figures)
cli.command()(report)
cli.command()(history)
cli.command()(undo)
cli.command()(redo)
cli.command("as-of")(as_of)
cli.command()(explain)
cli.command()(export)
cli.command("deals")(deals_command)
cli.command()(mcp)
cli.command()(serve)
cli.add_typer(keys)
