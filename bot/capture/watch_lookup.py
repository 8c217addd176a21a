"""The lookup of the watched conversation that a message belongs to, in one query; for many messages, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from bot.capture.tables import Known, Watch, heard, known_from, watch_from, watched
from bot.chat.models import Message
from bot.store.compiled import CompiledStatement
from bot.store.foresight import SetQuestion, remember, take_answer
from bot.store.types import UtcDateTime
from bot.store.wanted import Key, SetStatement


@dataclass(frozen=True, slots=True)
class WatchMatch:
    """The conversation a message belongs to, and what was known before it was told: of itself, and when its author
    first said something there that can be an answer, deleted or not."""

    watch: Watch
    known: Known | None
    first: datetime | None


_OURS = [column for column in watched.c if column.name != "person"]
_TOLD = [
    heard.c[name] for name in ("message", "person", "at", "version", "deleted_at", "missing_at", "chosen_at")
]


def _this(table: FromClause, key: Key) -> ColumnElement[bool]:
    return and_(*(table.c[name] == key[name] for name in ("space", "channel", "message")))


def _concerned(key: Key, *of: FromClause) -> ColumnElement[Any]:
    """The id of the conversation a message was heard in, else of the newest that we listen to at its place and time."""
    before, over = heard.alias("before"), watched.alias("over")
    known = select(before.c.watched_id).where(_this(before, key))
    newest = (
        select(over.c.id)
        .where(
            over.c.space == key["space"],
            over.c.channel == key["channel"],
            over.c.thread == key["thread"],
            # A thread hangs from our post, so all of it came after that: no clock need agree with any other.
            or_(~over.c.private, over.c.since <= key["at"]),
            over.c.until > key["at"],
        )
        .order_by(over.c.ref.desc())
        .limit(1)
    )
    return func.coalesce(known.correlate(*of).scalar_subquery(), newest.correlate(*of).scalar_subquery())


def _first(key: Key, *of: FromClause) -> ColumnElement[Any]:
    """When the author of a message first said something in its conversation that can be an answer."""
    others = heard.alias("others")
    first = select(func.min(others.c.at)).where(
        others.c.watched_id == watched.c.id,
        others.c.person == func.coalesce(heard.c.person, key["person"]),
        others.c.counts,
    )
    return first.correlate(watched, heard, *of).scalar_subquery().label("first")


_GIVEN = ("space", "channel", "message", "thread", "at", "person")


def _for_one() -> Select[Any]:
    key: Key = {name: bindparam(name) for name in _GIVEN} | {"at": bindparam("at", type_=UtcDateTime())}
    return (
        select(*_OURS, *_TOLD, _first(key))
        .select_from(watched.outerjoin(heard, _this(heard, key)))
        .where(watched.c.id == _concerned(key))
    )


def _for_many(wanted: CTE) -> Select[Any]:
    # Only outer joins: the keys come first, whatever a planner thinks of their number.
    key = wanted.c
    rows = wanted.outerjoin(watched, watched.c.id == _concerned(key, wanted)).outerjoin(
        heard, _this(heard, key)
    )
    return select(key.n, *_OURS, *_TOLD, _first(key, wanted)).select_from(rows)


_CONCERNED = CompiledStatement(_for_one(), *_GIVEN)
_CONCERNED_OF_MANY = SetStatement(
    _for_many, space=Text, channel=Text, message=Text, thread=Text, at=UtcDateTime, person=Text
)
_WATCH_OF = SetQuestion.about(watched, heard)
_ASK = object()


def match_watch(conn: Connection, message: Message) -> WatchMatch | None:
    """The conversation a message belongs to, with what is known; None when we listen to none there."""
    place = message.place
    known = take_answer(conn, _WATCH_OF, (place.space, place.channel, message.id), _ASK)
    if known is not _ASK:
        found: WatchMatch | None = known
        return found
    row = _CONCERNED.row(conn, dict(zip(_GIVEN, _key_of(message), strict=True)))
    if row is None:
        return None
    return WatchMatch(watch_from(row), None if row.message is None else known_from(row), row.first)


def foresee_watches(conn: Connection, messages: Sequence[Message]) -> list[WatchMatch | None]:
    """The conversation of each of these messages; `match_watch` knows them then."""
    watches: dict[int, Watch] = {}
    found: list[WatchMatch | None] = [None] * len(messages)
    for row in _CONCERNED_OF_MANY.rows(conn, [_key_of(one) for one in messages]):
        if row.id is not None:
            watch = watches.get(row.id) or watches.setdefault(row.id, watch_from(row))
            found[row.n] = WatchMatch(watch, None if row.message is None else known_from(row), row.first)
    keys = [(one.place.space, one.place.channel, one.id) for one in messages]
    remember(conn, _WATCH_OF, dict(zip(keys, found, strict=True)))
    return found


def _key_of(message: Message) -> tuple[Any, ...]:
    place, author = message.place, message.author
    who = "" if author is None else author.id
    return place.space, place.channel, message.id, place.thread or "", message.at, who
