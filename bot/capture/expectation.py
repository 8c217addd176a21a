"""The expectation of messages that are stored together: what each will ask first is asked once for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.capture.tables import Watch
from bot.capture.watch_lookup import foresee_watches
from bot.chat.models import Message, Person
from bot.people.authors import foresee_authors
from bot.people.privacy import Erasures


@dataclass(frozen=True, slots=True)
class ExpectedMessage:
    """A message of a watched conversation that will be taken in, by a member who is known and says nothing else meanwhile."""

    message: Message
    watch: Watch
    member_id: int


def expect_messages(
    conn: Connection, messages: Sequence[Message], erasures: Erasures
) -> list[ExpectedMessage]:
    """Ask about all these messages at once; those of watched conversations, of one member each.

    Of an author who says more than one thing only the first is expected: the second depends on it. So it is with one
    whom only the database knows, who deletes a message on a platform that does not say whose it was.
    """
    alone = list(_first_of_each(messages))
    if not alone:
        return []
    matches = zip(alone, foresee_watches(conn, [message for message, _author in alone]), strict=True)
    concern = [(message, author, match.watch) for (message, author), match in matches if match is not None]
    authors = []
    for message, author, watch in concern:
        digest, *former = erasures.digests(watch.community_id, author.space, author.id)
        if former:
            return []  # a secret was changed: each is asked about by both keys, by itself
        authors.append((author, message.place.space, digest))
    members = foresee_authors(conn, authors) if authors else []
    seen: set[int | None] = {None}
    expected = []
    for (message, _author, watch), member_id in zip(concern, members, strict=True):
        if member_id is not None and member_id not in seen:
            expected.append(ExpectedMessage(message, watch, member_id))
        seen.add(member_id)
    return expected


def _first_of_each(messages: Sequence[Message]) -> Iterator[tuple[Message, Person]]:
    """The first message of each author, about a message that nothing else is about."""
    seen: set[tuple[str, ...]] = set()
    for message in messages:
        place, author = message.place, message.author
        about: list[tuple[str, ...]] = [(place.space, place.channel, message.id)]
        if author is not None:
            about.append((author.space, author.id))
        if place.private:
            about.append(("private", place.space, place.channel))
        if author is not None and seen.isdisjoint(about):
            yield message, author
        seen.update(about)
