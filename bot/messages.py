"""Messages: what each one means, stored in one transaction with everything that follows from it.

One that is told as it is written is answered on the spot; one that is found by re-reading is answered through the
outbox, for its author is not waiting any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Connection

from bot.capture import intake
from bot.capture.intake import ReceivedMessage
from bot.capture.late_replies import queue_late_reply
from bot.chat.cards import Card
from bot.chat.error_cards import not_stored_card, refusal_card
from bot.chat.language import speaking
from bot.chat.models import Message, Refusal
from bot.chat.port import NotStored
from bot.danger.hotline import Hotline
from bot.danger.recognition import LONG, discloses_danger
from bot.feature import IncomingMessage, Request
from bot.people.privacy import Erasures
from bot.permissions import Permissions
from bot.registry import Registry
from bot.runtime.clock import Clock
from bot.store.errors import StoreFault
from bot.store.store import Store

log = logging.getLogger(__name__)


class MessageHandler:
    """Stores messages and lets every feature that listens take them in."""

    def __init__(
        self, store: Store, clock: Clock, permissions: Permissions, erasures: Erasures, registry: Registry,
        hotline: Hotline,
    ) -> None:  # fmt: skip
        self._store, self._clock, self._permissions = store, clock, permissions
        self._erasures, self._registry, self._hotline = erasures, registry, hotline

    async def store_told(self, message: Message) -> Card | None:
        """Take in a message as it is told; what there is to say to its author. Raises `NotStored`."""
        return await self._store_with(message, self._take_in_told)

    async def store_found(self, message: Message) -> None:
        """Take in a message that was found by re-reading. Raises `NotStored`."""
        await self._store_with(message, self._take_in_found)

    async def _store_with(
        self, message: Message, take_in: Callable[[Connection, Message], Card | None]
    ) -> Card | None:
        try:
            await self._weigh_ahead(message)
            return await self._store.write(lambda conn: take_in(conn, message))
        except Refusal as refusal:
            # What was refused is undone, and yet it was heard: it is not refused again when it is found later.
            with suppress(StoreFault):
                await self._store.write(lambda conn: self._receive(conn, message))
            return refusal_card(refusal)
        except StoreFault as fault:
            raise NotStored(self._unstored_card(message)) from fault
        except Exception:
            log.exception("a message could not be taken in")
            raise NotStored(self._unstored_card(message)) from None

    async def _weigh_ahead(self, message: Message) -> None:
        """Look through a long message before the writer has it, which would be held by that; the result is remembered."""
        if len(message.text) <= LONG or message.hidden:
            return
        if await self._store.read(lambda conn: intake.concerns_us(conn, message)):
            await asyncio.to_thread(discloses_danger, message.text)

    def _unstored_card(self, message: Message) -> Card:
        """What is said when nothing can be stored: to somebody in danger, who to call all the same."""
        for_us = message.place.private or message.place.thread is not None
        return (for_us and self._hotline.answer_unstored(message)) or not_stored_card(message.text)

    def _take_in_told(self, conn: Connection, message: Message) -> Card | None:
        received = self._receive(conn, message)
        return None if received is None else self._listen(conn, received)

    def _take_in_found(self, conn: Connection, message: Message) -> None:
        received = self._receive(conn, message)
        if received is None or received.version is None:
            return  # nothing is kept of it, so nobody knows whether it was answered when it was written
        try:
            with conn.begin_nested():
                card = self._listen(conn, received)
        except Refusal as refusal:
            card = refusal_card(refusal)
        if card is not None:
            with speaking(received.member.locale):
                queue_late_reply(conn, received, card, self._clock.now())

    def _receive(self, conn: Connection, message: Message) -> ReceivedMessage | None:
        now = self._clock.now()
        if message.place.private:
            self._permissions.home_of(conn, message.place.space)
        if not message.hidden:
            return intake.receive_message(conn, message, self._erasures, now)
        if (unread := intake.receive_hidden(conn, message, self._erasures, now)) is not None:
            self._registry.publish(conn, unread)
        return None

    def _listen(self, conn: Connection, received: ReceivedMessage) -> Card | None:
        """Let every feature take a message in; what there is to say to its author."""
        message, author = received.message, received.author
        help_card = self._hotline.answer_message(conn, message, author.id)
        if help_card is not None and received.version is None:
            return help_card  # nothing was stored of it, so there is nothing to take back either
        request = Request(
            received.community, received.member, self._permissions.role_of(author), author, message.place,
            self._clock.now(), message=message.id,
        )  # fmt: skip
        card: Card | None = None
        with speaking(received.member.locale):
            for listener in self._registry.listeners:
                card = listener(conn, IncomingMessage(request, received.version, message)) or card
        return help_card or card
