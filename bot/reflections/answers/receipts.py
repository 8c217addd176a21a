"""Receipts of answers, with who can read each of them now and, from a certain number on, how many did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.chat.cards import Block, Card
from bot.chat.models import Sharing
from bot.people.audience import Readers, SharedItem
from bot.ratings.cards import prompt_thing, rating_blocks
from bot.reflections.answers import answer_cards, receipt_cards
from bot.reflections.answers.lesson_questions import FinishButton, ask_more
from bot.reflections.answers.next_question import find_next_question, next_blocks
from bot.reflections.answers.tables import Answer
from bot.reflections.schedule.asked_prompts import AskedPrompt

STEP = 5
"""Openers are told to the author in steps of so many, so that no two counts differ by fewer people."""

CountOpeners = Callable[[Connection, Sequence[int]], Mapping[int, int]]
"""How many opened each of these answers."""


def rating_question(here: AskedPrompt, answer: Answer, *, new: bool) -> tuple[Block, ...]:
    """Whether the prompt was worth the time: asked with every other new answer of a member that is whole."""
    whole = find_next_question(here.prompt, answer.parts) is None
    turn = (here.id + answer.member_id) % 2 == 0
    return rating_blocks(prompt_thing(here.prompt_id)) if new and whole and turn else ()


@dataclass(frozen=True, slots=True)
class Receipts:
    """Writes receipts that are true of the moment in which they are shown."""

    readers: Readers
    count_openers: CountOpeners
    finish_button: FinishButton

    def receipt(
        self,
        conn: Connection,
        answer: Answer,
        here: AskedPrompt,
        *,
        new: bool = False,
        private: bool = False,
        **about: Any,
    ) -> Card:
        """The receipt of an answer, with what is asked next (`private`: in a direct message; `new`: it was given now).

        `about` is what `receipt_card` takes beside it.
        """
        further = next_blocks(here, answer, new=new, private=private)
        asks = self.questions(conn, here, answer) if new else ()
        notes = (*asks, *further, *about.pop("notes", ()), *rating_question(here, answer, new=new))
        readers, added = self.readers_text(conn, here, answer), private and not new
        return receipt_cards.receipt_card(answer, here, readers, added=added, notes=notes, **about)

    def questions(self, conn: Connection, here: AskedPrompt, answer: Answer) -> Sequence[Block]:
        """What is asked once about an answer that says too little to finish its lesson."""
        return ask_more(conn, here, answer, self.finish_button)

    def readers_text(self, conn: Connection, here: AskedPrompt, answer: Answer) -> str:
        """Who can read an answer now, as its author reads it."""
        alone = self.is_alone(conn, here, answer.sharing, answer.member_id)
        public = any(one.via in ("thread", "saved") for one in answer.parts)
        return answer_cards.readers_text(answer.sharing, alone=alone, public=public, hidden=answer.hidden)

    def is_alone(self, conn: Connection, here: AskedPrompt, sharing: Sharing, member_id: int) -> bool:
        """Whether a member shares with their team and nobody else is in it."""
        return sharing is Sharing.TEAM and not self.readers.mates_of(conn, here.community_id, member_id)

    def opened_by(self, conn: Connection, community_id: int, answers: Sequence[Answer]) -> dict[int, int]:
        """How many opened each answer, rounded down to a step; not told where that would be everybody who may."""
        counts = self.count_openers(conn, [one.id for one in answers])
        found = {}
        for one in answers:
            step = counts.get(one.id, 0) // STEP * STEP
            item = SharedItem(community_id, one.member_id, one.sharing, one.hidden is not None)
            if step and step < self.readers.count_readers(conn, item):
                found[one.id] = step
        return found
