"""Picks that are said in words: a number, yes, no or an option, in a direct message or the thread of a prompt.

They go with their message: what it says after an edit takes the place of what it said, and where it says no pick any more,
the pick is gone. (Where it is deleted or no answer any more, the intake takes it out.) What was tapped or filled in since
stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.feature import IncomingMessage, Taken
from bot.intents.classifier import understand
from bot.intents.intent import Intent, TalkFacts, TapQuestion
from bot.intents.values import read_value
from bot.reflections.answers import tables
from bot.reflections.answers.existing_answer import find_existing_answer
from bot.reflections.answers.followed_messages import follow_message
from bot.reflections.answers.message_parts import form_source, source_of
from bot.reflections.answers.tables import answer, part
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.intake import SpokenPick, TapIntake, find_pick

Found = tuple[AskedPrompt, int, object, str]
"""What a message picks: for which prompt, for which of its questions, the value and the reason."""


@dataclass(frozen=True, slots=True)
class SpokenPicks:
    """Takes what could have been tapped as if it had been, with the reason that was written behind it."""

    taps: TapIntake

    def take(self, conn: Connection, said: IncomingMessage) -> Taken | None:
        """Store the value that a direct message says to a prompt with taps; None where it says none."""
        if not said.message.text.strip():
            return None
        prompts = asked_prompts.list_open_prompts(conn, said.request.community.id, said.message.at)
        return self._take(conn, said, sorted(prompts, key=lambda one: (one.opened_at, one.id)))

    def take_in_thread(self, conn: Connection, said: IncomingMessage, here: AskedPrompt) -> Taken | None:
        """The same in the thread of a prompt, of a message that is no part of an answer yet."""
        return self._take(conn, said, (here,)) if here.opened_at <= said.message.at < here.closes_at else None

    def _take(self, conn: Connection, said: IncomingMessage, prompts: Sequence[AskedPrompt]) -> Taken | None:
        open_ = [
            (here, number, TapQuestion(tuple(question.answer.taps())))
            for here in prompts
            for number, question in enumerate(here.prompt.questions)
            if question.answer.taps()
        ]
        if not open_ or not said.request.member.keeps:
            return None
        found = _read_pick(said, open_)
        if said.message.version > said.message.at:
            self._drop(conn, said, found)
        return None if found is None else self._keep(conn, said, found)

    def _keep(self, conn: Connection, said: IncomingMessage, found: Found) -> Taken:
        here, number, given, reason = found
        request, message = said.request, said.message
        if _is_overtaken(conn, said, here, number):
            return Taken(None)
        spoken = SpokenPick(message.at, source_of(message), reason)
        card = self.taps.keep_pick(conn, request, here, number, given, spoken)
        follow_message(conn, self.taps.answers, request, here, message)
        return Taken(card)

    def _drop(self, conn: Connection, said: IncomingMessage, found: Found | None) -> None:
        """Take out what a message picked before, unless it picks something for the same question now (`found`)."""
        before = _find_spoken(conn, source_of(said.message))
        if before is None:
            return
        answer_id, occurrence_id, source = before
        if found is not None and source == form_source(answer_id, found[1]) and occurrence_id == found[0].id:
            return
        here = asked_prompts.find_asked_prompt(conn, said.request.community.id, occurrence_id)
        if here is not None:
            self.taps.answers.take_out(conn, said, here, (answer_id, occurrence_id), source)


def _read_pick(said: IncomingMessage, open_: Sequence[tuple[AskedPrompt, int, TapQuestion]]) -> Found | None:
    questions = tuple(question for _here, _number, question in open_)
    text = said.message.text
    found = read_value(text, questions)
    if found is None or understand(text, TalkFacts(questions)) is not Intent.VALUE:
        return None
    here, number, _question = open_[found.question]
    return here, number, here.prompt.questions[number].answer.read_tap(found.value), found.reason


def _is_overtaken(conn: Connection, said: IncomingMessage, here: AskedPrompt, number: int) -> bool:
    """Whether their answer was taken back or replaced since a message was written, or something else picked."""
    message, member_id, source = said.message, said.request.member.id, source_of(said.message)
    found = find_existing_answer(conn, here.community_id, here.id, member_id, source)
    chosen = None if said.heard is None else said.heard.chosen_at
    if found is not None and found[1].has_settled(message.at, chosen):
        return True
    given = tables.find_answer_of_member(conn, here.id, member_id)
    picked = None if given is None else find_pick(given, form_source(given.id, number))
    if picked is None or picked.said_in == source:
        return False
    return max(picked.said_at, picked.edited_at or picked.said_at) > message.at


def _find_spoken(conn: Connection, message: str) -> tuple[int, int, str] | None:
    """(answer id, occurrence id, source of the part) of what a message picked."""
    spoken = (
        select(answer.c.id, answer.c.occurrence_id, part.c.source)
        .join(part, part.c.answer_id == answer.c.id)
        .where(part.c.said_in == message)
    )
    row = conn.execute(spoken).first()
    return None if row is None else (row.id, row.occurrence_id, row.source)
