"""``python -m app forecast``: of a workspace, or of any series."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments import WhereOption, day, opened_part, read, require_blank
from app.output import Format
from app.progress import working
from core.errors import InvalidParameterError, UnknownNameError
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind


def forecast(
    workspace: Annotated[Path | None, typer.Option(help="The workspace file.")] = None,
    series: Annotated[Path | None, typer.Option(help="A CSV of series: [id,]ds,y.")] = None,
    as_of: Annotated[str, typer.Option(help="Last day known; default: the data's.")] = "",
    horizon: Annotated[int, typer.Option(help="Periods to forecast.")] = 6,
    period: Annotated[PeriodKind, typer.Option(help="Months or quarters.")] = PeriodKind.MONTH,
    year_starts_in: Annotated[int, typer.Option(help="First month of the fiscal year.")] = 1,
    by: Annotated[str, typer.Option(help="Split by owner, team, region, industry, kind.")] = "",
    currency: Annotated[str, typer.Option(help="Reporting currency; default: the data's.")] = "",
    where: WhereOption = None,
    output: Annotated[Format, typer.Option("--format", help="Output.")] = Format.TABLE,
) -> None:
    """Forecast revenue from open deals and history, or any series, with the record of it."""
    if (workspace is None) == (series is None):
        raise InvalidParameterError(
            "A forecast needs data.", "Give either --workspace or --series, one of them."
        )
    if series is not None:
        require_blank(
            "A file of series",
            {"--as-of": as_of, "--by": by, "--currency": currency, "--where": where},
        )
        typer.echo(_of_series(series, horizon, output))
        return
    from app.outlook_output import outlook_text, roll_up_text
    from core.forecasting.outlook_deals import ROLL_UPS

    if by and by not in ROLL_UPS:
        raise UnknownNameError.among("dimension", by, ROLL_UPS)
    with opened_part(workspace or Path(), where) as services:
        covered = services.coverage()
        question = ForecastQuestion(
            currency=covered.currency_known(currency),
            as_of=covered.day_known(day(as_of, "--as-of")) or covered.as_of,
            kind=period,
            horizon=horizon,
            year_starts_in=year_starts_in,
        )
        with working("Replaying past forecasts", quiet=output is not Format.TABLE):
            answer = services.forecasting.outlook(question)
    typer.echo(roll_up_text(answer, by, output) if by else outlook_text(answer, output))


def _of_series(series: Path, horizon: int, output: Format) -> str:
    from app.forecast_output import forecasts_text
    from core.forecasting.series_forecast import forecast_file

    with working("Replaying past forecasts", quiet=output is not Format.TABLE):
        answer = forecast_file(series.name, read(series), horizon)
    return forecasts_text(answer, output)
