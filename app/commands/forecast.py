"""``python -m app forecast``."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments import read
from app.output import Format


def forecast(
    series: Annotated[Path, typer.Option("--series", help="A CSV of series: [id,]ds,y.")],
    horizon: Annotated[int, typer.Option(help="Periods to forecast.")] = 6,
    output: Annotated[Format, typer.Option("--format", help="Output.")] = Format.TABLE,
) -> None:
    """Forecast any series, with intervals and the record of each method on its history."""
    from app.forecast_output import forecasts_text
    from core.forecasting.series_forecast import forecast_file

    typer.echo(forecasts_text(forecast_file(series.name, read(series), horizon), output))
