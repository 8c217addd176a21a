"""The limits of private replies: how much one person may write, and to whom."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal
from bot.feature import Request
from bot.reflections.conversations import tables
from bot.reflections.conversations.tables import Conversation

DAY = timedelta(days=1)
PER_DAY = 20
"""Private replies that one person may write in any 24 hours."""
UNANSWERED = 2
"""Replies to an author who has not written back yet."""


def check_day(conn: Connection, request: Request, text: str) -> None:
    """Refuse more than a day's number of replies."""
    if tables.count_written(conn, request.member.id, request.now - DAY) >= PER_DAY:
        raise Refusal(
            _(
                "You wrote {per_day} private replies in the last 24 hours. That is the limit.",
                per_day=PER_DAY,
            ),
            _("Write again tomorrow."),
            text,
        )


def check_patience(conn: Connection, here: Conversation, name: str, text: str) -> None:
    """Refuse to write on and on to an author who does not write back."""
    if tables.count_written_in(conn, here, here.reader_id) >= UNANSWERED:
        raise Refusal(
            _("{name} has not written back yet.", name=name), _("You can write again when they have."), text
        )


def check_new(
    conn: Connection, request: Request, author_id: int, answer_id: int, name: str, text: str
) -> None:
    """Refuse a second conversation with an author who has not written back in the first one."""
    if tables.is_unanswered(conn, request.member.id, author_id, answer_id):
        raise Refusal(
            _("{name} has not written back to you about another answer yet.", name=name), _("You can write again when they have."), text
        )  # fmt: skip
