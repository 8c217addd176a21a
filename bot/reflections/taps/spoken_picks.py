"""Picks that are said in words: a number, yes, no or an option, in a direct message or the thread of a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.feature import IncomingMessage
from bot.intents.classifier import understand
from bot.intents.intent import Intent, TalkFacts, TapQuestion
from bot.intents.values import read_value
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.intake import TapIntake


@dataclass(frozen=True, slots=True)
class SpokenPicks:
    """Takes what could have been tapped as if it had been, with the reason that was written behind it."""

    taps: TapIntake

    def take(self, conn: Connection, said: IncomingMessage) -> Card | None:
        """Store the value that a direct message says to a prompt with taps; None where it says none."""
        if not said.message.text.strip():
            return None
        prompts = asked_prompts.list_open_prompts(conn, said.request.community.id, said.message.at)
        return self._take(conn, said, sorted(prompts, key=lambda one: (one.opened_at, one.id)))

    def take_in_thread(self, conn: Connection, said: IncomingMessage, here: AskedPrompt) -> Card | None:
        """The same in the thread of a prompt, of a message that is no part of an answer yet."""
        return self._take(conn, said, (here,)) if here.opened_at <= said.message.at < here.closes_at else None

    def _take(self, conn: Connection, said: IncomingMessage, prompts: Sequence[AskedPrompt]) -> Card | None:
        open_ = [
            (here, number, TapQuestion(tuple(question.answer.taps())))
            for here in prompts
            for number, question in enumerate(here.prompt.questions)
            if question.answer.taps()
        ]
        return self._keep(conn, said, open_) if open_ and said.request.member.keeps else None

    def _keep(
        self, conn: Connection, said: IncomingMessage, open_: Sequence[tuple[AskedPrompt, int, TapQuestion]]
    ) -> Card | None:
        questions = tuple(question for _here, _number, question in open_)
        text = said.message.text
        found = read_value(text, questions)
        if found is None or understand(text, TalkFacts(questions)) is not Intent.VALUE:
            return None
        here, number, _question = open_[found.question]
        given = here.prompt.questions[number].answer.read_tap(found.value)
        return self.taps.keep_pick(conn, said.request, here, number, given, found.reason)
