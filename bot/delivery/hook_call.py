"""The call that tells another service by HTTP: it may be repeated, because the service drops what it has had by its id."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.models import Place
from bot.chat.port import PlatformError, Rejected
from bot.chat.rate_limits import Pace
from bot.delivery.facts import ORPHANED
from bot.delivery.outcomes import CallDelayed, CallRejected, CallSucceeded, Outcome, classify_error, code_of
from bot.delivery.tables import OutboxRow

HOOK_PACE = Pace(space_rate=5.0, space_burst=20, overall_rate=20.0, overall_burst=40, together=5)
"""How fast services are told, all of one community together; each has a lane of its own and is told one thing at a time."""


@dataclass(frozen=True, slots=True)
class HookCaller:
    """Tells the service that a row names: `call` raises `PlatformError`, `Rejected` only for what is never tried again."""

    call: Callable[[OutboxRow], Awaitable[None]]
    pace: Pace = HOOK_PACE


async def _tell_nobody(_row: OutboxRow) -> None:
    raise Rejected(ORPHANED)


NO_HOOKS = HookCaller(_tell_nobody)
"""For a bot that tells no service anything."""


async def call_hook(hooks: HookCaller, row: OutboxRow, seconds: float) -> Outcome:
    """Make the call of one row. An end that nobody saw is a delay: telling it again does no harm."""
    try:
        async with asyncio.timeout(seconds):
            await hooks.call(row)
    except PlatformError as error:
        outcome = classify_error(error, None)
        return outcome if isinstance(outcome, CallDelayed | CallRejected) else CallDelayed(error.code, None)
    except Exception as error:  # noqa: BLE001 - whatever it was, telling it again does no harm
        return CallDelayed(code_of(error), None)
    return CallSucceeded(row.place or Place(row.space, row.lane, None, private=True), row.marker)
