"""Shared answers for the search: which of them a reader may read, and how one that was found is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists

from bot.chat.cards import Button
from bot.chat.language import N_, _
from bot.people.audience import Reader
from bot.reflections.answers.search_entries import KIND, index_answers
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers
from bot.reflections.schedule.asked_prompts import find_asked_prompt
from bot.reflections.shared_answers.cards import CIRCLES
from bot.search.searchable import Finding, Searchable

FoundHandles = Callable[[Connection, Reader, Sequence[Answer]], Mapping[int, Sequence[Button]]]
"""The buttons that somebody gets under each answer they found, by its id: a room that has some is asked once for a page."""


@dataclass(frozen=True, slots=True)
class FoundAnswers:
    """Shows answers that were found by words; `handles` fill the row under each."""

    handles: tuple[FoundHandles, ...] = ()

    def searchable(self) -> Searchable:
        """What the search is told of answers."""
        return Searchable(KIND, N_("Shared answers"), 2, may_read, self.show, index_answers)

    def show(self, conn: Connection, reader: Reader, refs: Sequence[int]) -> list[Finding]:
        """The answers with these ids that a reader may read."""
        found = load_answers(conn, answer.c.id.in_(refs), IS_GIVEN, reader.condition(SHARED))
        handles = [handle(conn, reader, found) for handle in self.handles]
        return [
            self._finding(conn, reader, one, [button for each in handles for button in each.get(one.id, ())])
            for one in found
        ]

    @staticmethod
    def _finding(conn: Connection, reader: Reader, one: Answer, handles: Sequence[Button]) -> Finding:
        here = find_asked_prompt(conn, reader.community_id, one.occurrence_id)
        whole = Button(_("Read it all"), does="reflect.whole", value=f"a{one.id}")
        buttons = (whole, *handles)
        circle = _(CIRCLES[one.sharing])
        about = (
            _("{title} · {circle}", title=here.prompt.title, circle=circle) if here is not None else circle
        )
        return Finding(one.id, one.words, one.name, one.first_at, about, buttons)


def may_read(reader: Reader, ref: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a reader may read the answer with this id: a condition for a query."""
    return exists().where(answer.c.id == ref, IS_GIVEN, reader.condition(SHARED))
