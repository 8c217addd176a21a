"""The interpreter: its threads have turns, of which the loop that answers people needs many, and its collector looks for garbage."""

from __future__ import annotations

import gc
import sys

TURN = 0.001
"""Seconds after which a thread that works makes room for one that waits. Python's own are five times as long, and a
command waits for one wherever it is handed from the loop to a thread that reads, and back (https://docs.python.org/3/library/sys.html#sys.setswitchinterval)."""


def shorten_turns() -> None:
    """Let nobody who asks something wait for more than a moment whenever the writer is busy, in the whole process."""
    sys.setswitchinterval(TURN)


def set_aside_objects() -> None:
    """Look for garbage once, and from now on only among what is made later; for whoever has just been put together.

    What stands then stays until the end. The collector would look through all of it each time, and hold the loop for a tenth
    of a second (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
