"""Where the words of a strategy can be from: a shared answer, a look of a team's plan, a message, or nothing but oneself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, cast, func, select

from bot.chat.language import _
from bot.chat.models import Message, Refusal
from bot.chat.parsing.button_values import read_fields, read_id, read_key
from bot.feature import Request
from bot.people.accounts import member_at
from bot.people.audience import Reader, Readers
from bot.people.tables import member
from bot.strategies.tables import LIMITS, StrategyText, strategy


@dataclass(frozen=True, slots=True)
class StrategySource:
    """Words that may become a strategy: whose they are, what they say, and the lesson they belong to."""

    name: str
    author_id: int
    author: str
    text: StrategyText
    lesson: str = ""


ReadAnswer = Callable[[Connection, Reader, int], StrategySource | None]
"""An answer that a reader may read, as a source; None for any other."""
ReadLook = Callable[[Connection, Request, str], StrategySource | None]
"""What a team learned at a look (`t1/e5`) of a plan that somebody is in the team of; None for any other."""
IsShared = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Whether the answer with the number in a column is shared with anybody else: a condition for a query."""


@dataclass(frozen=True, slots=True)
class StrategySources:
    """Finds the words that a form or button names."""

    readers: Readers
    read_answer: ReadAnswer
    read_look: ReadLook
    is_shared: IsShared

    @property
    def taken_back(self) -> ColumnElement[bool]:
        """Whether a strategy waits for its author whose words were in an answer that nobody else may read any more."""
        source = strategy.c.source
        number = case((source.like("a%"), cast(func.substr(source, 2), Integer)))
        return and_(strategy.c.agreed_at.is_(None), source.like("a%"), ~self.is_shared(number))

    def was_taken_back(self, conn: Connection, strategy_id: int) -> bool:
        """Whether that holds of a strategy."""
        query = select(strategy.c.id).where(strategy.c.id == strategy_id, self.taken_back)
        return conn.execute(query).first() is not None

    def find(self, conn: Connection, request: Request, name: str) -> StrategySource:
        """The source of this name; refuses what somebody may not read."""
        if name.startswith("a"):
            found = self.read_answer(conn, self.reader_of(conn, request), read_id(name, "a"))
        elif name.startswith("t"):
            found = self.read_look(conn, request, name)
        elif name.startswith("m/"):
            found = self._of_message(conn, request, name)
        else:
            found = StrategySource("", request.member.id, request.member.name, StrategyText("", ""))
        if found is None:
            raise Refusal(_("You cannot read that now."), _("`/strategy save` saves what worked for you."))
        return found

    def reader_of(self, conn: Connection, request: Request) -> Reader:
        """Whoever asks."""
        return self.readers.reader(conn, request.community.id, request.member.id, request.role)

    def _of_message(self, conn: Connection, request: Request, name: str) -> StrategySource:
        """A message (`m/author/channel/id`) of somebody here: its words come with the form, and they are asked for them."""
        person, channel, message = map(read_key, read_fields(name.removeprefix("m/"), 3))
        author = member_at(conn, request.community.id, request.person.space, person)
        if author is None:
            raise Refusal(
                _("I do not know who wrote that, so I cannot ask them."), _("`/strategy save` saves what worked for you.")
            )  # fmt: skip
        said = request.about.text if request.about is not None else ""
        text = StrategyText("", said[: LIMITS["happened"]])
        return StrategySource(f"m/{person}/{channel}/{message}", author[0], author[1], text)


def name_message(message: Message) -> str:
    """A message as the source of a strategy: the same whoever saves it, and however often."""
    author = "-" if message.author is None else message.author.id
    return f"m/{author}/{message.place.channel}/{message.id}"


def wants_saving(conn: Connection, member_id: int) -> bool:
    """Whether a member lets anything of theirs be stored."""
    return bool(conn.execute(select(member.c.keeps).where(member.c.id == member_id)).scalar_one_or_none())
