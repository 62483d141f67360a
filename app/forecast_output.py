"""How the command line writes forecasts of series: with the record each method comes with."""

import json

from app.output import Format
from core import formats
from core.forecasting.series_results import FileForecast, SeriesForecast, Standing


def forecasts_text(answer: FileForecast, output: Format) -> str:
    """Write the forecasts of a file of series."""
    if output is Format.CSV:
        return answer.frame.write_csv().rstrip("\n")
    if output is Format.JSON:
        rows = [{**row, "ds": row["ds"].isoformat()} for row in answer.frame.iter_rows(named=True)]
        return json.dumps(rows, ensure_ascii=False, indent=2)
    notes = [f"note: {note}" for note in answer.notes]
    return "\n".join([*(_for_people(forecast) for forecast in answer.forecasts), *notes])


def _for_people(forecast: SeriesForecast) -> str:
    lines = [
        f"{forecast.series.name or 'series'}: {forecast.choice.title}. {forecast.choice.reason}"
    ]
    lines += [
        f"  {row['ds']}  {row['forecast']:>16,.2f}   80 %: {row['lo80']:,.2f} to {row['hi80']:,.2f}"
        for row in forecast.frame.iter_rows(named=True)
    ]
    lines += [f"  replayed {_standing(line)}" for line in forecast.leaderboard]
    lines += [f"  note: {warning}" for warning in forecast.warnings]
    return "\n".join(lines)


def _standing(line: Standing) -> str:
    if line.mae is None:
        return f"{line.title}: not measured. {line.problem}".rstrip()
    scaled = "" if line.mase is None else f" ({line.mase:.2f}x repeating last season)"
    held = ", ".join(
        f"{coverage.level} % band held {formats.percent(coverage.share)}"
        for coverage in line.coverage
    )
    return (
        f"{line.title}: mean error {line.mae:,.2f}{scaled} over {line.n} values from "
        f"{line.origins} origins; {held}; {line.skill.verdict}"
    )
