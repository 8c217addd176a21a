"""The note that comes with a file: what is stored of it, in full the first time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.chat.cards import Block
from bot.feature import Request
from bot.reflections.answers import answer_cards
from bot.reflections.answers.seen_notes import FILES, is_new


def choose_notes(conn: Connection, request: Request, files: Sequence[str]) -> tuple[Block, ...]:
    """What is stored of files that came with an answer, in full once and in a few words ever after."""
    community, member = request.community.id, request.member.id
    new = bool(files) and is_new(conn, community, member, FILES, request.now, None)
    return answer_cards.file_blocks(files, new=new)
