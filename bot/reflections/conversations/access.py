"""The access to an answer for whoever wants to thank its author or to write to them."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal
from bot.feature import Request
from bot.people.audience import Readers
from bot.reflections.answers.tables import Answer, find_readable_answer


def find_others_answer(
    conn: Connection, request: Request, answer_id: int, readers: Readers, returning: str = ""
) -> Answer:
    """Somebody else's answer that the asker may read now; any other is as good as not there."""
    reader = readers.reader(conn, request.community.id, request.member.id, request.role)
    answer = find_readable_answer(conn, reader, answer_id)
    if answer is None:
        raise Refusal(
            _("That answer is not shared with you now."),
            _("`/reflect read` shows what you can read."),
            returning,
        )
    if answer.member_id == request.member.id:
        raise Refusal(_("That is your own answer."), _("`/reflect history` has all of yours."))
    return answer


def check_saving(request: Request, returning: str = "") -> None:
    """Refuse to store something for a member who wants nothing stored."""
    if not request.member.keeps:
        raise Refusal(_("Saving is off for you."), _("`/my settings keep:yes` turns it on."), returning)
