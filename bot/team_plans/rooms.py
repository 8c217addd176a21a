"""Private rooms of teams: where the bot made one, and who was let in last; it stays the team's wherever the plan is posted."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.chat.models import Place
from bot.courses.teams.tables import teammate
from bot.people.accounts import account
from bot.store.dialect import insert
from bot.store.next_due import earliest, only_where, soonest
from bot.store.retention import DAY, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

MAKING = timedelta(minutes=2)
"""How long a room that is being made keeps a second press from making another."""

team_room = Table(
    "team_room",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("space", Text, nullable=False),
    Column("channel", Text),
    Column("thread", Text),
    Column("making_at", UtcDateTime),
    Column("admitted", Text),
    Column("admit_at", UtcDateTime),
)
"""The private room of a team; without a `channel` there is none yet. `making_at`: one began to be made then; `admitted`: who
was let in last, as a word; `admit_at`: when that is tried again."""

room_farewell = Table(
    "room_farewell",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("space", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text),
    Column("person", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)
"""An account that was erased `at` an instant and is still in a room: it is shown out, and that is forgotten at once."""
_c, _f = team_room.c, room_farewell.c


@dataclass(frozen=True, slots=True)
class RoomPeople:
    """Who is to be in a team's room: platform ids of its members, and of those who left it."""

    team_id: int
    place: Place
    come: tuple[str, ...]
    go: tuple[str, ...]

    @property
    def state(self) -> str:
        """A word for these people that tells nobody who they are."""
        told = f"{self.place}|{','.join(self.come)}|{','.join(self.go)}"
        return hashlib.sha256(told.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Farewell:
    """An erased account that is to be shown out of a room, unless it is `back` in the team."""

    id: int
    place: Place
    person: str
    back: bool


def room_of(conn: Connection, team_id: int) -> Place | None:
    """The private room of a team."""
    row = conn.execute(
        select(_c.space, _c.channel, _c.thread).where(_c.team_id == team_id, _c.channel.is_not(None))
    ).one_or_none()
    return None if row is None else Place(*row)


def claim_room(conn: Connection, community_id: int, team_id: int, space: str, now: datetime) -> bool:
    """Whether nobody else makes a room for this team just now."""
    row = {"team_id": team_id, "community_id": community_id, "space": space}
    conn.execute(insert(team_room).values(row).on_conflict_do_nothing(index_elements=["team_id"]))
    free = or_(_c.making_at.is_(None), _c.making_at < now - MAKING)
    taken = update(team_room).where(_c.team_id == team_id, free).values(making_at=now)
    return conn.execute(taken).rowcount > 0


def put_room(conn: Connection, team_id: int, place: Place | None) -> None:
    """The room that was made for a team; None: none could be made, and what was there before stays."""
    values: dict[str, object] = {"making_at": None}
    if place is not None:
        values |= {
            "space": place.space, "channel": place.channel, "thread": place.thread, "admitted": None, "admit_at": None,
        }  # fmt: skip
    conn.execute(update(team_room).where(_c.team_id == team_id).values(values))


# ── who is in it ──────────────────────────────────────────────────────────────


def list_changed(conn: Connection) -> Sequence[tuple[RoomPeople, datetime | None]]:
    """The rooms in which others are to be than were let in, each with when to try again."""
    there = _c.channel.is_not(None)
    rooms = conn.execute(select(team_room).where(there).order_by(_c.team_id)).all()
    if not rooms:
        return []
    here = and_(account.c.space == _c.space, account.c.left_at.is_(None))
    query = (
        select(_c.team_id, account.c.person, teammate.c.left_at)
        .join(teammate, teammate.c.team_id == _c.team_id)
        .join(account, and_(account.c.member_id == teammate.c.member_id, here))
        .where(there)
        .order_by(account.c.person)
    )
    people: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for row in conn.execute(query):
        people[row.team_id][row.left_at is not None].append(row.person)
    found = []
    for row in rooms:
        come, go = people[row.team_id]
        one = RoomPeople(row.team_id, Place(row.space, row.channel, row.thread), tuple(come), tuple(go))
        found += [(one, row.admit_at)] if one.state != row.admitted else []
    return found


def note_admitted(conn: Connection, one: RoomPeople, again: datetime | None) -> None:
    """Note who was let in, or when that is tried again, unless the team has another room meanwhile."""
    same = (_c.team_id == one.team_id) & (_c.channel == one.place.channel)
    same &= func.coalesce(_c.thread, "") == (one.place.thread or "")
    values = {"admitted": one.state, "admit_at": None} if again is None else {"admit_at": again}
    conn.execute(update(team_room).where(same).values(values))


def _next_change(conn: Connection) -> datetime | None:
    return min((at or datetime.fromtimestamp(0, UTC) for _one, at in list_changed(conn)), default=None)


next_due = soonest(only_where(team_room, _next_change, _c.channel.is_not(None)), earliest(_f.due_at))
"""When somebody is next to be let in or shown out."""


# ── whoever was erased ────────────────────────────────────────────────────────


def owe_farewells(
    conn: Connection, teams: Collection[int], accounts: Collection[tuple[str, str]], now: datetime
) -> None:
    """Accounts that are erased now are to be shown out of the rooms of these teams."""
    rooms = select(team_room).where(_c.team_id.in_(teams), _c.channel.is_not(None))
    for row in conn.execute(rooms).all():
        for space, person in accounts:
            if space == row.space:
                values = {
                    "community_id": row.community_id, "space": space, "channel": row.channel, "thread": row.thread,
                    "person": person, "at": now, "due_at": now,
                }  # fmt: skip
                conn.execute(insert(room_farewell).values(values))


def due_farewells(conn: Connection, now: datetime) -> list[Farewell]:
    """The accounts that are to be shown out now."""
    back = exists().where(
        _c.channel == _f.channel, func.coalesce(_c.thread, "") == func.coalesce(_f.thread, ""),
        teammate.c.team_id == _c.team_id, teammate.c.left_at.is_(None), account.c.member_id == teammate.c.member_id,
        account.c.space == _f.space, account.c.person == _f.person, account.c.left_at.is_(None),
    )  # fmt: skip
    due = select(room_farewell, back.label("back")).where(_f.due_at <= now).order_by(_f.id)
    return [
        Farewell(row.id, Place(row.space, row.channel, row.thread), row.person, row.back)
        for row in conn.execute(due)
    ]


def settle_farewell(conn: Connection, farewell_id: int, again: datetime | None) -> None:
    """Somebody is out, and forgotten; or that is tried `again` then."""
    mine = _f.id == farewell_id
    if again is None:
        conn.execute(delete(room_farewell).where(mine))
    else:
        conn.execute(update(room_farewell).where(mine).values(due_at=again))


def retention() -> tuple[Retention, ...]:
    """Erased accounts that could not be shown out for a day."""
    return (old_rows("room farewells", DAY, room_farewell, lambda before: _f.at < before),)
