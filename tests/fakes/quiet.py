"""When nothing happens any more: the wait of the pretended platforms, which an overloaded machine does not cut short."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

TURN = 0.005
"""Seconds from one look to the next."""
LEAST = 3
"""Turns of the loop that are always waited for: whatever is ready then is done in them."""


async def wait_until_quiet(
    busy: Callable[[], object], touched: Callable[[], float], quiet: float, within: float, what: Callable[[], object]
) -> None:  # fmt: skip
    """Until nothing was `busy` or touched (by `time.monotonic`) for `quiet` seconds; an error, with `what` is open, after `within`.

    Only time in which this process runs counts. A machine that stops it for a while has done nothing for it meanwhile, and
    what arrived is heard when it goes on: one look counts as one turn, however long ago the last one was.
    """
    end, seen = time.monotonic() + within, touched()
    idle = min(time.monotonic() - seen, quiet - LEAST * TURN)
    while busy() or idle < quiet:
        assert time.monotonic() < end, f"still busy after {within} s: {what()}"
        await asyncio.sleep(TURN)
        idle = idle + TURN if touched() == seen and not busy() else 0.0
        seen = touched()
