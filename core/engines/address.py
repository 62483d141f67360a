"""The URL of an engine, taken apart; what is secret in it is never shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from core.errors import EngineUnavailableError


@dataclass(frozen=True)
class Address:
    """Where an engine is.

    Parameters
    ----------
    scheme
        The engine's name, before the colon.
    place
        What stands between the name and the question mark, with a password if there is one.
    options
        What stands after the question mark, by name.
    """

    scheme: str
    place: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """Take a URL apart.

        >>> Address.of("spark://host:7077?tables=s3a://bucket/acme").options
        {'tables': 's3a://bucket/acme'}
        """
        scheme, _, rest = url.partition(":")
        place, _, options = rest.partition("?")
        return cls(scheme, place, dict(parse_qsl(options, keep_blank_values=True)))

    def __str__(self) -> str:
        """Return the URL as it may be shown: without a password, a user or options.

        >>> str(Address.of("postgres://ann:s3cret@warehouse:5432/acme?schema=crm"))
        'postgres://warehouse:5432/acme'
        """
        shown = self.place.rpartition("@")[2].partition(";")[0]  # sc: has a token after it
        return f"{self.scheme}:{'//' if '@' in self.place else ''}{shown}"

    @property
    def host(self) -> str:
        """Return the host and its port, or nothing where it is this machine."""
        return urlsplit(f"//{self.place.removeprefix('//')}").netloc.rpartition("@")[2]

    def require(self, known: Iterable[str]) -> None:
        """Refuse options that would seem to hold.

        Raises
        ------
        EngineUnavailableError
            If an option means nothing to the engine.
        """
        names = list(known)
        unknown = [name for name in self.options if name not in names]
        if unknown:
            raise EngineUnavailableError(
                f"{self.scheme}: has no option called '{unknown[0]}'.",
                f"Known: {', '.join(names) or 'none'}.",
            )

    def require_nothing(self) -> None:
        """Refuse a place or options, where an engine is always in the same place.

        Raises
        ------
        EngineUnavailableError
            If there is anything after the name.
        """
        self.require(())
        if self.place:
            raise EngineUnavailableError(
                f"{self.scheme}: takes no place.", f"Write it as '{self.scheme}:'."
            )
