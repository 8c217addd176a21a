"""What Tilth remembers of asking and answering: tables, and one function for each question about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    exists,
    func,
    select,
    update,
)

from bot.chat.words import Place, Sharing
from bot.people.records import member
from bot.reflections.prompts import Prompt
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import Json, Moment

asking = Table(
    "asking",
    metadata,
    Column("occurrence_id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("schedule_id", Integer, nullable=False),
    Column("prompt_id", ForeignKey("prompt.id"), nullable=False),
    Column("prompt", Json, nullable=False),
    Column("direct", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("closing_since", Moment),
    Column("closed_at", Moment),
    Index("ix_asking_open", "closed_at", "closes_at"),
    Index("ix_asking_community", "community_id", "opened_at"),
)
"""A prompt that was asked: the words as they were then, and from when to when answers are awaited."""

asked_in = Table(
    "asked_in",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("space", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("message", Text),
    Column("thread", Text),
    Column("digest", Text),
    Column("turn", Integer, nullable=False, default=0),
)
"""Where a prompt was posted: its message, its thread, and later the message of its digest, and how
often that was said anew."""

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("sharing", Text, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("withdrawn_at", Moment),
    UniqueConstraint("occurrence_id", "member_id"),
    Index("ix_answer_member", "member_id", "first_at"),
)
"""What one member answered to one occurrence; its text is in its parts."""

part = Table(
    "part",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("door", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("value", Json),
    Column("said_at", Moment, nullable=False),
    Column("edited_at", Moment),
    Index("uq_part_source", "source", unique=True),
)
"""A piece of an answer. `source` is its identity: `space/channel/message` or `form/<answer>/<question>`."""

skip = Table(
    "skip",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
)
"""Who said "not this week": they are left alone, and nobody else learns of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt that was asked. `id` is the occurrence's; people write it as `o<id>`."""

    id: int
    community_id: int
    schedule_id: int
    prompt_id: int
    prompt: Prompt
    direct: bool
    opened_at: datetime
    closes_at: datetime
    closed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer: through which door (`thread`, `direct`, `form`), its text, a scale's or choice's value."""

    id: int
    door: str
    source: str
    text: str
    value: Any
    said_at: datetime
    edited_at: datetime | None


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

    @property
    def text(self) -> str:
        """The whole answer as one text."""
        return "\n\n".join(one.text for one in self.parts if one.text)


def open_asking(
    conn: Connection,
    *,
    occurrence_id: int,
    community_id: int,
    schedule_id: int,
    prompt_id: int,
    prompt: Prompt,
    direct: bool,
    opened_at: datetime,
    closes_at: datetime,
) -> None:
    """A prompt is asked; asking the same occurrence again changes nothing."""
    conn.execute(
        insert(asking)
        .values(
            occurrence_id=occurrence_id,
            community_id=community_id,
            schedule_id=schedule_id,
            prompt_id=prompt_id,
            prompt=prompt.to_json(),
            direct=direct,
            opened_at=opened_at,
            closes_at=closes_at,
        )
        .on_conflict_do_nothing(index_elements=["occurrence_id"])
    )


def _asked(row: Any) -> Asked:
    return Asked(
        row.occurrence_id,
        row.community_id,
        row.schedule_id,
        row.prompt_id,
        Prompt.from_json(row.prompt),
        row.direct,
        row.opened_at,
        row.closes_at,
        row.closed_at is not None,
    )


def asked(conn: Connection, community_id: int, occurrence_id: int) -> Asked | None:
    row = conn.execute(
        select(asking).where(asking.c.community_id == community_id, asking.c.occurrence_id == occurrence_id)
    ).one_or_none()
    return None if row is None else _asked(row)


def open_now(conn: Connection, community_id: int, now: datetime) -> tuple[Asked, ...]:
    """Prompts that await answers, the one that closes first first."""
    rows = conn.execute(
        select(asking)
        .where(asking.c.community_id == community_id, asking.c.opened_at <= now, asking.c.closes_at > now)
        .order_by(asking.c.closes_at, asking.c.occurrence_id)
    )
    return tuple(_asked(row) for row in rows)


def by_prompt(conn: Connection, community_id: int, prompt_id: int) -> Asked | None:
    """The latest time this prompt was asked."""
    row = conn.execute(
        select(asking)
        .where(asking.c.community_id == community_id, asking.c.prompt_id == prompt_id)
        .order_by(asking.c.opened_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _asked(row)


def to_close(conn: Connection, now: datetime) -> tuple[tuple[Asked, datetime | None], ...]:
    """Prompts whose time is over and whose digest is still owed, with when closing began."""
    rows = conn.execute(
        select(asking)
        .where(asking.c.closed_at.is_(None), asking.c.closes_at <= now)
        .order_by(asking.c.closes_at)
        .limit(50)
    )
    return tuple((_asked(row), row.closing_since) for row in rows)


def next_close(conn: Connection) -> datetime | None:
    soonest: datetime | None = conn.execute(
        select(func.min(asking.c.closes_at)).where(asking.c.closed_at.is_(None))
    ).scalar_one()
    return soonest


def closing(conn: Connection, occurrence_id: int, now: datetime) -> None:
    conn.execute(update(asking).where(asking.c.occurrence_id == occurrence_id).values(closing_since=now))


def close(conn: Connection, occurrence_id: int, now: datetime) -> None:
    conn.execute(update(asking).where(asking.c.occurrence_id == occurrence_id).values(closed_at=now))


_POST = insert(asked_in)


def expect_post(conn: Connection, community_id: int, occurrence_id: int, place: Place) -> None:
    """A prompt will be posted here."""
    conn.execute(
        _POST.values(
            occurrence_id=occurrence_id, space=place.space, channel=place.channel, community_id=community_id
        ).on_conflict_do_nothing()
    )


def posted(conn: Connection, occurrence_id: int, place: Place, **values: str | None) -> None:
    """The prompt's `message` and `thread`, or the `digest`, is now there."""
    conn.execute(
        update(asked_in)
        .where(
            asked_in.c.occurrence_id == occurrence_id,
            asked_in.c.space == place.space,
            asked_in.c.channel == place.channel,
        )
        .values(**values)
    )


def posts(conn: Connection, occurrence_id: int) -> Sequence[Any]:
    """Rows of `asked_in`: where this prompt was posted."""
    return conn.execute(select(asked_in).where(asked_in.c.occurrence_id == occurrence_id)).all()


def next_turn(conn: Connection, occurrence_id: int, space: str, channel: str) -> int:
    """Count another saying of a digest; which one it is."""
    turn: int = conn.execute(
        update(asked_in)
        .where(
            asked_in.c.occurrence_id == occurrence_id,
            asked_in.c.space == space,
            asked_in.c.channel == channel,
        )
        .values(turn=asked_in.c.turn + 1)
        .returning(asked_in.c.turn)
    ).scalar_one()
    return turn


def help_of(conn: Connection, member_id: int) -> str | None:
    """The size of help a member chose, if any."""
    chosen: str | None = conn.execute(select(member.c.help).where(member.c.id == member_id)).scalar_one()
    return chosen


# ── answers ───────────────────────────────────────────────────────────────────

_ANSWER = insert(answer)


def answer_for(
    conn: Connection, here: Asked, member_id: int, sharing: Sharing, at: datetime
) -> tuple[int, bool]:
    """(id, whether it is new) of the member's one answer; an answer that was withdrawn is taken up again."""
    before = conn.execute(
        select(answer.c.id, answer.c.withdrawn_at, exists().where(part.c.answer_id == answer.c.id)).where(
            answer.c.occurrence_id == here.id, answer.c.member_id == member_id
        )
    ).one_or_none()
    if before is None:
        made = conn.execute(
            _ANSWER.values(
                community_id=here.community_id,
                occurrence_id=here.id,
                member_id=member_id,
                sharing=sharing.value,
                first_at=at,
                late=at > here.closes_at,
            ).returning(answer.c.id)
        ).scalar_one()
        return made, True
    if before[1] is not None or not before[2]:
        conn.execute(delete(part).where(part.c.answer_id == before[0]))
        conn.execute(
            update(answer)
            .where(answer.c.id == before[0])
            .values(withdrawn_at=None, sharing=sharing.value, first_at=at, late=at > here.closes_at)
        )
        return before[0], True
    return before[0], False


_PART = insert(part)


def keep_part(
    conn: Connection,
    community_id: int,
    answer_id: int,
    door: str,
    source: str,
    text: str,
    value: object,
    said_at: datetime,
    edited_at: datetime | None,
) -> None:
    """Keep a piece of an answer under its source: a newer telling replaces an older one."""
    conn.execute(
        _PART.values(
            community_id=community_id,
            answer_id=answer_id,
            door=door,
            source=source,
            text=text,
            value=value,
            said_at=said_at,
            edited_at=edited_at,
        ).on_conflict_do_update(
            index_elements=["source"],
            set_={
                "text": text,
                "value": _PART.excluded.value,
                "edited_at": edited_at,
                "answer_id": answer_id,
            },
        )
    )


def part_of(conn: Connection, source: str) -> tuple[int, int] | None:
    """(answer id, occurrence id) of the answer a source belongs to."""
    row = conn.execute(
        select(answer.c.id, answer.c.occurrence_id)
        .join(part, part.c.answer_id == answer.c.id)
        .where(part.c.source == source)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def part_by_id(conn: Connection, community_id: int, part_id: int) -> tuple[Answer, Part] | None:
    """A piece of an answer, with the answer it belongs to."""
    answer_id = conn.execute(
        select(part.c.answer_id).where(part.c.community_id == community_id, part.c.id == part_id)
    ).scalar_one_or_none()
    whole = answer_by_id(conn, community_id, answer_id) if answer_id is not None else None
    if whole is None:
        return None
    return whole, next(one for one in whole.parts if one.id == part_id)


def withdrawn_at(conn: Connection, occurrence_id: int, member_id: int) -> datetime | None:
    """When a member took their answer to an occurrence back, if it is taken back now."""
    at: datetime | None = conn.execute(
        select(answer.c.withdrawn_at).where(
            answer.c.occurrence_id == occurrence_id, answer.c.member_id == member_id
        )
    ).scalar_one_or_none()
    return at


def drop_parts(conn: Connection, sources: Sequence[str]) -> None:
    conn.execute(delete(part).where(part.c.source.in_(sources)))


def _answers(conn: Connection, *conditions: Any, limit: int | None = None, offset: int = 0) -> list[Answer]:
    statement = (
        select(answer, member.c.name)
        .join(member, member.c.id == answer.c.member_id)
        .where(*conditions)
        .order_by(answer.c.first_at.desc(), answer.c.id.desc())
        .offset(offset)
    )
    rows = conn.execute(statement.limit(limit) if limit is not None else statement).all()
    pieces: dict[int, list[Part]] = {row.id: [] for row in rows}
    for row in conn.execute(
        select(part).where(part.c.answer_id.in_(pieces)).order_by(part.c.said_at, part.c.id)
    ):
        pieces[row.answer_id].append(
            Part(row.id, row.door, row.source, row.text, row.value, row.said_at, row.edited_at)
        )
    return [
        Answer(
            row.id,
            row.occurrence_id,
            row.member_id,
            row.name,
            Sharing(row.sharing),
            row.first_at,
            row.late,
            row.withdrawn_at is not None,
            tuple(pieces[row.id]),
        )
        for row in rows
    ]


_STANDING = and_(answer.c.withdrawn_at.is_(None), exists().where(part.c.answer_id == answer.c.id))


def answer_by_id(conn: Connection, community_id: int, answer_id: int) -> Answer | None:
    found = _answers(conn, answer.c.community_id == community_id, answer.c.id == answer_id)
    return found[0] if found else None


def answer_of(conn: Connection, occurrence_id: int, member_id: int) -> Answer | None:
    """A member's standing answer to one occurrence."""
    found = _answers(
        conn, answer.c.occurrence_id == occurrence_id, answer.c.member_id == member_id, _STANDING
    )
    return found[0] if found else None


def answers_to(conn: Connection, occurrence_id: int, *, late: bool = False) -> list[Answer]:
    """All standing answers to one occurrence, oldest first; those in time unless `late`."""
    found = _answers(conn, answer.c.occurrence_id == occurrence_id, _STANDING)
    return [one for one in reversed(found) if late or not one.late]


def history(
    conn: Connection,
    community_id: int,
    member_id: int,
    *,
    since: datetime | None,
    find: str,
    offset: int,
    limit: int,
) -> list[Answer]:
    """A member's own answers, newest first, one page of them."""
    conditions = [answer.c.community_id == community_id, answer.c.member_id == member_id, _STANDING]
    if since is not None:
        conditions.append(answer.c.first_at >= since)
    if find:
        conditions.append(
            exists().where(
                part.c.answer_id == answer.c.id,
                func.lower(part.c.text).contains(find.lower(), autoescape=True),
            )
        )
    return _answers(conn, *conditions, limit=limit, offset=offset)


def count_of(conn: Connection, community_id: int, member_id: int) -> int:
    """How many answers a member has."""
    return conn.execute(
        select(func.count())
        .select_from(answer)
        .where(answer.c.community_id == community_id, answer.c.member_id == member_id, _STANDING)
    ).scalar_one()


def share(conn: Connection, answer_id: int, sharing: Sharing) -> None:
    conn.execute(update(answer).where(answer.c.id == answer_id).values(sharing=sharing.value))


def withdraw(conn: Connection, answer_id: int, at: datetime | None) -> None:
    """Take an answer back, or with None undo that; its text goes for good ten minutes later."""
    conn.execute(update(answer).where(answer.c.id == answer_id).values(withdrawn_at=at))


def purge_withdrawn(conn: Connection, before: datetime) -> int:
    """Remove the text of answers taken back before then."""
    gone = conn.execute(
        delete(part).where(part.c.answer_id.in_(select(answer.c.id).where(answer.c.withdrawn_at <= before)))
    )
    return gone.rowcount


def next_purge(conn: Connection) -> datetime | None:
    oldest: datetime | None = conn.execute(
        select(func.min(answer.c.withdrawn_at)).where(exists().where(part.c.answer_id == answer.c.id))
    ).scalar_one()
    return oldest


def not_this_week(conn: Connection, here: Asked, member_id: int) -> None:
    conn.execute(
        insert(skip)
        .values(occurrence_id=here.id, member_id=member_id, community_id=here.community_id)
        .on_conflict_do_nothing()
    )


def skipped_by(conn: Connection, member_id: int, occurrences: Sequence[int]) -> set[int]:
    """Which of these occurrences the member said "not this week" to."""
    return set(
        conn.execute(
            select(skip.c.occurrence_id).where(
                skip.c.member_id == member_id, skip.c.occurrence_id.in_(occurrences)
            )
        ).scalars()
    )


def forget(conn: Connection, community_id: int, member_id: int) -> list[int]:
    """Remove everything a member answered; the occurrences it touched, whose digests must be said again."""
    mine = select(answer.c.id).where(answer.c.community_id == community_id, answer.c.member_id == member_id)
    touched = list(
        conn.execute(
            select(answer.c.occurrence_id).where(
                answer.c.community_id == community_id, answer.c.member_id == member_id
            )
        ).scalars()
    )
    conn.execute(delete(part).where(part.c.answer_id.in_(mine)))
    conn.execute(delete(answer).where(answer.c.community_id == community_id, answer.c.member_id == member_id))
    conn.execute(delete(skip).where(skip.c.community_id == community_id, skip.c.member_id == member_id))
    return touched
