"""Messages that asked: which questions the one that somebody answers put to them, or the last thing they were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select

from bot.chat.models import Message
from bot.delivery.facts import OutboxState, Verb
from bot.delivery.tables import outbox
from bot.feature import Request
from bot.reminders.budget import OWN_ACCORD
from bot.reminders.tables import reminder
from bot.team_plans.check_ins.tables import plan_check, plan_question

FRESH = timedelta(days=14)
"""How long words that answer no message may still be about the last one."""
_o, _q = outbox.c, plan_question.c


@dataclass(frozen=True, slots=True)
class AskingMessage:
    """A message of ours: the ids of the questions in it that wait for words, and when it was said."""

    questions: tuple[int, ...]
    said_at: datetime


def answered_message(conn: Connection, request: Request, message: Message) -> AskingMessage | None:
    """What a message answers, where its author says so: a reply on Discord, a thread on Slack."""
    under = message.answers or message.place.thread
    if under is None:
        return None
    return _read(conn, request, or_(_o.external_id == under, _o.message == under))


def last_message(conn: Connection, request: Request) -> AskingMessage | None:
    """The last thing that somebody was told of the bot's own accord, if it asked them, and not long ago."""
    return _read(conn, request, _o.sent_at > request.now - FRESH)


def _read(conn: Connection, request: Request, which: object) -> AskingMessage | None:
    told = (
        select(_o.key, _o.sent_at)
        .where(
            _o.space == request.person.space, _o.person == request.person.id, _o.verb == Verb.DIRECT, _o.part == 0,
            _o.priority.in_(OWN_ACCORD), _o.state == OutboxState.SENT, which,  # type: ignore[arg-type]
        )
        .order_by(_o.sent_at.desc(), _o.id.desc())
        .limit(1)
    )  # fmt: skip
    row = conn.execute(told).first()
    found = _questions_of(conn, row.key, request.member.id) if row is not None else ()
    return AskingMessage(tuple(found), row.sent_at) if row is not None and found else None


def _questions_of(conn: Connection, key: str, member_id: int) -> Sequence[int]:
    query = (
        select(_q.id)
        .join(reminder, reminder.c.id == _q.reminder_id)
        .join(plan_check, plan_check.c.id == _q.check_id)
        .where(reminder.c.key == key, _q.member_id == member_id, plan_check.c.weeks == "")
    )
    return conn.execute(query.order_by(_q.id)).scalars().all()
