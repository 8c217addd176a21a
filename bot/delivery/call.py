"""The one call to a platform that carries out a row of the outbox."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.models import Place
from bot.chat.port import Adapter
from bot.delivery.facts import Verb
from bot.delivery.outcomes import CallSucceeded
from bot.delivery.tables import OutboxRow


async def make_call(adapter: Adapter, row: OutboxRow, place: Place, card: Card | None) -> CallSucceeded:
    """Make the call of one row; raises `PlatformError` and whatever an adapter did not foresee."""
    message = row.message or ""
    match row.verb:
        case Verb.THREAD:
            return CallSucceeded(await adapter.thread(place, message, row.name or ""), message)
        case Verb.DELETE:
            await adapter.delete(place, message)
            return CallSucceeded(place, message)
        case Verb.PIN | Verb.UNPIN:
            await adapter.pin(place, message, pinned=row.verb is Verb.PIN)
            return CallSucceeded(place, message)
        case Verb.LOCK | Verb.UNLOCK:
            await adapter.close(place, closed=row.verb is Verb.LOCK)
            return CallSucceeded(place, message)
    if card is None:
        raise AssertionError("a row without a card has nothing to say")
    if row.verb is Verb.UPDATE:
        await adapter.update(place, message, card)
        return CallSucceeded(place, message)
    said = await adapter.post(place, card, row.marker, row.part)
    return CallSucceeded(place, said, adapter.count_parts(card))
