"""When nothing happens any more: the wait of the pretended platforms, which an overloaded machine does not cut short."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

TURN = 0.005
"""Seconds from one look to the next, one of which always comes: whatever is ready then is done meanwhile."""
LONGEST = 0.010
"""Seconds that one look counts as at most."""


async def wait_until_quiet(
    busy: Callable[[], object], touched: Callable[[], float], quiet: float, within: float, what: Callable[[], object]
) -> None:  # fmt: skip
    """Until nothing was `busy` or touched (by `time.monotonic`) for `quiet` seconds; an error, with `what` is open, after `within`.

    Only time in which this process runs counts. A machine that stops it for a while has done nothing for it meanwhile, and
    what arrived is heard when it goes on: one look counts as `LONGEST` at most, however long ago the last one was.
    """
    end, seen, now = time.monotonic() + within, touched(), time.monotonic()
    idle = min(now - seen, quiet - TURN)
    while busy() or idle < quiet:
        assert time.monotonic() < end, f"still busy after {within} s: {what()}"
        await asyncio.sleep(TURN)
        before, now = now, time.monotonic()
        idle = idle + min(now - before, LONGEST) if touched() == seen and not busy() else 0.0
        seen = touched()
