"""The interpreter, of which one thread has a turn at a time: the loop that answers people, and those that work beside it."""

from __future__ import annotations

import sys

TURN = 0.001
"""Seconds after which a thread that works makes room for one that waits. Python's own are five times as long, and a
command waits for one wherever it is handed from the loop to a thread that reads, and back (https://docs.python.org/3/library/sys.html#sys.setswitchinterval)."""


def shorten_turns() -> None:
    """Let nobody who asks something wait for more than a moment whenever the writer is busy, in the whole process."""
    sys.setswitchinterval(TURN)
