"""``python -m app attribute``."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from app.attribution_question import ALL_MODELS, SUGGESTED, Whose, named_models
from app.commands.arguments import WhereOption, day, opened_part, read, require_blank, text_of
from app.output import Format, credits_text
from app.path_output import path_credits_text, path_file_doubts
from app.progress import working
from app.services import Services
from core.attribution.incremental.lift import read_lift_tests
from core.attribution.path_attribution import attribute_paths, path_model_names
from core.attribution.path_files import read_path_file
from core.attribution.results import (
    Anchor,
    JourneySettings,
    Level,
    MilestoneWeights,
    Question,
    RuleSettings,
)
from core.engine import DEFAULT_URL
from core.errors import InvalidParameterError
from core.scope import Scope


def attribute(
    workspace: Annotated[Path | None, typer.Option(help="The workspace file.")] = None,
    paths: Annotated[Path | None, typer.Option(help="A path file instead of a workspace.")] = None,
    model: Annotated[str, typer.Option(help="A model's name, all, or markov.")] = "all",
    order: Annotated[int | None, typer.Option(help="Order of markov, 1 to 4.")] = None,
    by: Annotated[Level, typer.Option(help="What credit is summed by.")] = Level.CHANNEL,
    lookback_days: Annotated[
        int, typer.Option(help="Days before the anchor.")
    ] = JourneySettings.lookback_days,
    anchor: Annotated[Anchor, typer.Option(help="What journeys lead up to.")] = Anchor.WON,
    journeys: Annotated[
        Whose, typer.Option(help="Touches of the whole company, or of the deal's people.")
    ] = Whose.ACCOUNT,
    after_creation: Annotated[
        bool, typer.Option("--after-creation", help="Only touches after the deal's creation.")
    ] = False,
    exclude_channel: Annotated[
        list[str] | None, typer.Option(help="A channel that never counts; may be repeated.")
    ] = None,
    exclude_kind: Annotated[
        list[str] | None, typer.Option(help="A kind of touch that never counts.")
    ] = None,
    half_life_days: Annotated[
        float, typer.Option(help="Half-life of time_decay.")
    ] = RuleSettings.half_life_days,
    kept_a_step: Annotated[
        float, typer.Option(help="Part of the weight step_decay keeps a step back.")
    ] = RuleSettings.kept_a_step,
    ends: Annotated[
        str, typer.Option(help="position_based: shares of the first and last touch, 0.4,0.4.")
    ] = "",
    weights: Annotated[
        str, typer.Option(help="custom: first=3,lead=2,deal=2,close=1,others=2.")
    ] = "",
    lift_tests: Annotated[
        Path | None, typer.Option(help="incremental: results of experiments, channel,lift,lo,hi.")
    ] = None,
    currency: Annotated[str, typer.Option(help="Reporting currency; default: the data's.")] = "",
    starts_on: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    ends_on: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = "",
    where: WhereOption = None,
    engine: Annotated[str, typer.Option(help="Where the reduction runs.")] = DEFAULT_URL,
    output: Annotated[Format, typer.Option("--format", help="Output.")] = Format.TABLE,
) -> None:
    """Credit closed revenue to channels or campaigns, under one model or all of them."""
    if (workspace is None) == (paths is None):
        raise InvalidParameterError(
            "Attribution needs data.", "Give either --workspace or --paths, one of them."
        )
    rules = _rules(half_life_days, kept_a_step, ends, weights)
    if paths is not None:
        require_blank(
            "A path file",
            {
                "--currency": currency, "--from": starts_on, "--to": ends_on, "--where": where,
                "--lift-tests": lift_tests,
            },
        )  # fmt: skip
        typer.echo(_attributed_paths(paths, model, order, rules, output))
        return
    settings = JourneySettings(
        lookback_days,
        anchor,
        journeys is Whose.ACCOUNT,
        tuple(sorted(exclude_channel or ())),
        tuple(sorted(exclude_kind or ())),
        after_creation,
    )
    with opened_part(workspace or Path(), where, engine) as services:
        scope = Scope(
            services.coverage().currency_known(currency),
            day(starts_on, "--from"),
            day(ends_on, "--to"),
        )
        tests = read_lift_tests(text_of(lift_tests)) if lift_tests else ()
        asked = Question(scope, (), settings, by, rules, tests)
        with working("Asking the models", quiet=output is not Format.TABLE):
            text = _attributed(services, asked, model, order, custom=bool(weights), output=output)
        typer.echo(text)


def _attributed(
    services: Services,
    asked: Question,
    model: str,
    order: int | None,
    *,
    custom: bool,
    output: Format,
) -> str:
    """Return the credit of a workspace as text, for people with the doubts there are.

    A machine format has no place for doubts: what was asked in vain goes to standard error.
    """
    services.require_names(asked.journeys, asked.lift_tests)
    suggested = services.suggested_order(asked) if _needs_order(model, order, output) else None
    best = order if order is not None else (suggested.order if suggested else 1)
    models = named_models(services, model, lambda: best, with_custom=custom)
    question = replace(asked, models=models)
    text = credits_text(services.attribution(question), output)
    if output is not Format.TABLE:
        for doubt in question.doubts:
            typer.echo(f"note: {doubt}", err=True)
        return text
    notes = list(services.gaps(question).in_words(asked.scope.currency))
    if suggested:
        notes.append(suggested.in_words)
    return "\n".join([text, *(f"note: {note}" for note in notes)])


def _needs_order(model: str, order: int | None, output: Format) -> bool:
    """Tell whether the order has to be judged: to answer, or to be told to a person."""
    if model == SUGGESTED:
        return order is None
    return model == ALL_MODELS and output is Format.TABLE


def _attributed_paths(
    path: Path, model: str, order: int | None, rules: RuleSettings, output: Format
) -> str:
    """Return the credit of a path file as text; what was left out of it goes to standard error."""
    file = read_path_file(read(path), path.name)
    for doubt in path_file_doubts(file):
        typer.echo(doubt, err=True)
    names = path_model_names([model], order, file.counts)
    return path_credits_text(attribute_paths(file.counts, names, rules), output)


def _rules(half_life_days: float, kept_a_step: float, ends: str, weights: str) -> RuleSettings:
    first, last = _ends(ends) if ends else (RuleSettings.first_share, RuleSettings.last_share)
    return RuleSettings(
        half_life_days=half_life_days,
        kept_a_step=kept_a_step,
        first_share=first,
        last_share=last,
        custom=_weights(weights) if weights else RuleSettings.custom,
    )


def _ends(text: str) -> tuple[float, float]:
    try:
        first, last = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InvalidParameterError(
            f"--ends {text} are not two shares.", "Write the first and the last, such as 0.4,0.4."
        ) from error
    return first, last


_MILESTONES: Final = ("first", "lead", "deal", "close", "others")


def _weights(text: str) -> MilestoneWeights:
    """Return the weights of ``first=3,lead=2,…``; what is not named weighs nothing."""
    given = dict.fromkeys(_MILESTONES, 0.0)
    for part in text.split(","):
        name, _, number = part.partition("=")
        try:
            given[name.strip()] = float(number)
        except ValueError as error:
            raise InvalidParameterError(
                f"--weights {part.strip()} is not a weight.",
                "Write them as first=3,lead=2,deal=2,close=1,others=2.",
            ) from error
    unknown = [name for name in given if name not in _MILESTONES]
    if unknown:
        raise InvalidParameterError(
            f"--weights names {', '.join(unknown)}, which is no milestone.",
            f"There are {', '.join(_MILESTONES)}.",
        )
    return MilestoneWeights(**given)
