"""The names touches of deals have: what settings can leave out."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.engine import Engine, collect
from core.errors import UnknownNameError


@dataclass(frozen=True)
class TouchNames:
    """What touches can be told apart by.

    Parameters
    ----------
    channels
        Channels with a touch of a deal, sorted.
    kinds
        Kinds of such touches, sorted; those without a kind cannot be named.
    """

    channels: tuple[str, ...]
    kinds: tuple[str, ...]

    def require(self, channels: Iterable[str], kinds: Iterable[str]) -> None:
        """Refuse names that no touch of a deal has.

        Raises
        ------
        UnknownNameError
            If there is no such channel or kind; the hint lists those there are.
        """
        for what, asked, there in (
            ("channel", channels, self.channels),
            ("kind of touch", kinds, self.kinds),
        ):
            for name in asked:
                if name not in there:
                    raise UnknownNameError.among(what, name, there)


def touch_names(engine: Engine) -> TouchNames:
    """Return the channels and kinds that touches of deals have."""
    pairs = collect(engine.table("deal_touches").select("channel", "kind").unique())
    return TouchNames(
        channels=tuple(pairs["channel"].unique().sort()),
        kinds=tuple(kind for kind in pairs["kind"].unique().sort() if kind),
    )
