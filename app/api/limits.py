"""How much one key may ask: a bucket of requests that refills with time."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass(frozen=True)
class Limits:
    """What the API allows.

    Parameters
    ----------
    burst
        Requests one key may make at once.
    requests_per_second
        How fast its bucket refills.
    clock
        Seconds that only go forward.
    """

    burst: int = 60
    requests_per_second: float = 5.0
    clock: Callable[[], float] = time.monotonic


@dataclass
class Buckets:
    """One bucket a key; there are as many as there are keys, so nothing has to be forgotten."""

    limits: Limits
    _levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait_seconds(self, key_id: str) -> int:
        """Take one request out of a key's bucket; return 0, or how long to wait for the next."""
        with self._lock:
            now = self.limits.clock()
            level, since = self._levels.get(key_id, (float(self.limits.burst), now))
            refilled = level + (now - since) * self.limits.requests_per_second
            level = min(float(self.limits.burst), refilled)
            is_allowed = level >= 1
            self._levels[key_id] = (level - is_allowed, now)
        return 0 if is_allowed else math.ceil((1 - level) / self.limits.requests_per_second)
