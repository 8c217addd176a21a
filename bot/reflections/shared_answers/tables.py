"""The tables of who looked when and who opened what, with one function for each query about shared answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    union_all,
)

from bot.chat.language import N_
from bot.people.audience import Reader
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking
from bot.store.dialect import insert
from bot.store.retention import Ages, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import UtcDateTime
from bot.store.wanted import SetStatement

COUNTED = 99
"""Answers are counted up to this many, so that no list waits for a count."""
OPENERS = 100
"""Openers of one answer that are remembered; nobody beyond them is."""

last_look = Table(
    "last_look",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_last_look_occurrence", "occurrence_id"),
)
"""When a member last looked at what others answered to a prompt: what was shared with them since is new to them."""

opening = Table(
    "opening",
    metadata,
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Index("ix_opening_member", "member_id"),
)
"""Who opened an answer, so that nobody is counted twice. It has no time, and is shown to nobody but as a rounded count."""


@dataclass(frozen=True, slots=True)
class PageStart:
    """A place in a list, the latest first: of an answer, when it was shared; of a prompt, when it was asked."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """An answer that a reader may read, with its place among the others."""

    answer: Answer
    position: PageStart


def _given(circle: ColumnElement[bool], occurrence: Any) -> ColumnElement[bool]:
    return and_(answer.c.occurrence_id == occurrence, circle, IS_GIVEN)


def list_shared_answers(
    conn: Connection, reader: Reader, occurrence_id: int, before: PageStart | None, limit: int
) -> list[SharedAnswer]:
    """What others shared with a reader of one prompt, the latest shared first, after a position.

    Each circle is read in the order of its index and no further than the page, however many answers there are.
    """
    at, number = answer.c.shared_at, answer.c.id
    pages: list[Select[Any]] = []
    for circle in reader.circles(SHARED):
        page = select(number, at).where(_given(circle, occurrence_id))
        if before is not None:
            page = page.where(or_(at < before.at, and_(at == before.at, number < before.id)))
        cut = page.order_by(at.desc(), number.desc()).limit(limit).subquery()
        pages.append(select(cut.c.id, cut.c.shared_at))
    if not pages:
        return []
    found = union_all(*pages).subquery()
    order = (found.c.shared_at.desc(), found.c.id.desc())
    rows = conn.execute(select(found.c.id, found.c.shared_at).order_by(*order).limit(limit)).all()
    whole = {one.id: one for one in load_answers(conn, number.in_([row.id for row in rows]))}
    return [SharedAnswer(whole[row.id], PageStart(row.shared_at, row.id)) for row in rows]


def count_shared_answers(
    conn: Connection, reader: Reader, occurrence_id: int, since: datetime | None = None
) -> int:
    """How many answers of a prompt others shared with a reader, or did since then; more than `COUNTED` are not told apart."""
    total = 0
    for circle in reader.circles(SHARED):
        few = select(answer.c.id).where(_given(circle, occurrence_id))
        if since is not None:
            few = few.where(answer.c.shared_at > since)
        total += conn.execute(
            select(func.count()).select_from(few.limit(COUNTED + 1).subquery())
        ).scalar_one()
    return min(total, COUNTED + 1)


def list_shared_prompts(
    conn: Connection, reader: Reader, *, unseen: bool, before: PageStart | None, limit: int
) -> list[AskedPrompt]:
    """Prompts to which others shared an answer with a reader, the latest first; `unseen`: since their last look."""
    circles = reader.circles(SHARED)
    if not circles:
        return []
    since: tuple[Any, ...] = (
        (or_(last_look.c.at.is_(None), answer.c.shared_at > last_look.c.at),) if unseen else ()
    )
    there = or_(*(exists().where(_given(one, asking.c.occurrence_id), *since) for one in circles))
    mine = and_(
        last_look.c.occurrence_id == asking.c.occurrence_id, last_look.c.member_id == reader.member_id
    )
    query = (
        select(*WHOLE)
        .select_from(asking.outerjoin(last_look, mine))
        .where(asking.c.community_id == reader.community_id, there)
        .order_by(asking.c.opened_at.desc(), asking.c.occurrence_id.desc())
        .limit(limit)
    )
    if before is not None:
        same = and_(asking.c.opened_at == before.at, asking.c.occurrence_id < before.id)
        query = query.where(or_(asking.c.opened_at < before.at, same))
    return [asked_from(row) for row in conn.execute(query)]


def last_look_at(conn: Connection, member_id: int, occurrence_id: int) -> datetime | None:
    """When a member last looked at the answers of a prompt."""
    mine = and_(last_look.c.member_id == member_id, last_look.c.occurrence_id == occurrence_id)
    at: datetime | None = conn.execute(select(last_look.c.at).where(mine)).scalar_one_or_none()
    return at


def note_look(conn: Connection, community_id: int, member_id: int, occurrence_id: int, now: datetime) -> None:
    """Remember that a member looked at the answers of a prompt."""
    row = insert(last_look).values(
        community_id=community_id, member_id=member_id, occurrence_id=occurrence_id, at=now
    )
    conn.execute(row.on_conflict_do_update(index_elements=["member_id", "occurrence_id"], set_={"at": now}))


def note_openings(conn: Connection, community_id: int, member_id: int, answer_ids: Sequence[int]) -> None:
    """Remember that a member opened answers, of each the first `OPENERS` who do."""
    opened = count_openers(conn, answer_ids)
    for answer_id in answer_ids:
        if opened.get(answer_id, 0) < OPENERS:
            row = {"answer_id": answer_id, "member_id": member_id, "community_id": community_id}
            conn.execute(insert(opening).values(row).on_conflict_do_nothing())


_OPENERS = SetStatement(
    lambda wanted: (
        select(opening.c.answer_id, func.count().label("openers"))
        .join_from(wanted, opening, opening.c.answer_id == wanted.c.answer_id)
        .join(answer, answer.c.id == opening.c.answer_id)
        .where(opening.c.member_id != answer.c.member_id)
        .group_by(opening.c.answer_id)
    ),
    answer_id=Integer,
)


def count_openers(conn: Connection, answer_ids: Iterable[int]) -> dict[int, int]:
    """How many others opened each of these answers; linking two accounts can make an author an opener."""
    return {row.answer_id: row.openers for row in _OPENERS.rows(conn, [(one,) for one in set(answer_ids)])}


def hand_over(conn: Connection, member_id: int) -> list[dict[str, object]]:
    """When a member last looked at the answers of which prompt, and which answers they opened, for their own copy."""
    looks = conn.execute(
        select(last_look.c.occurrence_id, last_look.c.at).where(last_look.c.member_id == member_id)
    )
    opened = conn.execute(
        select(func.count()).select_from(opening).where(opening.c.member_id == member_id)
    ).scalar_one()
    found: list[dict[str, object]] = [
        {"prompt": f"o{row.occurrence_id}", "last looked at": row.at.isoformat()} for row in looks
    ]
    return [*found, {"answers of others opened": opened}] if opened else found


def retention(ages: Ages) -> tuple[Retention, ...]:
    """When somebody looked at the answers of a prompt, kept no longer than these."""
    looks = old_rows(
        "looks at answers", ages["answers"], last_look, lambda before: last_look.c.at < before,
        words=N_("when you last looked at what others shared"),
    )  # fmt: skip
    return (looks,)


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Remove when a member looked and what they opened."""
    for table in (last_look, opening):
        conn.execute(
            delete(table).where(table.c.community_id == community_id, table.c.member_id == member_id)
        )
