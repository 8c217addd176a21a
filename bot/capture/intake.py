"""The intake of messages: whether a message concerns us, who wrote it, and whether it says anything new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.capture.message_versions import MessageVersion, store_version
from bot.capture.tables import Watch
from bot.capture.watch_lookup import WatchMatch, match_watch
from bot.chat.models import Message, Person
from bot.danger.hotline import message_discloses
from bot.people.authors import meet_author
from bot.people.privacy import Erasures
from bot.people.tables import Community, Member, community_of


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message that concerns us, with its author in their community.

    `version` is None for a message to us outside any watched conversation, and for a member who keeps nothing: then it
    was written directly, or discloses danger.
    """

    message: Message
    author: Person
    community: Community
    member: Member
    version: MessageVersion | None


@dataclass(frozen=True, slots=True)
class UnreadReply:
    """The fact that a member wrote into a watched conversation what the platform does not let us read."""

    member: Member
    message: Message
    watch: Watch
    now: datetime


def is_from_a_person(message: Message) -> bool:
    """Whether a member can have written it: not we ourselves, no bot, nobody from outside the space."""
    author = message.author
    return not message.own and (author is None or not (author.bot or author.stranger))


def concerns_us(conn: Connection, message: Message) -> bool:
    """Whether a message is written where we listen: to us, or in a watched conversation."""
    return _is_for_us(message) or match_watch(conn, message) is not None


def receive_message(
    conn: Connection, message: Message, erasures: Erasures, now: datetime
) -> ReceivedMessage | None:
    """Store what is known of a message; None when it does not concern us or says nothing new."""
    match = match_watch(conn, message)
    if match is None and not _is_for_us(message):
        return None
    author = message.author
    if author is None and match is not None and match.known is not None:
        author = Person(message.place.space, match.known.person, "")
    met = _meet(conn, author, match, message, erasures, now) if author is not None else None
    if author is None or met is None:
        return None
    community, member = met
    keeps = match is not None and member.keeps
    version = store_version(conn, match, message, now) if match is not None and keeps else None
    if version is None and (
        keeps or not (_is_for_us(message) or message_discloses(conn, message, author.id))
    ):
        return None
    return ReceivedMessage(message, author, community, member, version)


def receive_hidden(
    conn: Connection, message: Message, erasures: Erasures, now: datetime
) -> UnreadReply | None:
    """The fact about a message whose words are hidden; None when it does not concern us."""
    match = match_watch(conn, message)
    if match is None or message.author is None:
        return None
    met = _meet(conn, message.author, match, message, erasures, now)
    return None if met is None else UnreadReply(met[1], message, match.watch, now)


def _meet(
    conn: Connection,
    author: Person,
    match: WatchMatch | None,
    message: Message,
    erasures: Erasures,
    now: datetime,
) -> tuple[Community, Member] | None:
    """The author's community and member, unless they were erased after they wrote this."""
    if match is not None:
        community_id = match.watch.community_id
    else:
        community = community_of(conn, message.place.space)
        if community is None:
            return None
        community_id = community.id
    digests = partial(erasures.digests, community_id, author.space, author.id)
    direct = message.place.channel if message.place.private and not message.hidden else ""
    return meet_author(conn, author, message.place.space, digests, message.at, now, direct)


def _is_for_us(message: Message) -> bool:
    """Whether it is a new message to us: a direct one, or one that begins with our name."""
    to_us = message.place.private or message.called
    return to_us and not message.deleted and message.version == message.at
