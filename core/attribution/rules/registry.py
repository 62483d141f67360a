"""The one list of rule models, and how a name becomes a model."""

from collections.abc import Callable
from typing import Final

from core.attribution.results import RuleSettings
from core.attribution.rules.base import Rule
from core.attribution.rules.decay import StepDecay, TimeDecay
from core.attribution.rules.even import Linear, LinearDistinct
from core.attribution.rules.milestones import Custom, FullPath, UShaped, WShaped
from core.attribution.rules.position import InverseJ, JShaped, PositionBased
from core.attribution.rules.single import FirstTouch, LastNonDirect, LastTouch
from core.errors import UnknownNameError

RULES: Final[dict[str, Callable[[RuleSettings], Rule]]] = {
    FirstTouch.name: lambda _: FirstTouch(),
    LastTouch.name: lambda _: LastTouch(),
    LastNonDirect.name: lambda settings: LastNonDirect(settings.direct_channels),
    Linear.name: lambda _: Linear(),
    LinearDistinct.name: lambda _: LinearDistinct(),
    TimeDecay.name: lambda settings: TimeDecay(settings.half_life_days),
    StepDecay.name: lambda settings: StepDecay(settings.kept_a_step),
    PositionBased.name: lambda settings: PositionBased(settings.first_share, settings.last_share),
    UShaped.name: lambda _: UShaped(),
    WShaped.name: lambda _: WShaped(),
    FullPath.name: lambda _: FullPath(),
    JShaped.name: lambda _: JShaped(),
    InverseJ.name: lambda _: InverseJ(),
    Custom.name: lambda settings: Custom(settings.custom),
}


def rule(name: str, settings: RuleSettings | None = None) -> Rule:
    """Return the rule model of that name.

    Raises
    ------
    UnknownNameError
        If there is no such model; the hint lists the names.
    """
    if name not in RULES:
        raise UnknownNameError.among("attribution model", name, RULES)
    return RULES[name](settings or RuleSettings())
