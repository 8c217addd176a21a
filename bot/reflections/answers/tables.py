"""The tables of answers and their parts, with one function for each question about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from bot.chat.models import Sharing
from bot.people.audience import Reader, SharedColumns
from bot.people.tables import member
from bot.reflections.answers.hiding_reasons import HidingReason
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.foresight import LaterWork, do_later
from bot.store.journal import empty_log_after
from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime
from bot.store.wanted import SetStatement

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("sharing", Text, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("shared_at", UtcDateTime, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("replaced_at", UtcDateTime),
    Column("hidden_at", UtcDateTime),
    Column("hidden_for", EnumText(HidingReason)),
    UniqueConstraint("occurrence_id", "member_id"),
    Index("ix_answer_member", "member_id", "first_at"),
    Index("ix_answer_shared", "occurrence_id", "sharing", "shared_at", "id"),
)
"""What one member answered to one occurrence; its text is in its parts. `shared_at`: since when its readers have it. No message that was said up to `replaced_at` is
a part: the form took its place, or it was taken back. `hidden_at`: since then a moderator hides it from all but its author, for the reason
`hidden_for`."""

SHARED = SharedColumns(answer.c.community_id, answer.c.member_id, answer.c.sharing, answer.c.hidden_at)
"""What says who may read an answer."""

part = Table(
    "part",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("via", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("question", Integer),
    Column("value", Json),
    Column("said_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("said_in", Text),
    Index("uq_part_source", "source", unique=True),
)
_picked = part.c.said_in.is_not(None)
Index("ix_part_said_in", part.c.said_in, sqlite_where=_picked, postgresql_where=_picked)
"""A piece of an answer. `source` is its identity: `space/channel/message` or `form/<answer>/<question>`. `said_in` is the
message (`space/channel/message`) that says in words what could have been tapped; None where it was tapped, or no pick."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer, which came by `thread`, `direct`, `form` or `saved`. `question` is the number of the one it answers,
    None: none in particular. `value` is None for words; else it holds the `pick` and the `reason`, "" where there is none.
    `said_in` is the message that says a pick in words."""

    id: int
    via: str
    source: str
    text: str
    value: Any
    said_at: datetime
    edited_at: datetime | None
    question: int | None = None
    said_in: str | None = None

    @property
    def words(self) -> str:
        """What was said in words: all of it, or the reason for what was picked."""
        return str(self.value.get("reason") or "") if isinstance(self.value, dict) else self.text


@dataclass(frozen=True, slots=True)
class Answer:
    """One member's answer to one prompt, with its parts in the order in which they were said."""

    id: int
    occurrence_id: int
    member_id: int
    name: str
    sharing: Sharing
    first_at: datetime
    late: bool
    withdrawn: bool
    parts: tuple[Part, ...]
    hidden: HidingReason | None = None

    @property
    def text(self) -> str:
        """The whole answer as one text."""
        return "\n\n".join(one.text for one in self.parts if one.text)

    @property
    def words(self) -> str:
        """The words in it as one text, without what was picked."""
        return "\n\n".join(filter(None, (one.words for one in self.parts)))


_PART = insert(part).inline()
_KEPT = CompiledStatement(
    _PART.on_conflict_do_update(
        index_elements=["source"],
        set_={name: _PART.excluded[name] for name in ("text", "value", "edited_at", "answer_id", "said_in")}
        | {"question": func.coalesce(_PART.excluded.question, part.c.question)},
    ),
    *("community_id", "answer_id", "via", "source", "text", "question", "value", "said_at", "edited_at", "said_in"),
)  # fmt: skip
_KEPT_LATER = LaterWork(4, _KEPT.run_all)


def store_part(
    conn: Connection, community_id: int, answer_id: int, via: str, source: str, text: str, value: object, said_at: datetime,
    edited_at: datetime | None, question: int | None = None, said_in: str | None = None,
) -> None:  # fmt: skip
    """Store a piece of an answer under its source; a newer version replaces an older one."""
    row = {
        "community_id": community_id, "answer_id": answer_id, "via": via, "source": source, "text": text,
        "question": question, "value": value, "said_at": said_at, "edited_at": edited_at, "said_in": said_in,
    }  # fmt: skip
    do_later(conn, _KEPT_LATER, row)


def find_answer_with_source(conn: Connection, source: str) -> tuple[int, int] | None:
    """(answer id, occurrence id) of the answer a source belongs to."""
    row = conn.execute(
        select(answer.c.id, answer.c.occurrence_id)
        .join(part, part.c.answer_id == answer.c.id)
        .where(part.c.source == source)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def find_part(conn: Connection, community_id: int, part_id: int) -> tuple[Answer, Part] | None:
    """A piece of an answer, with the answer it belongs to."""
    answer_id = conn.execute(
        select(part.c.answer_id).where(part.c.community_id == community_id, part.c.id == part_id)
    ).scalar_one_or_none()
    whole = find_answer(conn, community_id, answer_id) if answer_id is not None else None
    if whole is None:
        return None
    return whole, next(one for one in whole.parts if one.id == part_id)


_DROPPED = LaterWork(3, lambda conn, of: conn.execute(delete(part).where(part.c.source.in_([*chain(*of)]))))


def drop_parts(conn: Connection, sources: Sequence[str]) -> None:
    empty_log_after(conn)
    do_later(conn, _DROPPED, sources)


def replace_parts(conn: Connection, answer_id: int, sources: Sequence[str], at: datetime) -> list[str]:
    """Let these be the only parts of an answer, whatever was said until then; the sources of messages that were some.

    What was said is dated by its platform, so a clock that is behind lets no message of the answer come back.
    """
    others = and_(part.c.answer_id == answer_id, part.c.source.not_in(sources))
    gone = conn.execute(select(part.c.via, part.c.source, part.c.said_at).where(others)).all()
    conn.execute(delete(part).where(others))
    messages = [row for row in gone if row.via != "form"]
    latest = max((at, *(row.said_at for row in messages)))
    conn.execute(update(answer).where(answer.c.id == answer_id).values(replaced_at=latest))
    return [row.source for row in messages]


_SAID = lambda wanted: select(part).join_from(wanted, part, part.c.answer_id == wanted.c.answer_id)
_PIECES = SetStatement(_SAID, answer_id=Integer)


def load_answers(
    conn: Connection, *conditions: Any, limit: int | None = None, offset: int = 0, oldest: bool = False
) -> list[Answer]:
    """The answers of which these conditions hold, newest first unless `oldest`."""
    asked = select_answers(*conditions, oldest=oldest).offset(offset).limit(limit)
    return read_answers(conn, conn.execute(asked).all())


def select_answers(*conditions: Any, oldest: bool = False) -> Select[Any]:
    """The question for the answers of which these conditions hold, with the names of their authors."""
    order = (answer.c.first_at, answer.c.id)
    asked = select(answer, member.c.name).join(member, member.c.id == answer.c.member_id).where(*conditions)
    return asked.order_by(*(order if oldest else (column.desc() for column in order)))


def read_answers(conn: Connection, rows: Sequence[Any]) -> list[Answer]:
    """The answers in the rows of such a question, with what was said in each."""
    pieces: dict[int, list[Part]] = {row.id: [] for row in rows}
    found = _PIECES.rows(conn, [(one,) for one in pieces]) if pieces else ()
    for row in sorted(found, key=lambda one: (one.said_at, one.id)):
        piece = Part(
            row.id, row.via, row.source, row.text, row.value, row.said_at, row.edited_at, row.question, row.said_in
        )  # fmt: skip
        pieces[row.answer_id].append(piece)
    return [
        Answer(
            row.id, row.occurrence_id, row.member_id, row.name, Sharing(row.sharing), row.first_at, row.late,
            row.withdrawn_at is not None, tuple(pieces[row.id]), row.hidden_for,
        )
        for row in rows
    ]  # fmt: skip


IS_GIVEN = and_(answer.c.withdrawn_at.is_(None), exists().where(part.c.answer_id == answer.c.id))


def find_answer(conn: Connection, community_id: int, answer_id: int) -> Answer | None:
    found = load_answers(conn, answer.c.community_id == community_id, answer.c.id == answer_id)
    return found[0] if found else None


def find_readable_answer(conn: Connection, reader: Reader, answer_id: int) -> Answer | None:
    """An answer that a reader may read, their own or another's; any other is as good as not there."""
    found = load_answers(conn, answer.c.id == answer_id, IS_GIVEN, reader.condition(SHARED))
    return found[0] if found else None


def find_answer_of_member(conn: Connection, occurrence_id: int, member_id: int) -> Answer | None:
    """A member's answer to one occurrence, unless they took it back."""
    found = load_answers(
        conn, answer.c.occurrence_id == occurrence_id, answer.c.member_id == member_id, IS_GIVEN
    )
    return found[0] if found else None


def list_answers(conn: Connection, occurrence_id: int) -> list[Answer]:
    """All answers to one occurrence that were not taken back, late ones too, oldest first."""
    return load_answers(conn, answer.c.occurrence_id == occurrence_id, IS_GIVEN, oldest=True)


def count_answers(conn: Connection, community_id: int, member_id: int) -> int:
    """How many answers a member has."""
    return conn.execute(
        select(func.count())
        .select_from(answer)
        .where(answer.c.community_id == community_id, answer.c.member_id == member_id, IS_GIVEN)
    ).scalar_one()


def set_sharing(conn: Connection, answer_id: int, sharing: Sharing, now: datetime) -> None:
    """Choose who may read an answer; to whoever could not read it before it is new."""
    changed = and_(answer.c.id == answer_id, answer.c.sharing != sharing.value)
    wider = case(
        (answer.c.sharing == Sharing.EVERYONE.value, answer.c.shared_at), else_=literal(now, UtcDateTime)
    )
    conn.execute(update(answer).where(changed).values(sharing=sharing.value, shared_at=wider))


def set_withdrawn(conn: Connection, answer_id: int, at: datetime | None) -> None:
    """Take an answer back, or with None undo that; its text goes for good ten minutes later."""
    conn.execute(update(answer).where(answer.c.id == answer_id).values(withdrawn_at=at))
