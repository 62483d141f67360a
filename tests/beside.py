"""Work for a companion that goes wrong there, and only there."""

import os
import sys
import tempfile
import time


def pid():
    """Return the number of the process that answers."""
    return os.getpid()


def folder():
    """Return where the process that answers keeps what it writes."""
    return tempfile.gettempdir()


def twice(number):
    """Return the double, with words that must not get into the answer."""
    sys.stdout.write("twice")
    return 2 * number


def ends_there(here):
    """End the process, unless it is the one that asks."""
    if os.getpid() != here:
        os._exit(1)
    return "here"


def hangs_there(here):
    """Take for ever, unless in the process that asks."""
    if os.getpid() != here:
        time.sleep(600)
    return "here"


def hang():
    """Take for ever."""
    time.sleep(600)


def fails():
    """Fail everywhere."""
    raise ValueError("no such number")
