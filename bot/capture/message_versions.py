"""Message versions: whether a message is new, newer, old news, or talk that is not stored.

A message can be an answer when it is addressed to nobody in particular. A reply to another person, or one that
begins with another person's name, is talk, and so is one that discloses danger or wants something of the bot: its text
goes no further. Of one
person's messages in a thread, the first that counts is their answer, and what they add within `APPEND` of it belongs
to it; later ones are talk.
The rule looks only at when things were said, never at when we heard of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.capture import tables
from bot.capture.tables import Watch
from bot.capture.watch_lookup import WatchMatch
from bot.chat.models import Message
from bot.danger.hotline import message_discloses
from bot.intents.classifier import understand
from bot.intents.intent import TalkFacts

APPEND = timedelta(hours=1)
"""How long after their first reply a person's further replies are added to it."""


@dataclass(frozen=True, slots=True)
class MessageVersion:
    """A message in a conversation we listen to, told for the first time or in a newer version.

    `counts` is false for talk, for what came too late after the first reply, and for a deletion. `overtaken`
    are ids of the same person's messages that no longer belong to their answer, because this one came before.
    `chosen_at` is when its author marked it as their answer.
    """

    watch: Watch
    message: Message
    person: str
    counts: bool
    overtaken: tuple[str, ...] = ()
    chosen_at: datetime | None = None


def store_version(
    conn: Connection, concern: WatchMatch, message: Message, now: datetime
) -> MessageVersion | None:
    """Remember a message of a watched conversation; None when it is nothing new."""
    known = concern.known
    person = message.author.id if message.author is not None else ""
    if known is not None:
        person = known.person
        if known.deleted or (message.version <= known.version and not message.deleted):
            return None
    if not person:
        return None
    heard = _weigh(conn, concern, message, person, now)
    if known is None or known.chosen_at is None:
        return heard
    counts = not (message.deleted or message_discloses(conn, message, person))
    return replace(heard, counts=counts, chosen_at=known.chosen_at)


def _weigh(
    conn: Connection, concern: WatchMatch, message: Message, person: str, now: datetime
) -> MessageVersion:
    here, counted = concern.watch, concern.first
    answers = not (message.to - {person}) and not message_discloses(conn, message, person)
    answers = answers and not understand(message.text, TalkFacts(invited=here.invited)).wish
    tables.store_heard(conn, here, message, person, answers)
    first = _first(conn, concern, message, person, answers)
    if concern.known is not None and first != counted and not message.deleted and first != message.at:
        # An edit made talk of what had been the first reply: the next one in line is the answer now.
        tables.hear_again(conn, here.id, person, now)
    overtaken: tuple[str, ...] = ()
    if first is not None and counted is not None and first < counted and not here.place.private:
        overtaken = tuple(tables.counting_after(conn, here.id, person, first + APPEND))
    if not answers or message.deleted or first is None:
        return MessageVersion(here, message, person, counts=False, overtaken=overtaken)
    counts = here.place.private or message.at - first <= APPEND
    return MessageVersion(here, message, person, counts, overtaken)


def _first(
    conn: Connection, concern: WatchMatch, message: Message, person: str, answers: bool
) -> datetime | None:
    """When the person first said something that can be an answer, now that this message was kept."""
    before, at = concern.first, message.at if concern.known is None else concern.known.at
    if answers:
        return at if before is None else min(before, at)
    if concern.known is not None and before == at:  # it may have been the first itself, and is talk now
        return tables.first_counting(conn, concern.watch.id, person)
    return before
