"""The tables of private conversations and their replies, with one function for each query."""

from __future__ import annotations

from collections.abc import Sequence
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
    Text,
    UniqueConstraint,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.chat.models import Place
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

conversation = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), nullable=False),
    Column("answer_id", ForeignKey("answer.id", ondelete="SET NULL")),
    Column("reader_id", ForeignKey("member.id"), nullable=False),
    Column("author_id", ForeignKey("member.id"), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_by", ForeignKey("member.id")),
    UniqueConstraint("answer_id", "reader_id"),
    Index("ix_conversation_reader_id", "reader_id", "author_id"),
    Index("ix_conversation_author_id", "author_id"),
    sqlite_autoincrement=True,
)
"""Two people who write to each other about an answer: its reader, who began, and its author. It outlives the answer.
`ended_by` is whoever ended it: only they can begin it again."""

private_reply = Table(
    "private_reply",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("writer_id", ForeignKey("member.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("source", Text),
    Column("space", Text),
    Column("channel", Text),
    Column("message", Text),
    Index("uq_private_reply_source", "source", unique=True),
    Index("ix_private_reply_post", "space", "channel", "message"),
    Index("ix_private_reply_writer_id", "writer_id", "at"),
    sqlite_autoincrement=True,
)
"""What one of them wrote. `source` is the direct message it was typed in (`space/channel/message`); null: a form.
`space`, `channel` and `message` are where the other one got it; null until then."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Two people who write to each other about an answer; `answer_id` is None where the answer is gone."""

    id: int
    community_id: int
    occurrence_id: int
    answer_id: int | None
    reader_id: int
    author_id: int
    ended_by: int | None

    def has(self, member_id: int) -> bool:
        """Whether a member is one of the two."""
        return member_id in (self.reader_id, self.author_id)

    def other_than(self, member_id: int) -> int:
        """The member id of the other one."""
        return self.author_id if member_id == self.reader_id else self.reader_id


@dataclass(frozen=True, slots=True)
class PrivateReply:
    """What one of the two wrote; `first` of the conversation or not."""

    id: int
    conversation: Conversation
    writer_id: int
    text: str
    at: datetime
    first: bool


_COLUMNS = [conversation.c[name] for name in Conversation.__slots__]


def _conversations(conn: Connection, query: Select[Any]) -> list[Conversation]:
    return [Conversation(*row) for row in conn.execute(query)]


def find_conversation(conn: Connection, community_id: int, conversation_id: int) -> Conversation | None:
    """One conversation of a community."""
    mine = and_(conversation.c.community_id == community_id, conversation.c.id == conversation_id)
    return next(iter(_conversations(conn, select(*_COLUMNS).where(mine))), None)


def find_conversation_about(conn: Connection, answer_id: int, reader_id: int) -> Conversation | None:
    """The conversation that a reader has begun about an answer."""
    mine = and_(conversation.c.answer_id == answer_id, conversation.c.reader_id == reader_id)
    return next(iter(_conversations(conn, select(*_COLUMNS).where(mine))), None)


def find_conversation_of_post(
    conn: Connection, community_id: int, place: Place, message: str
) -> Conversation | None:
    """The conversation of which a post of ours in a direct message is a part."""
    post = and_(
        private_reply.c.space == place.space,
        private_reply.c.channel == place.channel,
        private_reply.c.message == message,
        private_reply.c.community_id == community_id,
    )
    query = (
        select(*_COLUMNS)
        .join(private_reply, private_reply.c.conversation_id == conversation.c.id)
        .where(post)
    )
    return next(iter(_conversations(conn, query)), None)


def list_open_conversations(
    conn: Connection, community_id: int, member_id: int, limit: int
) -> list[Conversation]:
    """The conversations of a member with somebody else that nobody has ended, the newest first."""
    begun = exists().where(private_reply.c.conversation_id == conversation.c.id)
    two = conversation.c.reader_id != conversation.c.author_id
    query = select(*_COLUMNS).where(
        conversation.c.community_id == community_id,
        with_member(member_id),
        conversation.c.ended_by.is_(None),
        begun,
        two,
    )
    return _conversations(conn, query.order_by(conversation.c.id.desc()).limit(limit))


def with_member(member_id: int) -> ColumnElement[bool]:
    """The condition that a member is one of the two."""
    return or_(conversation.c.reader_id == member_id, conversation.c.author_id == member_id)


def begin_conversation(
    conn: Connection, community_id: int, occurrence_id: int, answer_id: int, reader_id: int, author_id: int,
    now: datetime,
) -> int:  # fmt: skip
    """Store a new conversation; returns its id, or that of the one somebody has begun at the same moment."""
    row = {
        "community_id": community_id, "occurrence_id": occurrence_id, "answer_id": answer_id,
        "reader_id": reader_id, "author_id": author_id, "begun_at": now,
    }  # fmt: skip
    new = insert(conversation).values(row).on_conflict_do_nothing(index_elements=["answer_id", "reader_id"])
    conn.execute(new)
    mine = and_(conversation.c.answer_id == answer_id, conversation.c.reader_id == reader_id)
    found: int = conn.execute(select(conversation.c.id).where(mine)).scalar_one()
    return found


def set_ended(conn: Connection, conversation_id: int, by: int | None) -> None:
    """End a conversation, or with None go on with it."""
    conn.execute(update(conversation).where(conversation.c.id == conversation_id).values(ended_by=by))


# ── replies ───────────────────────────────────────────────────────────────────


def store_reply(
    conn: Connection, here: Conversation, writer_id: int, text: str, source: str | None, now: datetime
) -> int:
    """Store what somebody wrote; returns its id."""
    row = {
        "community_id": here.community_id, "conversation_id": here.id, "writer_id": writer_id, "text": text,
        "at": now, "source": source,
    }  # fmt: skip
    made: int = conn.execute(insert(private_reply).values(row).returning(private_reply.c.id)).scalar_one()
    return made


def find_reply(conn: Connection, community_id: int, reply_id: int) -> PrivateReply | None:
    """One reply of a community, with its conversation."""
    earlier = private_reply.alias("earlier")
    first = ~exists().where(
        earlier.c.conversation_id == private_reply.c.conversation_id, earlier.c.id < private_reply.c.id
    )
    row = conn.execute(
        select(private_reply, first.label("first")).where(
            private_reply.c.community_id == community_id, private_reply.c.id == reply_id
        )
    ).one_or_none()
    here = None if row is None else find_conversation(conn, community_id, row.conversation_id)
    if row is None or here is None:
        return None
    return PrivateReply(row.id, here, row.writer_id, row.text, row.at, bool(row.first))


def is_known(conn: Connection, source: str) -> bool:
    """Whether a direct message was taken as a reply already."""
    return (
        conn.execute(select(private_reply.c.id).where(private_reply.c.source == source)).first() is not None
    )


def is_repeated(conn: Connection, here: Conversation, writer_id: int, text: str, since: datetime) -> bool:
    """Whether somebody wrote the very same there since then: the same form, sent twice."""
    mine = and_(private_reply.c.conversation_id == here.id, private_reply.c.writer_id == writer_id)
    same = and_(mine, private_reply.c.text == text, private_reply.c.at >= since)
    return conn.execute(select(private_reply.c.id).where(same)).first() is not None


def note_post(conn: Connection, community_id: int, reply_id: int, place: Place, message: str) -> None:
    """Store where a reply stands in the direct messages of whoever it is for."""
    one = and_(private_reply.c.community_id == community_id, private_reply.c.id == reply_id)
    where = {"space": place.space, "channel": place.channel, "message": message}
    conn.execute(update(private_reply).where(one).values(where))


def undelivered_replies(conn: Connection, here: Conversation, writer_id: int) -> Sequence[int]:
    """Ids of the replies of one of the two that have not reached the other one, as far as we know."""
    mine = and_(private_reply.c.conversation_id == here.id, private_reply.c.writer_id == writer_id)
    found = select(private_reply.c.id).where(mine, private_reply.c.message.is_(None))
    return list(conn.execute(found.order_by(private_reply.c.id)).scalars())


def count_written(conn: Connection, writer_id: int, since: datetime) -> int:
    """How many replies a member has written since then, to anybody."""
    mine = and_(private_reply.c.writer_id == writer_id, private_reply.c.at > since)
    return conn.execute(select(func.count()).select_from(private_reply).where(mine)).scalar_one()


def count_written_in(conn: Connection, here: Conversation, writer_id: int) -> int:
    """How many replies a member has written in one conversation."""
    mine = and_(private_reply.c.conversation_id == here.id, private_reply.c.writer_id == writer_id)
    return conn.execute(select(func.count()).select_from(private_reply).where(mine)).scalar_one()


def last_written_in(conn: Connection, here: Conversation, writer_id: int) -> datetime | None:
    """When a member last wrote in one conversation."""
    mine = and_(private_reply.c.conversation_id == here.id, private_reply.c.writer_id == writer_id)
    last: datetime | None = conn.execute(select(func.max(private_reply.c.at)).where(mine)).scalar_one()
    return last


def is_unanswered(conn: Connection, reader_id: int, author_id: int, answer_id: int) -> bool:
    """Whether a reader waits for a first word of an author about another answer than this one."""
    theirs = exists().where(
        private_reply.c.conversation_id == conversation.c.id, private_reply.c.writer_id == author_id
    )
    other = or_(conversation.c.answer_id.is_(None), conversation.c.answer_id != answer_id)
    mine = and_(conversation.c.reader_id == reader_id, conversation.c.author_id == author_id, other)
    return conn.execute(select(conversation.c.id).where(mine, ~theirs)).first() is not None
