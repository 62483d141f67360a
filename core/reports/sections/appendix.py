"""The appendix: what each figure means, what was asked, its files, and how to repeat it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from shlex import quote

import polars as pl

from core import formats
from core.attribution.results import MilestoneWeights, Question, RuleSettings
from core.metrics import Metric, metric
from core.reports.content import Block, Column, Line, Section, Table, Tone, Value, rows_of
from core.reports.context import Context
from core.reports.options import Part

_DEFINITIONS = (
    Column("title", "Figure", width=1.2),
    Column("formula", "Formula", width=2.6, letters=500),
    Column("meaning", "Meaning", width=2.6, letters=500),
)
_FILES = (
    Column("file_name", "File", width=2.0),
    Column("table_name", "Table"),
    Column("rows_in", "Rows", width=0.7),
    Column("loaded", "Loaded", width=0.7),
    Column("rejected", "Rejected", width=0.7),
    Column("file_hash", "SHA-256", width=2.6),
)
_SETTINGS = (
    Column("setting", "Setting", width=1.4),
    Column("value", "Value", width=3, letters=500),
)


def appendix(
    metrics: Sequence[str],
    question: Question,
    imports: pl.DataFrame,
    context: Context,
    command: str = "",
    where: Sequence[str] = (),
) -> Section:
    """List definitions, settings, files with their hashes and the commands that repeat the report.

    Parameters
    ----------
    metrics
        Names of the figures the report shows.
    question
        What the models were asked.
    imports
        The imports so far: ``file_name, table_name, rows_in, loaded, rejected, file_hash``.
    context
        What the report is about.
    command
        What makes this report again on the command line; blank where only the page can.
    where
        What the deals were chosen by, as the command line says it.
    """
    defined = [metric(name) for name in metrics]
    definitions: tuple[tuple[Value, ...], ...] = tuple(
        (_title(each, defined), each.formula, each.meaning) for each in defined
    )
    files = imports.with_columns(pl.col("rows_in", "loaded", "rejected").cast(pl.String))
    credit = _credit_command(question, where)
    blocks: list[Block] = [
        Table("settings", "What was asked", _SETTINGS, tuple(_settings(question, context))),
        *_repeated(command, credit if _is_told(question, context, where) else ""),
        Table("files", "Files the figures rest on", _FILES, rows_of(files.to_dicts(), _FILES)),
        Table("definitions", "Definitions", _DEFINITIONS, definitions),
    ]
    heading = (
        f"Every figure rests on {formats.counted(context.coverage.deals, 'deal')} and "
        f"{formats.counted(context.coverage.touches, 'touch', 'touches')}, and can be repeated"
    )
    return Section(Part.APPENDIX, Part.APPENDIX.label, heading, tuple(blocks))


def _settings(question: Question, context: Context) -> list[tuple[Value, ...]]:
    journeys, scope = question.journeys, context.scope
    left_out = [*journeys.excluded_channels, *journeys.excluded_kinds]
    return [
        ("Data as of", formats.day(context.coverage.as_of)),
        ("State of the data", context.coverage.fingerprint),
        ("Period", _days(context)),
        ("Currency", scope.currency),
        ("Deals", context.coverage.selection or "all"),
        ("Owners", formats.counted(len(scope.owner_ids), "owner") if scope.owner_ids else "all"),
        ("Models compared", formats.listed(list(context.titles.values()))),
        ("Lookback", formats.days(journeys.lookback_days)),
        ("Touches count up to", "the closing" if journeys.anchor == "won" else "the creation"),
        ("Touches of the whole company", "counted" if journeys.account_touches else "left out"),
        ("Left out", formats.listed(left_out) if left_out else "nothing"),
        *_rules(question.rules),
        *(
            (
                f"Lift test of {test.channel}",
                f"{formats.percent(test.lift)}, {formats.percent(test.low)} to "
                f"{formats.percent(test.high)}",
            )
            for test in question.lift_tests
        ),
    ]


def _rules(rules: RuleSettings) -> Iterator[tuple[Value, ...]]:
    yield "Half-life of time decay", formats.days(rules.half_life_days)
    yield "Kept a step by step decay", formats.percent(rules.kept_a_step)
    first, last = formats.percent(rules.first_share), formats.percent(rules.last_share)
    yield "Ends of position based", f"{first} first, {last} last"
    if rules.custom != RuleSettings.custom:
        yield "Custom weights", _weights(rules.custom)


def _title(defined: Metric, among: Sequence[Metric]) -> str:
    """Return the title of a figure; where two share it, by its full name."""
    shared = sum(each.title == defined.title for each in among) > 1
    return defined.name.replace("_", " ").capitalize() if shared else defined.title


def _repeated(command: str, credit_command: str) -> Iterator[Line]:
    if command:
        yield Line("The same report from the same data, to the byte:")
        yield Line(command, Tone.CODE)
    else:
        yield Line("The same report: the Report page, with the settings above.")
    if credit_command:
        yield Line("The credit of every model:")
        yield Line(credit_command, Tone.CODE)


def _days(context: Context) -> str:
    scope = context.scope
    if scope.starts_on is None and scope.ends_on is None:
        return "all time"
    first = formats.day(scope.starts_on) if scope.starts_on else "the first deal"
    last = formats.day(scope.ends_on) if scope.ends_on else "the last"
    return f"{first} to {last}"


def _is_told(question: Question, context: Context, where: Sequence[str]) -> bool:
    """Tell whether the command line can choose the same deals."""
    if question.scope.owner_ids or question.lift_tests:
        return False
    return bool(where or not context.coverage.selection)


def _credit_command(question: Question, where: Sequence[str]) -> str:
    scope, journeys = question.scope, question.journeys
    words = ["python -m app attribute --workspace WORKSPACE --model all"]
    words += [f"--from {scope.starts_on}"] if scope.starts_on else []
    words += [f"--to {scope.ends_on}"] if scope.ends_on else []
    words += [f"--currency {scope.currency}", f"--lookback-days {journeys.lookback_days}"]
    words += [f"--anchor {journeys.anchor}"]
    words += [] if journeys.account_touches else ["--journeys contacts"]
    words += ["--after-creation"] if journeys.since_creation else []
    words += [f"--exclude-channel {quote(name)}" for name in journeys.excluded_channels]
    words += [f"--exclude-kind {quote(name)}" for name in journeys.excluded_kinds]
    words += _rule_options(question.rules)
    return " ".join([*words, *(f"--where {quote(condition)}" for condition in where)])


def _rule_options(rules: RuleSettings) -> Iterator[str]:
    usual = RuleSettings()
    if rules.half_life_days != usual.half_life_days:
        yield f"--half-life-days {rules.half_life_days:g}"
    if rules.kept_a_step != usual.kept_a_step:
        yield f"--kept-a-step {rules.kept_a_step:g}"
    if (rules.first_share, rules.last_share) != (usual.first_share, usual.last_share):
        yield f"--ends {rules.first_share:g},{rules.last_share:g}"
    if rules.custom != usual.custom:
        yield f"--weights {_weights(rules.custom)}"


def _weights(custom: MilestoneWeights) -> str:
    return ",".join(f"{name}={weight:g}" for name, weight in asdict(custom).items())
