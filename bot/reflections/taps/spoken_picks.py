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
from bot.reflections.answers.direct_messages import is_part
from bot.reflections.answers.intake import SUBJECT
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.intake import TapIntake


@dataclass(frozen=True, slots=True)
class SpokenPicks:
    """Takes what could have been tapped as if it had been, with the reason that was written behind it."""

    taps: TapIntake

    def take(self, conn: Connection, said: IncomingMessage) -> Card | None:
        """Store the value that a message says to a prompt with taps; None where it says none."""
        if not said.message.text.strip() or not said.request.member.keeps:
            return None
        open_ = [
            (here, number, TapQuestion(tuple(question.answer.taps())))
            for here in _list_meant(conn, said)
            for number, question in enumerate(here.prompt.questions)
            if question.answer.taps()
        ]
        return self._keep(conn, said, open_) if open_ else None

    def _keep(
        self, conn: Connection, said: IncomingMessage, open_: Sequence[tuple[AskedPrompt, int, TapQuestion]]
    ) -> Card | None:
        questions = tuple(question for _here, _number, question in open_)
        text = said.message.text
        found = read_value(text, questions)
        if found is None or understand(text, TalkFacts(questions)) is not Intent.VALUE:
            return None
        if not said.message.place.private and is_part(conn, said.message):
            return None  # words that were saved before stay words
        here, number, _question = open_[found.question]
        given = here.prompt.questions[number].answer.read_tap(found.value)
        return self.taps.keep_pick(conn, said.request, here, number, given, found.reason)


def _list_meant(conn: Connection, said: IncomingMessage) -> Sequence[AskedPrompt]:
    """The prompts that a message may answer, the newest last: in a thread its own, directly all that were open then."""
    message, heard, home = said.message, said.heard, said.request.community.id
    if message.place.private:
        prompts = asked_prompts.list_open_prompts(conn, home, message.at)
        return sorted(prompts, key=lambda one: (one.opened_at, one.id))
    if heard is None or heard.watch.subject != SUBJECT:
        return ()
    here = asked_prompts.find_asked_prompt(conn, home, heard.watch.ref)
    return (here,) if here is not None and here.opened_at <= message.at < here.closes_at else ()
