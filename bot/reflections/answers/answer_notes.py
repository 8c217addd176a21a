"""The notes that come with an answer once: what is stored of a file, and how long what is kept of a member."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.cards import Block
from bot.feature import Request
from bot.reflections.answers import answer_cards
from bot.reflections.answers.seen_notes import FILES, WELCOME, is_new


@dataclass(frozen=True, slots=True)
class AnswerNotes:
    """Chooses the notes under an answer. `kept` says how long what is kept of a member."""

    kept: Callable[[], str]

    def choose_notes(
        self, conn: Connection, request: Request, files: Sequence[str] = ()
    ) -> tuple[Block, ...]:
        """What is stored of files, in full once and in a few words ever after; with a first answer also how long."""
        new = bool(files) and self._is_new(conn, request, FILES)
        welcome = self._is_new(conn, request, WELCOME)
        return (
            *answer_cards.file_blocks(files, new=new),
            *(answer_cards.welcome_blocks(self.kept()) if welcome else ()),
        )

    @staticmethod
    def _is_new(conn: Connection, request: Request, note: str) -> bool:
        return is_new(conn, request.community.id, request.member.id, note, request.now, None)
