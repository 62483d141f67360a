"""How much may be asked: a bucket of requests that refills with time."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import Final

MOST_BUCKETS: Final = 4_096
"""Buckets remembered; the one that was idle longest is forgotten first, and starts full again."""

_NETWORK_BITS: Final = 64
"""Bits of an IPv6 address that name a network; one machine has all addresses below them."""


@dataclass(frozen=True)
class Limits:
    """What the API allows.

    Parameters
    ----------
    burst
        Requests one key, or one address without a valid key, may make at once.
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
    """One bucket for each who asks; never more than there is room for."""

    limits: Limits
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait_seconds(self, who: str) -> int:
        """Take one request out of a bucket; return 0, or how long to wait for the next."""
        with self._lock:
            now = self.limits.clock()
            level, since = self._levels.pop(who, (float(self.limits.burst), now))
            refilled = level + (now - since) * self.limits.requests_per_second
            level = min(float(self.limits.burst), refilled)
            is_allowed = level >= 1
            self._levels[who] = (level - is_allowed, now)
            if len(self._levels) > MOST_BUCKETS:
                self._levels.popitem(last=False)
        return 0 if is_allowed else math.ceil((1 - level) / self.limits.requests_per_second)


def stranger(address: str) -> str:
    """Return who a request without a valid key counts as.

    >>> stranger("192.0.2.7"), stranger("2001:db8::7"), stranger("")
    ('192.0.2.7', '2001:db8::/64', 'unknown')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        kept = int(found) >> _NETWORK_BITS << _NETWORK_BITS
        return f"{IPv6Address(kept)}/{_NETWORK_BITS}"
    return str(getattr(found, "ipv4_mapped", None) or found)
