"""Memory that nothing uses any more, given back to the machine.

The C library keeps what was freed for later. A server that worked a forecast out holds some thirty
megabytes that way, which a hosted installation is short of.
"""

import sys


def give_back() -> None:
    """Give freed memory back; does nothing where the C library offers no such call."""
    if sys.platform != "linux":
        return
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
