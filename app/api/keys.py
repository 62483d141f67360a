"""Keys of the HTTP API: made on the command line, kept as hashes beside the workspace."""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from core.errors import KeysDamagedError, UnknownNameError

SECRET_BYTES: Final = 32
"""Bytes of chance in a secret: nobody guesses one, so a plain hash of it is safe to keep."""

_ID_BYTES: Final = 4
_PREFIX: Final = "plumbline_"


class KeyScope(StrEnum):
    """What the holder of a key may do."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True)
class ApiKey:
    """One key as it is kept.

    Parameters
    ----------
    key_id
        Names it in lists and for revoking; no secret.
    name
        What it is for, in the words of who made it.
    secret_hash
        SHA-256 of the secret, which nobody can read back.
    created_at, revoked_at
        Moments, UTC, in ISO format; `revoked_at` is empty while the key works.
    scope
        What its holder may do; a key made before there were scopes may read.
    """

    key_id: str
    name: str
    secret_hash: str
    created_at: str
    revoked_at: str = ""
    scope: KeyScope = KeyScope.READ

    def __post_init__(self) -> None:
        # From the file it comes as text; one that is no scope makes the file a damaged one.
        object.__setattr__(self, "scope", KeyScope(self.scope))

    @property
    def is_valid(self) -> bool:
        """Whether the key still works."""
        return not self.revoked_at

    @property
    def may_write(self) -> bool:
        """Whether its holder may change the data."""
        return self.scope is KeyScope.WRITE


Keys = Callable[[], Sequence[ApiKey]]
"""Asked at every request, so that a revoked key stops working at once."""


def holder(keys: Sequence[ApiKey], secret: str) -> ApiKey | None:
    """Return the valid key a secret belongs to; how long it takes tells nothing about a secret."""
    received = _hash(secret)
    found = [key for key in keys if hmac.compare_digest(key.secret_hash, received)]
    return next((key for key in found if key.is_valid), None)


@dataclass(frozen=True)
class KeyFile:
    """The keys of one workspace, in a file that only its owner can read."""

    path: Path

    @classmethod
    def beside(cls, workspace: Path) -> "KeyFile":
        """Return the file of keys that belongs to a workspace file."""
        return cls(workspace.with_name(f"{workspace.name}.keys.json"))

    def keys(self) -> tuple[ApiKey, ...]:
        """Return every key, revoked ones too, the oldest first; none where there is no file.

        Raises
        ------
        KeysDamagedError
            If the file cannot be read.
        """
        try:
            listed = json.loads(self.path.read_text(encoding="utf-8"))
            return tuple(ApiKey(**fields) for fields in listed)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError) as error:
            raise KeysDamagedError(
                f"The keys in {self.path.name} cannot be read, so none of them works.",
                "Restore the file, or delete it and make new keys.",
            ) from error

    def add(self, name: str, now: datetime, scope: KeyScope = KeyScope.READ) -> tuple[ApiKey, str]:
        """Make a key and return it with its secret, which is kept nowhere."""
        secret = _PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        key_id = secrets.token_hex(_ID_BYTES)
        made = ApiKey(key_id, name, _hash(secret), now.isoformat(), scope=scope)
        self._write((*self.keys(), made))
        return made, secret

    def revoke(self, key_id: str, now: datetime) -> ApiKey:
        """Let a key work no more; one that is revoked already stays as it is.

        Raises
        ------
        UnknownNameError
            If there is no such key.
        """
        known = {key.key_id: key for key in self.keys()}
        if key_id not in known:
            raise UnknownNameError.among("key", key_id, known)
        if known[key_id].is_valid:
            known[key_id] = replace(known[key_id], revoked_at=now.isoformat())
            self._write(tuple(known.values()))
        return known[key_id]

    def _write(self, keys: tuple[ApiKey, ...]) -> None:
        # Written beside it and put in its place, so that no reader ever sees half a file.
        beside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(_ID_BYTES)}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([asdict(key) for key in keys], file, indent=2)
        beside.replace(self.path)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
