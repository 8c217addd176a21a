"""The privacy of conversations: what of them is handed over, forgotten, and kept no longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, delete, exists, or_, select

from bot.chat.language import N_
from bot.chat.models import Place
from bot.people.tables import member
from bot.reflections.conversations.tables import conversation, private_reply, with_member
from bot.store.retention import Ages, Retention, old_rows


def posts_of(
    conn: Connection, community_id: int, member_id: int
) -> list[tuple[int, Place | None, str | None]]:
    """(reply id, place, message) of everything a member wrote to others; None where it has not got there yet."""
    mine = and_(private_reply.c.community_id == community_id, private_reply.c.writer_id == member_id)
    rows = conn.execute(select(private_reply).where(mine).order_by(private_reply.c.id))
    return [
        (row.id, Place(row.space, row.channel, private=True) if row.message else None, row.message)
        for row in rows
    ]


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Delete every conversation of a member, with what both wrote."""
    mine = and_(conversation.c.community_id == community_id, with_member(member_id))
    ids = select(conversation.c.id).where(mine)
    conn.execute(delete(private_reply).where(private_reply.c.conversation_id.in_(ids)))
    conn.execute(delete(conversation).where(mine))


@dataclass(frozen=True, slots=True)
class HandedReply:
    """A private reply for a member's own copy: the other one of the conversation, and who of the two wrote it."""

    occurrence_id: int
    other_id: int
    writer_id: int
    text: str
    at: datetime


def list_replies(conn: Connection, community_id: int, member_id: int) -> list[HandedReply]:
    """What a member wrote in conversations and what they got, oldest first; not what has not reached them."""
    reached = or_(private_reply.c.writer_id == member_id, private_reply.c.message.is_not(None))
    mine = and_(conversation.c.community_id == community_id, with_member(member_id), reached)
    other = case(
        (conversation.c.reader_id == member_id, conversation.c.author_id), else_=conversation.c.reader_id
    )
    rows = conn.execute(
        select(
            conversation.c.occurrence_id, other, private_reply.c.writer_id, private_reply.c.text,
            private_reply.c.at,
        )
        .join(private_reply, private_reply.c.conversation_id == conversation.c.id)
        .where(mine)
        .order_by(conversation.c.id, private_reply.c.id)
    )  # fmt: skip
    return [HandedReply(*row) for row in rows]


def retention(ages: Ages) -> tuple[Retention, Retention]:
    """Private replies that are too old, and conversations of which none is left."""
    kept, words = ages["replies"], N_("your private replies")
    empty = ~exists().where(private_reply.c.conversation_id == conversation.c.id)
    return (
        old_rows("replies", kept, private_reply, lambda before: private_reply.c.at < before, words=words),
        old_rows(
            "conversations", kept, conversation, lambda before: and_(conversation.c.begun_at < before, empty)
        ),
    )


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    of_erased = (
        select(private_reply.c.id)
        .join(conversation, conversation.c.id == private_reply.c.conversation_id)
        .join(member, or_(member.c.id == conversation.c.reader_id, member.c.id == conversation.c.author_id))
        .where(member.c.erased_at.is_not(None))
    )
    foreign = (
        select(private_reply.c.id)
        .join(conversation, conversation.c.id == private_reply.c.conversation_id)
        .where(
            private_reply.c.writer_id != conversation.c.reader_id,
            private_reply.c.writer_id != conversation.c.author_id,
        )
    )
    return (
        ("no private reply to or from an erased member", of_erased),
        ("only the two of a conversation write in it", foreign),
    )
