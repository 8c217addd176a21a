"""The access to an answer for whoever wants to thank its author or to write to them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from bot.chat.models import Refusal
from bot.feature import Request
from bot.reflections.answers import tables
from bot.reflections.answers.tables import Answer

MayRead = Callable[[Connection, Request, Answer], bool]
"""Whether whoever asks may read an answer now."""


def find_readable_answer(
    conn: Connection, request: Request, answer_id: int, may_read: MayRead, returning: str = ""
) -> Answer:
    """Somebody else's answer that the asker may read now; any other is as good as not there."""
    answer = tables.find_answer(conn, request.community.id, answer_id)
    own = answer is not None and answer.member_id == request.member.id
    if own and answer is not None and not answer.withdrawn:
        raise Refusal("That is your own answer.", "`/reflect history` has all of yours.")
    if answer is None or own or answer.withdrawn or not answer.parts or not may_read(conn, request, answer):
        raise Refusal("That answer is not shared with you now.", "`/reflect` shows what is open.", returning)
    return answer


def check_saving(request: Request, returning: str = "") -> None:
    """Refuse to store something for a member who wants nothing stored."""
    if not request.member.keeps:
        raise Refusal("Saving is off for you.", "`/my settings keep:yes` turns it on.", returning)
