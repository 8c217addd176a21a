"""What the platform's own menus and the bot's own page offer: picking a message as one's answer, and what is open."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.capture import tables as capture
from bot.chat.cards import Block, Card
from bot.chat.menu import Shortcut
from bot.chat.models import Refusal, Sharing
from bot.feature import ButtonHandler, Request, Waits
from bot.reflections import cards
from bot.reflections.answers import existing_answer, tables
from bot.reflections.answers.intake import LIMIT, SAVED, Answers, newest, source_of, whole
from bot.reflections.schedule import asked_prompts
from bot.store.store import Store

SHORTCUTS = (
    Shortcut("reflect.save", "Save as my reflection", "Keep your own message as your answer"),
    Shortcut("reflect.answer", "Answer the prompt", "Answer what is open", on="anywhere", opens=True),
)


class AnswerShortcuts:
    """Keeps messages that their authors picked."""

    def __init__(self, store: Store, answers: Answers) -> None:
        self._store = store
        self._answers = answers

    async def save(self, request: Request) -> Card:
        """Somebody's own message is their answer, wherever it was written.

        In a thread we listen to it is marked like by the saving reaction, and its edits follow. Elsewhere a copy is
        kept: nobody re-reads that place.
        """
        return await self._store.write(lambda conn: self._save(conn, request))

    def _save(self, conn: Connection, request: Request) -> Card:
        message = request.about
        if message is None or message.author is None or message.author.id != request.person.id:
            raise Refusal("Only your own message can be your reflection.", "Write your own, and save that.")
        prompts = asked_prompts.open_now(conn, request.community.id, request.now)
        if prompts:
            self._answers.check_open(request, newest(prompts))
        place = message.place
        if request.member.keeps and capture.choose(
            conn, place.space, place.channel, message.id, request.person.id, True, request.now
        ):
            return cards.saved()
        if not prompts:
            raise Refusal("No prompt is open right now.", "`/reflect history` has your own answers.")
        here, text = newest(prompts), whole(message)
        if not text or len(text) > LIMIT:
            raise Refusal(*cards.unsaved(len(text), LIMIT))
        sharing = request.member.sharing or Sharing.ME
        answer_id, new = existing_answer.answer_for(conn, here, request.member.id, sharing, request.now)
        tables.keep_part(
            conn, here.community_id, answer_id, SAVED, source_of(message), text, None, message.at, None
        )
        self._answers.changed(conn, here, request.member.id, new)
        answer, here = self._answers.own(conn, request, answer_id)
        return cards.receipt(answer, here, move=prompts)

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The shortcut's deed."""
        return (ButtonHandler("reflect.save", Waits(self.save)),)


def home(conn: Connection, request: Request) -> Sequence[Block]:
    """The open prompts, for the bot's own page."""
    prompts = asked_prompts.open_now(conn, request.community.id, request.now)
    done = {one.id for one in prompts if tables.answer_of(conn, one.id, request.member.id) is not None}
    return cards.open_prompts(prompts, done, request.community.zone).blocks
