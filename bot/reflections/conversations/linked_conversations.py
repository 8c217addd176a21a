"""Conversations of linked accounts: two about one answer become one, and each goes back to its account with what it held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from bot.people.link_journal import change_row
from bot.people.links import JoinStep, MemberLink
from bot.reflections.conversations.tables import conversation, find_conversation_about, private_reply
from bot.reflections.shared_answers import linked_openings


def join_conversation(conn: Connection, link: MemberLink, which: int, _now: datetime) -> None:
    """Let two conversations with one author about one answer be one; the empty one stays behind."""
    theirs = select(conversation).where(conversation.c.id == which, conversation.c.reader_id == link.joined)
    row = conn.execute(theirs).mappings().one_or_none()
    if row is None:
        return
    if row["answer_id"] is None:  # nothing excludes it any more: the answer is gone
        change_row(conn, link, conversation, row, {"reader_id": link.keeper})
        return
    known = find_conversation_about(conn, row["answer_id"], link.keeper)
    if known is not None:
        replies = select(private_reply).where(private_reply.c.conversation_id == which)
        for reply in conn.execute(replies).mappings().all():
            change_row(conn, link, private_reply, reply, {"conversation_id": known.id})


def list_conversations(conn: Connection, link: MemberLink) -> Sequence[int]:
    """Those that the joined member has with authors."""
    theirs = select(conversation.c.id).where(conversation.c.reader_id == link.joined)
    return conn.execute(theirs.order_by(conversation.c.id)).scalars().all()


RULES = replace(
    linked_openings.RULES,
    join=(*linked_openings.RULES.join, JoinStep(list_conversations, join_conversation)),
)
