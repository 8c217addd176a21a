"""Messages: what each one means, stored in one transaction with everything that follows from it.

A message that wants something of the bot is answered, and never stored as anything else. One that is told as it is
written is answered on the spot; one that is found by re-reading is answered through the outbox, for its author is not
waiting any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product

from sqlalchemy import Connection

from bot.capture import intake
from bot.capture.expectation import expect_messages
from bot.capture.intake import ReceivedMessage
from bot.capture.late_replies import queue_late_reply
from bot.chat import talk_cards
from bot.chat.cards import Card
from bot.chat.error_cards import not_stored_card, refusal_card
from bot.chat.language import speaking
from bot.chat.models import Message, Refusal
from bot.chat.port import NotStored
from bot.danger.hotline import Hotline
from bot.danger.recognition import LONG, discloses_danger
from bot.facts import MessageDeleted
from bot.feature import Claim, IncomingMessage, Request, SaveOffer, Taken
from bot.intents.classifier import understand
from bot.intents.intent import ASKING, NOTHING_INVITED, Intent, Invited, TalkFacts
from bot.people.privacy import Erasures
from bot.permissions import Permissions
from bot.registry import Registry
from bot.runtime.clock import Clock
from bot.store.errors import StoreFault
from bot.store.foresight import PieceOfSet
from bot.store.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A message that means a command: the line of it, to be answered when the message is committed."""

    line: str


class MessageHandler:
    """Stores messages and lets every feature that listens take them in."""

    def __init__(
        self, store: Store, clock: Clock, permissions: Permissions, erasures: Erasures, registry: Registry,
        hotline: Hotline,
    ) -> None:  # fmt: skip
        self._store, self._clock, self._permissions = store, clock, permissions
        self._erasures, self._registry, self._hotline = erasures, registry, hotline

    async def store_told(self, message: Message) -> Card | SpokenLine | None:
        """Take in a message as it is told; what there is to say to its author. Raises `NotStored`."""
        return await self._store_with(message, self._take_in_told)

    async def tell_deleted(self, message: Message) -> None:
        """Tell that a message is gone which may be one of ours; should that fail, the next edit of it finds out."""
        gone = MessageDeleted(message.place, message.id)
        with suppress(StoreFault):
            # Nearly every message that is deleted is nobody's of ours, and the writer is not held for it.
            if await self._store.read(lambda conn: self._owns(conn, gone)):
                await self._store.write(lambda conn: self._registry.publish(conn, gone))

    def _owns(self, conn: Connection, gone: MessageDeleted) -> bool:
        return any(one.owns_message(conn, gone.place, gone.message) for one in self._registry.features)

    async def store_found(self, message: Message) -> None:
        """Take in a message that was found by re-reading. Raises `NotStored`."""
        await self._store_with(message, self._take_in_found)

    async def _store_with(
        self, message: Message, take_in: Callable[[Connection, Message], Card | SpokenLine | None]
    ) -> Card | SpokenLine | None:
        try:
            await self._weigh_ahead(message)
            teller = None if message.author is None else message.author.account
            return await self._store.write(PieceOfSet(self, take_in, message, teller))
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

    def foresee(self, conn: Connection, about: Sequence[Message]) -> None:
        """Ask at once what these messages, which are stored together, are going to ask."""
        expected = expect_messages(conn, [one for one in about if not one.hidden], self._erasures)
        if expected:
            for expect in self._registry.expects:
                expect(conn, expected)

    async def _weigh_ahead(self, message: Message) -> None:
        """Look through a long message before the writer has it, which would be held by that; the result is remembered."""
        if len(message.text) <= LONG or message.hidden:
            return
        if await self._store.read(lambda conn: intake.concerns_us(conn, message)):
            await asyncio.to_thread(discloses_danger, message.text)
            # What was asked and answered before is known only where it is stored, so each case is understood ahead.
            every = map(Invited, range(max(Invited) * 2))
            for invited, after in product(every, {False, message.place.private}):
                facts = TalkFacts(answering=after, invited=invited)
                await asyncio.to_thread(understand, message.text, facts)

    def _unstored_card(self, message: Message) -> Card:
        """What is said when nothing can be stored: to somebody in danger, who to call all the same."""
        for_us = message.place.private or message.place.thread is not None
        return (for_us and self._hotline.answer_unstored(message)) or not_stored_card(message.text)

    def _take_in_told(self, conn: Connection, message: Message) -> Card | SpokenLine | None:
        received = self._receive(conn, message)
        if received is None:
            return None
        with speaking(received.member.locale):
            return self._listen(conn, received, found=False)

    def _take_in_found(self, conn: Connection, message: Message) -> None:
        received = self._receive(conn, message)
        if received is None or received.version is None:
            return  # nothing is kept of it, so nobody knows whether it was answered when it was written
        with speaking(received.member.locale):
            try:
                with conn.begin_nested():
                    card = self._listen(conn, received, found=True)
            except Refusal as refusal:
                card = refusal_card(refusal)
            if isinstance(card, SpokenLine):
                card = talk_cards.away_card()
            if card is not None:
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

    def _listen(
        self, conn: Connection, received: ReceivedMessage, *, found: bool
    ) -> Card | SpokenLine | None:
        """Let whoever a message is for take it in; what there is to say to its author, in whose language all is said."""
        message, author = received.message, received.author
        help_card = self._hotline.answer_message(conn, message, author.id)
        if help_card is not None and received.version is None:
            return help_card  # nothing was stored of it, so there is nothing to take back either
        request = Request(
            received.community, received.member, self._permissions.role_of(author), author, message.place,
            self._clock.now(), message=message.id, at=message.at,
        )  # fmt: skip
        said = IncomingMessage(request, received.version, message)
        if help_card is not None:
            self._hand_round(conn, said)
            return help_card
        return self._take_words(conn, received, said, found=found)

    def _take_words(
        self, conn: Connection, received: ReceivedMessage, said: IncomingMessage, *, found: bool
    ) -> Card | SpokenLine | None:
        """Let whoever words are for take them: a reply that belongs somewhere, then a wish, then everybody who listens."""
        message, request = said.message, said.request
        if (taken := _first_taken(self._registry.claims, conn, said)) is not None:
            return taken.card
        if (wish := self._find_wish(conn, received, request)) is not None:
            if received.version is not None:
                self._hand_round(conn, said)  # it may have been part of an answer before it was edited
            to_us = message.place.private or message.called
            return self._grant(conn, request, wish, quiet=found or not to_us)
        if received.version is None and not message.place.private:
            return talk_cards.question_card()
        if (taken := _first_taken(self._registry.replies, conn, said)) is not None:
            return taken.card
        if message.place.private:
            said = replace(said, offers=self._list_offers(conn, request))
        return self._hand_round(conn, said)

    def _find_wish(self, conn: Connection, received: ReceivedMessage, request: Request) -> Intent | None:
        """What a message wants of the bot, unless it is deleted or addressed to somebody else, or its author chose it.

        What is open decides about a question, and about what begins like "Stop …": it may be what the prompt asked for.
        """
        message, version = received.message, received.version
        chosen = version is not None and version.chosen_at is not None
        if message.deleted or chosen or message.to - {received.author.id}:
            return None
        invited = NOTHING_INVITED if version is None else version.watch.invited
        intent = understand(message.text, TalkFacts(invited=invited))
        if intent in ASKING | {Intent.STOP} and version is None and message.place.private:
            for feature in self._registry.features:
                invited |= feature.invited(conn, request)
            intent = understand(message.text, TalkFacts(invited=invited))
        return intent if intent.wish else None

    def _hand_round(self, conn: Connection, said: IncomingMessage) -> Card | None:
        card: Card | None = None
        for listener in self._registry.listeners:
            card = listener(conn, said) or card
        return card

    def _list_offers(self, conn: Connection, request: Request) -> tuple[SaveOffer, ...]:
        return tuple(offer for feature in self._registry.features for offer in feature.offers(conn, request))

    def _grant(
        self, conn: Connection, request: Request, wish: Intent, *, quiet: bool
    ) -> Card | SpokenLine | None:
        """Do what somebody wants; `quiet`: greetings and thanks are not answered, for others read them, or it is late."""
        if quiet and wish in (Intent.GREETING, Intent.THANKS):
            return None
        granted = self._registry.wishes.get(wish)
        return SpokenLine(granted) if isinstance(granted, str) else granted and granted(conn, request)


def _first_taken(claims: Sequence[Claim], conn: Connection, said: IncomingMessage) -> Taken | None:
    return next((taken for claim in claims if (taken := claim(conn, said)) is not None), None)
