"""What Tilth remembers of asking: each prompt as it was asked, and where it was posted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
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
    bindparam,
    select,
    type_coerce,
    update,
)

from bot.chat.models import Place
from bot.intents.intent import Invited
from bot.intents.open_prompts import read_invitations
from bot.reflections.prompts.model import Prompt
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

asking = Table(
    "asking",
    metadata,
    Column("occurrence_id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("schedule_id", Integer, nullable=False),
    Column("prompt_id", ForeignKey("prompt.id"), nullable=False),
    Column("prompt", Json, nullable=False),
    Column("direct", Boolean, nullable=False),
    Column("anonymous", Boolean, nullable=False, default=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closes_at", UtcDateTime, nullable=False),
    Column("closing_since", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("answered", Integer),
    Column("picked", Json),
    Column("stale_at", UtcDateTime, index=True),
    Index("ix_asking_open", "closed_at", "closes_at"),
    Index("ix_asking_community", "community_id", "opened_at"),
)
"""A prompt that was asked: the words as they were then, and from when to when answers are awaited. `stale_at` is since
when its digest, which is out, no longer says what is true. `answered`: how many had answered in time when it closed; null
where they are too few to be told. It is counted once, like `picked`: how often each option was picked, in the order of the
options, by the number of the question."""

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
    Column("tries", Integer, nullable=False, default=0, server_default="0"),
    Column("listen_after", Text),
)
"""Where a prompt was posted: its message, its thread, and later the message of its digest, and how
often that was said anew. `tries` counts the times posting the prompt was refused there. `listen_after` is the person behind
whom the direct messages of the space are still to be listened to; null: to all of them, or none."""
_listens = asked_in.c.listen_after.is_not(None)
Index("ix_asked_in_place", asked_in.c.space, asked_in.c.channel)
Index("ix_asked_in_listen", asked_in.c.occurrence_id, sqlite_where=_listens, postgresql_where=_listens)


@dataclass(frozen=True, slots=True)
class AskedPrompt:
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
    anonymous: bool = False
    """Whether it takes anonymous answers too."""
    answered: int | None = None
    picked: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """How often each option was picked, by the number of its question; only what may be told."""

    @property
    def invited(self) -> Invited:
        """What it asks for that would be a wish elsewhere."""
        return read_invitations(one.ask for one in self.prompt.questions)


_OPEN = CompiledStatement(
    insert(asking).on_conflict_do_nothing(index_elements=["occurrence_id"]),
    "occurrence_id", "community_id", "schedule_id", "prompt_id", "prompt", "direct", "opened_at", "closes_at", "anonymous",
)  # fmt: skip


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
    anonymous: bool = False,
) -> None:
    """A prompt is asked; asking the same occurrence again changes nothing."""
    values = {
        "occurrence_id": occurrence_id, "community_id": community_id, "schedule_id": schedule_id, "prompt_id": prompt_id,
        "prompt": prompt.to_json(), "direct": direct, "opened_at": opened_at, "closes_at": closes_at, "anonymous": anonymous,
    }  # fmt: skip
    _OPEN.run(conn, values)


WHOLE = tuple(
    type_coerce(column, Text).label("prompt") if column.name == "prompt" else column for column in asking.c
)
"""What `asked_from` reads; the prompt as the text it is kept as."""


@lru_cache(maxsize=256)
def _prompt(kept: str) -> Prompt:
    """The prompt in its text: every message in a thread asks for the same few, and the words of one never change."""
    return Prompt.from_json(json.loads(kept))


def asked_from(row: Any) -> AskedPrompt:
    """The prompt in a row that has the columns of `WHOLE`."""
    return AskedPrompt(
        row.occurrence_id, row.community_id, row.schedule_id, row.prompt_id, _prompt(row.prompt), row.direct,
        row.opened_at, row.closes_at, row.closed_at is not None, row.anonymous, row.answered, row.picked or {},
    )  # fmt: skip


_KEY = ("community_id", "occurrence_id")
_ASKED = select(*WHOLE).where(*(asking.c[name] == bindparam(name) for name in _KEY))
_FOUND, _HELD = (CompiledStatement(one, *_KEY) for one in (_ASKED, _ASKED.with_for_update()))


def find_asked_prompt(
    conn: Connection, community_id: int, occurrence_id: int, *, hold: bool = False
) -> AskedPrompt | None:
    """A prompt of a community that was asked; `hold` keeps it open or closed until the transaction ends."""
    row = (_HELD if hold else _FOUND).row(conn, dict(zip(_KEY, (community_id, occurrence_id), strict=True)))
    return None if row is None else asked_from(row)


def list_open_prompts(conn: Connection, community_id: int, now: datetime) -> tuple[AskedPrompt, ...]:
    """Prompts that await answers, the one that closes first first."""
    rows = conn.execute(
        select(*WHOLE)
        .where(asking.c.community_id == community_id, asking.c.opened_at <= now, asking.c.closes_at > now)
        .order_by(asking.c.closes_at, asking.c.occurrence_id)
    )
    return tuple(asked_from(row) for row in rows)


def by_prompt(conn: Connection, community_id: int, prompt_id: int) -> AskedPrompt | None:
    """The latest time this prompt was asked."""
    row = conn.execute(
        select(*WHOLE)
        .where(asking.c.community_id == community_id, asking.c.prompt_id == prompt_id)
        .order_by(asking.c.opened_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else asked_from(row)


def to_close(conn: Connection, now: datetime) -> tuple[tuple[AskedPrompt, datetime | None], ...]:
    """Prompts whose time is over and whose digest is still owed, with when closing began."""
    rows = conn.execute(
        select(*WHOLE)
        .where(asking.c.closed_at.is_(None), asking.c.closes_at <= now)
        .order_by(asking.c.closes_at)
        .limit(50)
    )
    return tuple((asked_from(row), row.closing_since) for row in rows)


next_close = earliest(asking.c.closes_at, asking.c.closed_at.is_(None))
"""When the next prompt closes."""


def begin_closing(conn: Connection, occurrence_id: int, now: datetime) -> None:
    conn.execute(update(asking).where(asking.c.occurrence_id == occurrence_id).values(closing_since=now))


def close_prompt(
    conn: Connection, occurrence_id: int, now: datetime, answered: int | None,
    picked: Mapping[str, Sequence[int]] | None = None,
) -> None:  # fmt: skip
    """Close it; `answered` and `picked` are what is told ever after of how many answered, and what they picked."""
    conn.execute(
        update(asking)
        .where(asking.c.occurrence_id == occurrence_id)
        .values(closed_at=now, answered=answered, picked=picked or None)
    )


_EXPECTED = ("occurrence_id", "space", "channel", "community_id", "turn", "tries")
_EXPECT = CompiledStatement(insert(asked_in).on_conflict_do_nothing(), *_EXPECTED)


def expect_post(conn: Connection, community_id: int, occurrence_id: int, place: Place) -> None:
    """A prompt will be posted here."""
    values = (occurrence_id, place.space, place.channel, community_id, 0, 0)
    _EXPECT.run(conn, dict(zip(_EXPECTED, values, strict=True)))


def record_post(conn: Connection, occurrence_id: int, place: Place, **values: str | None) -> None:
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


def reword_asked_prompt(conn: Connection, occurrence_id: int, prompt: Prompt) -> None:
    """It is asked in other words, which nobody has read yet."""
    conn.execute(
        update(asking).where(asking.c.occurrence_id == occurrence_id).values(prompt=prompt.to_json())
    )


def count_refusal(conn: Connection, occurrence_id: int, place: Place) -> int:
    """Posting it was refused there; how often by now."""
    here = (asked_in.c.occurrence_id == occurrence_id) & (asked_in.c.space == place.space)
    tries: int = conn.execute(
        update(asked_in)
        .where(here, asked_in.c.channel == place.channel)
        .values(tries=asked_in.c.tries + 1)
        .returning(asked_in.c.tries)
    ).scalar_one()
    return tries


def list_unposted(conn: Connection, schedule_id: int, now: datetime) -> Sequence[Any]:
    """Rows of `asked_in` of a schedule whose prompt is open and was never posted there."""
    return conn.execute(
        select(asked_in)
        .join(asking, asking.c.occurrence_id == asked_in.c.occurrence_id)
        .where(
            asking.c.schedule_id == schedule_id,
            asking.c.closes_at > now,
            asking.c.direct.is_(False),
            asked_in.c.message.is_(None),
        )
    ).all()


def list_posts(conn: Connection, occurrence_id: int) -> Sequence[Any]:
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
