"""Conversations of linked accounts: two about one answer become one, and each goes back to its account with what it held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from bot.people.link_journal import change_row
from bot.people.links import MemberLink
from bot.reflections.conversations.tables import conversation, find_conversation_about, private_reply
from bot.reflections.shared_answers import linked_openings


def join_all(conn: Connection, link: MemberLink, now: datetime) -> None:
    """Join what two accounts answered and opened, and what they wrote privately."""
    linked_openings.join_answers(conn, link, now)
    join_conversations(conn, link)


def join_conversations(conn: Connection, link: MemberLink) -> None:
    """Let two conversations with one author about one answer be one; the empty one stays behind."""
    theirs = select(conversation).where(conversation.c.reader_id == link.joined).order_by(conversation.c.id)
    for row in conn.execute(theirs).mappings().all():
        if row["answer_id"] is None:  # nothing excludes it any more: the answer is gone
            change_row(conn, link, conversation, row, {"reader_id": link.keeper})
            continue
        known = find_conversation_about(conn, row["answer_id"], link.keeper)
        if known is not None:
            replies = select(private_reply).where(private_reply.c.conversation_id == row["id"])
            for reply in conn.execute(replies).mappings().all():
                change_row(conn, link, private_reply, reply, {"conversation_id": known.id})


RULES = replace(linked_openings.RULES, join=join_all, stay=linked_openings.RULES.stay | {conversation})
