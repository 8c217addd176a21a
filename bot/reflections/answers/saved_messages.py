"""Messages that their author saves as an answer: by a reaction, or by the menu of a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from bot.capture import choices
from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Shortcut
from bot.chat.models import Refusal
from bot.feature import ButtonHandler, Reaction, Request, Writes
from bot.reflections.answers import answer_cards, existing_answer, saved_cards, seen_notes, tables
from bot.reflections.answers.answer_notes import choose_notes
from bot.reflections.answers.first_sharing import choose_sharing
from bot.reflections.answers.intake import (
    LIMIT,
    SAVED,
    SUBJECT,
    AnswerIntake,
    newest_prompt,
)
from bot.reflections.answers.message_parts import source_of, text_of
from bot.reflections.answers.own_answers import find_own
from bot.reflections.schedule import asked_prompts

SHORTCUT = Shortcut("reflect.save", N_("Save as my reflection"), N_("Keep your own message as your answer"))
MONTH = timedelta(days=30)
"""How long after a hint about the reaction the next one may come."""


@dataclass(frozen=True, slots=True)
class SavedMessages:
    """Makes answers of messages. `emoji` is the reaction that does so."""

    answers: AnswerIntake
    emoji: str

    def buttons(self) -> Sequence[ButtonHandler]:
        """What the menu of a message does."""
        return (ButtonHandler("reflect.save", Writes(self.save_message)),)

    def react(self, conn: Connection, reaction: Reaction) -> Card | None:
        """The saving reaction on one's own message makes it an answer; taking it away undoes that."""
        request, message = reaction.request, reaction.request.message
        if reaction.emoji != self.emoji or message is None:
            return None
        mine = choices.find_own_message(conn, request.place, message, request.person.id)
        if mine is None or mine.subject != SUBJECT:
            return self._hint(conn, reaction)
        here = asked_prompts.find_asked_prompt(conn, request.community.id, mine.ref)
        if here is None:
            return None
        if not reaction.gone:
            self.answers.check_open(request, here)
        choices.mark_chosen(conn, mine, message, not reaction.gone, request.now)
        if reaction.gone:
            return None
        before = tables.find_answer_of_member(conn, here.id, request.member.id)
        first = choose_sharing(here.prompt, request.member.sharing, private=mine.place.private)
        sharing = first if before is None else before.sharing
        alone = self.answers.receipts.is_alone(conn, here, sharing, request.member.id)
        public = not mine.place.private
        return saved_cards.reaction_card(here, answer_cards.readers_text(sharing, alone=alone, public=public))

    def _hint(self, conn: Connection, reaction: Reaction) -> Card | None:
        """What the reaction is for, to whoever put it on a message of their own elsewhere; once a month at most."""
        request = reaction.request
        if reaction.gone or reaction.author != request.person.id:
            return None
        home, member, now = request.community.id, request.member.id, request.now
        if not seen_notes.is_new(conn, home, member, seen_notes.SAVING, now, MONTH):
            return None
        prompts = asked_prompts.list_open_prompts(conn, home, now)
        return saved_cards.hint_card(newest_prompt(prompts) if prompts else None)

    def save_message(self, conn: Connection, request: Request) -> Card:
        """Make somebody's own message their answer, wherever it was written.

        In a thread we listen to it is marked like by the saving reaction, and its edits follow. Elsewhere a copy is
        kept: nobody re-reads that place.
        """
        message = request.about
        if message is None or message.author is None or message.author.id != request.person.id:
            raise Refusal(
                _("Only your own message can be your reflection."), _("Write your own, and save that.")
            )
        prompts = asked_prompts.list_open_prompts(conn, request.community.id, request.now)
        if prompts:
            self.answers.check_open(request, newest_prompt(prompts))
        mine = choices.find_own_message(conn, message.place, message.id, request.person.id)
        if request.member.keeps and mine is not None:
            choices.mark_chosen(conn, mine, message.id, True, request.now)
            return saved_cards.saved_card()
        if not prompts:
            raise Refusal(_("No prompt is open right now."), _("`/reflect history` has your own answers."))
        here, text = newest_prompt(prompts), text_of(message)
        if not text or len(text) > LIMIT:
            raise Refusal(*saved_cards.unsaved_problem(len(text), LIMIT))
        sharing = choose_sharing(here.prompt, request.member.sharing)
        answer_id, new = existing_answer.open_answer(
            conn, here, request.member.id, sharing, request.now, request.now
        )
        tables.store_part(
            conn, here.community_id, answer_id, SAVED, source_of(message), text, None, message.at, None
        )
        answer, _unused = find_own(conn, request, answer_id)
        self.answers.announce_change(conn, here, request.member.id, new, late=answer.late)
        about = choose_notes(conn, request, message.files)
        return self.answers.receipts.receipt(
            conn, answer, here, move=prompts, notes=about, source=source_of(message)
        )
