"""The answers that messages will be part of: where many are stored together, they are asked for at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.capture.expectation import ExpectedMessage
from bot.reflections.answers.existing_answer import foresee_answers
from bot.reflections.answers.intake import SUBJECT
from bot.reflections.answers.message_parts import source_of


def expect_answers(conn: Connection, expected: Sequence[ExpectedMessage]) -> None:
    """Ask at once what there is of the answers of these messages' authors."""
    keys = [
        (one.watch.community_id, one.watch.ref, one.member_id, source_of(one.message))
        for one in expected
        if one.watch.subject == SUBJECT
    ]
    if keys:
        foresee_answers(conn, keys)
