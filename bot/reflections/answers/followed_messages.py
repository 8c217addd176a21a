"""Messages that are part of an answer although nobody listened to them: from then on their edits and deletion are heard."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.capture import tables as capture
from bot.capture.watch_lookup import match_watch
from bot.chat.models import Message
from bot.feature import IncomingMessage, Request
from bot.reflections.answers.intake import AnswerIntake
from bot.reflections.schedule.asked_prompts import AskedPrompt


def follow_message(
    conn: Connection, answers: AnswerIntake, request: Request, here: AskedPrompt, message: Message
) -> None:
    """Let edits and the deletion of a message be followed, which is part of the answer to a prompt now."""
    if message.place.private:
        answers.listen_to(conn, IncomingMessage(request, None, message), here)
    match = match_watch(conn, message)
    if match is not None and match.known is None:
        capture.store_heard(conn, match.watch, message, request.person.id, True)
