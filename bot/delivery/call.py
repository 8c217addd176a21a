"""The one call to a platform that carries out a row of the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, load_card
from bot.chat.models import Place
from bot.chat.port import Adapter, OutcomeUnknown, Rejected
from bot.delivery.facts import ORPHANED, UNREACHED, UNREADABLE, Draw, Verb
from bot.delivery.outcomes import CallSucceeded
from bot.delivery.tables import OutboxRow
from bot.store.store import Store

MayReach = Callable[[Connection, OutboxRow], bool]
"""Says whether somebody may be told what a row says, now."""


def reach_anybody(_conn: Connection, _row: OutboxRow) -> bool:
    """Where nobody is known: everybody may be told everything."""
    return True


async def check_recipient(store: Store, row: OutboxRow, may_reach: MayReach) -> None:
    """Raise `Rejected` for a row whose words are for somebody who left, or may no longer read them."""
    tells = row.verb in (Verb.POST, Verb.DIRECT, Verb.UPDATE)
    if tells and row.person is not None and not await store.read(lambda conn: may_reach(conn, row)):
        raise Rejected(UNREACHED)


async def find_card(store: Store, row: OutboxRow, draws: Mapping[str, Draw]) -> Card | None:
    """What a row says: its stored card, or one that its kind draws from what is true now; None for verbs without."""
    if row.card is not None:
        try:
            return load_card(row.card)
        except ValueError:
            raise Rejected(UNREADABLE) from None
    if row.verb not in (Verb.POST, Verb.DIRECT, Verb.UPDATE):
        return None
    draw = draws.get(row.kind)
    if draw is None:
        raise Rejected(UNREADABLE)
    card = await store.read(lambda conn: draw(conn, row.community_id, row.ref))
    if card is None:
        raise Rejected(ORPHANED)
    return card


async def count_parts(
    store: Store, adapters: Mapping[str, Adapter], draws: Mapping[str, Draw], row: OutboxRow
) -> int:
    """How many calls the whole card of a row takes; 1 where there is no card any more."""
    try:
        card = await find_card(store, row, draws)
    except Rejected:
        return 1
    return 1 if card is None else adapters[row.platform].count_parts(card)


async def fill_links(adapter: Adapter, place: Place, card: Card) -> Card:
    """The card with the addresses of the messages that its buttons lead to; without the buttons whose message has none."""
    blocks: list[Block] = []
    for block in card.blocks:
        if isinstance(block, Buttons) and any(one.message is not None for one in block.buttons):
            led = [await _fill_link(adapter, place.space, one) for one in block.buttons]
            left = tuple(one for one in led if one is not None)
            blocks += [Buttons(left)] if left else []
        else:
            blocks.append(block)
    return replace(card, blocks=tuple(blocks))


async def _fill_link(adapter: Adapter, space: str, button: Button) -> Button | None:
    if button.message is None:
        return button
    channel, _, message = button.message.rpartition("/")
    try:
        link = await adapter.link(Place(space, channel), message)
    except (Rejected, OutcomeUnknown):
        return None
    return None if link is None else replace(button, message=None, link=link)


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
    card = await fill_links(adapter, place, card)
    if row.verb is Verb.UPDATE:
        await adapter.update(place, message, card)
        return CallSucceeded(place, message)
    said = await adapter.post(place, card, row.marker, row.part)
    return CallSucceeded(place, said, adapter.count_parts(card))
