"""The intake of taps: one press is an answer, and pressing something else changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import _
from bot.chat.models import Refusal, Sharing, StaleValue
from bot.chat.parsing.button_values import read_fields, read_id, read_number
from bot.feature import ButtonHandler, Request, Writes
from bot.reflections.answers import answer_form, existing_answer, linked_answers, tables
from bot.reflections.answers.first_sharing import choose_sharing
from bot.reflections.answers.intake import AnswerIntake
from bot.reflections.answers.message_parts import form_source
from bot.reflections.answers.next_question import next_blocks
from bot.reflections.answers.tables import Answer, Part
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps import cards
from bot.reflections.taps.card_blocks import TAP


@dataclass(frozen=True, slots=True)
class SpokenPick:
    """How something was picked: when, in which message (None: by a tap), and the reason that it gives."""

    at: datetime
    message: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TapIntake:
    """Takes taps in: what was tapped is a part of the member's one answer, as if it came by form."""

    answers: AnswerIntake

    def buttons(self) -> Sequence[ButtonHandler]:
        """The taps on the card of a prompt."""
        return (ButtonHandler(TAP, Writes(self.answer_by_tap)),)

    def answer_by_tap(self, conn: Connection, request: Request) -> Card:
        """Store what was tapped; a receipt for the member alone, which offers a reason and the form."""
        return self.keep_pick(conn, request, *_read_tap(conn, request))

    def keep_pick(
        self, conn: Connection, request: Request, here: AskedPrompt, number: int, given: object,
        said: SpokenPick | None = None,
    ) -> Card:  # fmt: skip
        """Store what was picked for a question: by a tap, or in words (`said`)."""
        said = said or SpokenPick(request.now)
        self.answers.check_open(request, here, said.reason)
        answer, part = self._store(conn, request, here, number, given, said)
        further = next_blocks(here, answer, new=answer.first_at == said.at, private=request.place.private)
        readers = self.answers.receipts.readers_text(conn, here, answer)
        return cards.receipt_card(answer, here, part, readers, further)

    def _store(
        self, conn: Connection, request: Request, here: AskedPrompt, number: int, given: object, said: SpokenPick
    ) -> tuple[Answer, Part]:  # fmt: skip
        """The answer with what was picked in it. A reason that was given before stays; so does all else that was said."""
        wanted = choose_sharing(here.prompt, request.member.sharing)
        answer_id, new = existing_answer.open_answer(
            conn, here, request.member.id, wanted, said.at, request.now
        )
        if new:
            linked_answers.note_author(conn, (request.person.space, request.person.id), answer_id)
        source, found = form_source(answer_id, number), tables.find_answer(conn, here.community_id, answer_id)
        before = find_pick(found, source)
        reply = answer_form.make_reply(here.prompt, number, given, said.reason)
        if not said.reason and (reason := _standing_reason(before, reply.value, said)):
            reply = answer_form.make_reply(here.prompt, number, given, reason)
        if before is None or before.value != reply.value:
            edited = None if before is None else request.now
            tables.store_part(
                conn, here.community_id, answer_id, "form", source, reply.text, reply.value, said.at, edited,
                number, said.message,
            )  # fmt: skip
            found = tables.find_answer(conn, here.community_id, answer_id)
        part = find_pick(found, source)
        if found is None or part is None:
            raise LookupError(f"answer {answer_id} was written and is not there")
        shared = found.sharing is not Sharing.ME
        self.answers.announce_change(conn, here, request.member.id, new, late=found.late, index=shared)
        return found, part


def find_pick(answer: Answer | None, source: str) -> Part | None:
    """What was picked or filled in for a question, if it was."""
    return next((one for one in answer.parts if one.source == source), None) if answer is not None else None


def _standing_reason(before: Part | None, picked: Any, said: SpokenPick) -> str:
    """The reason that stays when something is picked without one; "" where it was said in a message for another pick.

    What a message said is all it says now: when it is edited, the reason it does not give any more is gone.
    """
    if before is None or not isinstance(before.value, dict):
        return ""
    spoken = before.said_in is not None
    if spoken and (before.said_in == said.message or before.value.get("pick") != picked["pick"]):
        return ""
    return str(before.value.get("reason") or "")


def _read_tap(conn: Connection, request: Request) -> tuple[AskedPrompt, int, object]:
    """The prompt, the question and the checked value that a button or select carries; raises `Refusal`."""
    ref, question, value = read_fields(request.value, 3)
    here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(ref, "o"))
    if here is None:
        raise Refusal(_("That prompt is no longer here."), _("`/reflect` shows what is open."))
    questions, number = here.prompt.questions, read_number(question, most=2)
    if number >= len(questions) or value not in dict(questions[number].answer.taps()):
        raise StaleValue
    return here, number, questions[number].answer.read_tap(value)
