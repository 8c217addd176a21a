"""Tables of rosters: what an import of teams is about to do, and what it did, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    and_,
    delete,
    or_,
    select,
    update,
)

from bot.store.dialect import insert
from bot.store.retention import DAY, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

OPEN = DAY
"""How long a table that was looked at can be imported, and an import be undone."""
KEPT = timedelta(days=3)
"""How long an import is remembered."""

roster = Table(
    "roster",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False, index=True),
    Column("made_by", ForeignKey("member.id"), index=True),
    Column("source", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False, index=True),
    Column("imported_at", UtcDateTime),
    Column("undone_at", UtcDateTime),
    sqlite_autoincrement=True,
)
"""A table of teams that somebody handed in. `made_by` is null for the operator (`source` is `operator`) and for who was erased."""

roster_row = Table(
    "roster_row",
    metadata,
    Column("roster_id", ForeignKey("roster.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True, index=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team", Text, nullable=False),
    Column("lead", Boolean, nullable=False),
    Column("team_id", ForeignKey("team.id", ondelete="SET NULL"), index=True),
    Column("joined", Boolean, nullable=False, default=False),
    Column("led", Boolean, nullable=False, default=False),
    Column("made_team", Boolean, nullable=False, default=False),
)
"""One person of a line of the table; a line that may mean several people has a row for each, until one is chosen.

`team_id` is set when the row was imported. `joined`, `led` and `made_team` are what that changed, and what an undo takes back.
"""

_r, _w = roster.c, roster_row.c


@dataclass(frozen=True, slots=True)
class Roster:
    """A table that was handed in; the columns are explained at the table."""

    id: int
    community_id: int
    made_by: int | None
    source: str
    made_at: datetime
    imported_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """One person of a line; the columns are explained at the table."""

    roster_id: int
    number: int
    member_id: int
    community_id: int
    team: str
    lead: bool
    team_id: int | None = None
    joined: bool = False
    led: bool = False
    made_team: bool = False


_PERSON = tuple(_w[one.name] for one in fields(RosterPerson))


def insert_roster(
    conn: Connection, community_id: int, made_by: int | None, source: str, now: datetime,
    people: Iterable[RosterPerson],
) -> Roster:  # fmt: skip
    """Store a table that was looked at, with everybody who may be meant; the rows belong to it from now on."""
    row = {"community_id": community_id, "made_by": made_by, "source": source, "made_at": now}
    made = Roster(*conn.execute(insert(roster).values(row).returning(*_r)).one())
    rows = [asdict(one) | {"roster_id": made.id} for one in people]
    if rows:
        conn.execute(insert(roster_row), rows)
    return made


def find_roster(conn: Connection, community_id: int, roster_id: int) -> Roster | None:
    """A table of a community."""
    ours = (_r.community_id == community_id) & (_r.id == roster_id)
    row = conn.execute(select(roster).where(ours)).one_or_none()
    return None if row is None else Roster(*row)


def people_of(conn: Connection, roster_id: int) -> list[RosterPerson]:
    """Everybody who may be meant by the lines of a table, in its order."""
    query = select(*_PERSON).where(_w.roster_id == roster_id).order_by(_w.number, _w.member_id)
    return [RosterPerson(*row) for row in conn.execute(query)]


def person_at(conn: Connection, one: RosterPerson) -> RosterPerson | None:
    """A row as it is now."""
    row = conn.execute(select(*_PERSON).where(_is(one))).one_or_none()
    return None if row is None else RosterPerson(*row)


def choose_person(conn: Connection, roster_id: int, number: int, member_id: int) -> None:
    """Of the people whom a line may mean, it is this one."""
    line = (_w.roster_id == roster_id) & (_w.number == number)
    meant = select(_w.member_id).where(line, _w.member_id == member_id)
    if conn.execute(meant).first() is not None:
        conn.execute(delete(roster_row).where(line, _w.member_id != member_id))


def claim_import(conn: Connection, roster_id: int, now: datetime) -> bool:
    """Begin an import; whether nobody did before."""
    new = (_r.id == roster_id) & _r.imported_at.is_(None)
    return conn.execute(update(roster).where(new).values(imported_at=now)).rowcount > 0


def claim_undo(conn: Connection, roster_id: int, now: datetime) -> bool:
    """Begin to undo an import; whether nobody did before."""
    done = (_r.id == roster_id) & _r.imported_at.is_not(None) & _r.undone_at.is_(None)
    return conn.execute(update(roster).where(done).values(undone_at=now)).rowcount > 0


def record_row(
    conn: Connection, one: RosterPerson, team_id: int, *, joined: bool, led: bool, made_team: bool
) -> None:
    """Store what the import of a row changed."""
    did = {"team_id": team_id, "joined": joined, "led": led, "made_team": made_team}
    conn.execute(update(roster_row).where(_is(one)).values(did))


def clear_row(conn: Connection, one: RosterPerson) -> None:
    """What the import of a row did to its person is taken back."""
    conn.execute(update(roster_row).where(_is(one)).values(joined=False, led=False))


def clear_made_team(conn: Connection, one: RosterPerson) -> None:
    """What became of the team that a row made is decided."""
    conn.execute(update(roster_row).where(_is(one)).values(made_team=False))


def drop_roster(conn: Connection, roster_id: int) -> bool:
    """Forget a table that was not imported; whether it was there."""
    waiting = (_r.id == roster_id) & _r.imported_at.is_(None)
    return conn.execute(delete(roster).where(waiting)).rowcount > 0


def _is(one: RosterPerson) -> ColumnElement[bool]:
    return and_(_w.roster_id == one.roster_id, _w.number == one.number, _w.member_id == one.member_id)


# ── a person's data ───────────────────────────────────────────────────────────


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget a member in every table, and that they handed one in."""
    conn.execute(delete(roster_row).where(_w.community_id == community_id, _w.member_id == member_id))
    mine = (_r.community_id == community_id) & (_r.made_by == member_id)
    conn.execute(update(roster).where(mine).values(made_by=None))


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The tables that a member handed in or stands in, for their own copy."""
    standing = select(_w.roster_id).where(_w.community_id == community_id, _w.member_id == member_id)
    theirs = or_(_r.made_by == member_id, _r.id.in_(standing))
    rows = conn.execute(select(roster).where(_r.community_id == community_id, theirs).order_by(_r.id))
    return [
        {
            "handed in at": row.made_at.isoformat(),
            "by you": row.made_by == member_id,
            "teams": _teams_of(conn, row.id, member_id),
        }
        for row in rows
    ]


def _teams_of(conn: Connection, roster_id: int, member_id: int) -> list[str]:
    mine = (_w.roster_id == roster_id) & (_w.member_id == member_id)
    return list(conn.execute(select(_w.team).where(mine).order_by(_w.number)).scalars())


def retention() -> Retention:
    """Tables that can be neither imported nor undone any more; their rows go with them."""
    return old_rows("rosters", KEPT, roster, lambda before: _r.made_at < before)
