"""How the command line writes the outlook of a workspace: by period, or split by owner or team."""

from app.output import Format, aligned, rows_text
from core import formats
from core.forecasting.outlook_deals import roll_up_outlook
from core.forecasting.outlook_results import BLIND, FILE_COLUMNS, Outlook, OutlookStanding
from core.money import exponent, to_major

_SPLIT = ("forecast", "booked", "pipeline", "new_business")
_FIRST_AMOUNT = 1


def outlook_text(outlook: Outlook, output: Format) -> str:
    """Write an outlook by period."""
    rows = [
        {
            "period": row["period"],
            **{name: _amount(row, name, outlook.currency) for name in FILE_COLUMNS[_FIRST_AMOUNT:]},
        }
        for row in outlook.frame.iter_rows(named=True)
    ]
    return _table(outlook) if output is Format.TABLE else rows_text(rows, output)


def roll_up_text(outlook: Outlook, by: str, output: Format) -> str:
    """Write every period of an outlook split by a dimension; the rows of a period add up to it."""
    rows: list[dict[str, object]] = [
        {
            "period": period.label,
            by: row[by],
            **{name: _amount(row, name, outlook.currency) for name in _SPLIT},
        }
        for number, period in enumerate(outlook.periods)
        for row in roll_up_outlook(outlook, by, number).iter_rows(named=True)
    ]
    if output is not Format.TABLE:
        return rows_text(rows, output)
    return aligned([list(rows[0]), *([str(value) for value in row.values()] for row in rows)])


def _amount(row: dict[str, int], name: str, currency: str) -> str:
    minor = row[f"{name}_minor"] if f"{name}_minor" in row else row[name]
    return f"{to_major(minor, currency):.{exponent(currency)}f}"


def _table(outlook: Outlook) -> str:
    currency = outlook.currency
    head = ["period", "forecast", "80 % interval", "booked", "open deals", "new business"]
    body = [
        [
            row["period"],
            formats.money(row["forecast_minor"], currency),
            f"{formats.money(row['lo80'], currency)} to {formats.money(row['hi80'], currency)}",
            formats.money(row["booked_minor"], currency),
            formats.money(row["pipeline_minor"], currency),
            formats.money(row["new_business_minor"], currency),
        ]
        for row in outlook.frame.iter_rows(named=True)
    ]
    replayed = [f"replayed {_standing(line)}" for line in outlook.standings]
    doubts = [*([outlook.drift] if outlook.drift else []), *outlook.warnings]
    return "\n".join(
        [
            f"As of {outlook.as_of}, in {currency}",
            *([f"No forecast: {BLIND}"] if outlook.is_blind else []),
            aligned([head, *body]),
            *replayed,
            *(f"note: {doubt}" for doubt in doubts),
        ]
    )


def _standing(line: OutlookStanding) -> str:
    if line.wape is None:
        return f"{line.title}: no past forecast is over yet"
    held = "".join(
        f"; {each.level} % interval held {each.hits} of {each.n}" for each in line.coverage
    )
    skill = line.skill.verdict
    return (
        f"{line.title}: off by {formats.percent(line.wape)} over {line.n} forecasts from "
        f"{line.origins} dates{held}; {skill}"
    )
