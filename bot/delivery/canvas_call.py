"""The calls that bring a canvas up to date: what stands there is read first, then one change of it is made.

Reading is no part of the writer's work; what was read is taken in by one short write. An end that nobody saw is harmless: the
next call reads what is there.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.canvas import CanvasLine
from bot.chat.models import Place
from bot.chat.port import Adapter, OutcomeUnknown, Rejected, RetryLater
from bot.delivery.facts import ORPHANED, UNREADABLE, CanvasKeeper
from bot.delivery.outcomes import CallSucceeded
from bot.delivery.tables import OutboxRow
from bot.store.store import Store


async def bring_canvas(
    store: Store, adapter: Adapter, row: OutboxRow, place: Place, keepers: Mapping[str, CanvasKeeper]
) -> CallSucceeded:
    """Open the canvas of a row, or take it in and make one change; raises `PlatformError`.

    The message of the answer is its id, and empty where the place carries none.
    """
    keeper = keepers.get(row.kind)
    if keeper is None:
        raise Rejected(UNREADABLE)
    home, ref = row.community_id, row.ref
    if row.message is None:
        lines = await store.write(lambda conn: keeper.begin(conn, home, ref))
        if lines is None:
            raise Rejected(ORPHANED)
        return CallSucceeded(place, await adapter.open_canvas(place, lines) or "")
    read = await look_at(adapter, place, row.message)
    change = await store.write(lambda conn: keeper.take(conn, home, ref, read))
    if change is not None:
        await adapter.change_canvas(place, row.message, change)
    return CallSucceeded(place, row.message)


async def look_at(adapter: Adapter, place: Place, canvas: str) -> tuple[CanvasLine, ...]:
    """What stands on a canvas; a lost answer to a question has changed nothing."""
    try:
        return await adapter.read_canvas(place, canvas)
    except OutcomeUnknown as error:
        raise RetryLater(error.code) from None
