"""Linked accounts: two members who are one person, joined in one member and parted again without loss.

Their account is the keeper's from the first piece of that on; the rest follows piece by piece (`bot/account/link_pieces.py`).
`bot/people/link_moves.py` moves the rows of one member to the other, `bot/people/link_journal.py` writes down what they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from bot.people.tables import member
from bot.store.compiled import CompiledStatement
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

member_link = Table(
    "member_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("keeper", ForeignKey("member.id"), nullable=False, index=True),
    Column("joined", ForeignKey("member.id"), nullable=False, unique=True),
    Column("space", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("joining_at", UtcDateTime, index=True),
    sqlite_autoincrement=True,
)
"""`keeper` is the member that stays, `joined` the one whose account (`space`, `person`) is the keeper's since `at`.

`joining_at`: not everything of theirs is the keeper's yet; null: all of it is."""

link_row = Table(
    "link_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("link_id", ForeignKey("member_link.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("key", Json, nullable=False),
    Column("was", Json, nullable=False),
    Column("became", Json),
)
"""What a link did to one row of the table `name`: which (`key`), the values it had, and those it got; null: it was set
aside, and `was` is all of it."""


@dataclass(frozen=True, slots=True)
class MemberLink:
    """Two members that are one person: `joined` is without accounts, and `keeper` has everything."""

    id: int
    community_id: int
    keeper: int
    joined: int
    space: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MembersParted:
    """The fact that what was one member is two again; `written` is what the link had done to the rows, latest first."""

    link: MemberLink
    now: datetime
    written: Sequence[Any] = ()


def _nothing(_conn: Connection, _link: MemberLink, _now: datetime) -> None:
    pass


@dataclass(frozen=True, slots=True)
class JoinStep:
    """Something that is done with one thing after another when two members become one.

    `find` lists them, by reading; `join` does it with one of them, in the writer. It may be asked again of one that it was
    done with, by a process that goes on where another was killed: then it does nothing.
    """

    find: Callable[[Connection, MemberLink], Sequence[Any]]
    join: Callable[[Connection, MemberLink, Any, datetime], object]


@dataclass(frozen=True, slots=True)
class LinkRules:
    """How a feature joins two members where moving rows is not enough, and what it gives back beside.

    `join` runs before the rows are moved, and decides what both have; `follow` once they are; `part` before they are given
    back. A row of the joined member that the keeper's excludes is set aside.
    """

    join: tuple[JoinStep, ...] = ()
    follow: tuple[JoinStep, ...] = ()
    part: Callable[[Connection, MemberLink, datetime], None] = _nothing


NO_RULES = LinkRules()
"""Moving rows is enough."""


# ── what is linked ────────────────────────────────────────────────────────────


def links_of(conn: Connection, community_id: int, member_id: int) -> list[MemberLink]:
    """The links of a member who has accounts, oldest first."""
    mine = (member_link.c.community_id == community_id) & (member_link.c.keeper == member_id)
    return [_link(row) for row in conn.execute(select(member_link).where(mine).order_by(member_link.c.id))]


def find_link(conn: Connection, community_id: int, link_id: int) -> MemberLink | None:
    """One link of a community."""
    ours = (member_link.c.community_id == community_id) & (member_link.c.id == link_id)
    row = conn.execute(select(member_link).where(ours)).one_or_none()
    return None if row is None else _link(row)


def link_of_account(conn: Connection, space_key: str, person: str) -> MemberLink | None:
    """The link that made an account another member's."""
    ours = (member_link.c.space == space_key) & (member_link.c.person == person)
    row = conn.execute(select(member_link).where(ours)).one_or_none()
    return None if row is None else _link(row)


def _link(row: Any) -> MemberLink:
    return MemberLink(row.id, row.community_id, row.keeper, row.joined, row.space, row.person, row.at)


# ── what is being joined ──────────────────────────────────────────────────────


def begin_link(
    conn: Connection, community_id: int, keeper: int, joined: int, who: tuple[str, str], now: datetime
) -> MemberLink:
    """Note that the member behind the account `who` is about to be one with the keeper."""
    values = {"community_id": community_id, "keeper": keeper, "joined": joined, "space": who[0], "person": who[1], "at": now}  # fmt: skip
    new = insert(member_link).values({**values, "joining_at": now}).returning(member_link.c.id)
    made: int = conn.execute(new).scalar_one()
    return MemberLink(made, community_id, keeper, joined, *who, now)


def list_joining(conn: Connection) -> list[MemberLink]:
    """The links that were begun and of which something is not joined yet, the first first."""
    begun = select(member_link).where(member_link.c.joining_at.is_not(None)).order_by(member_link.c.id)
    return [_link(row) for row in conn.execute(begun)]


next_joining = earliest(member_link.c.joining_at)
"""Since when the first of them waits."""

_STILL_JOINING = CompiledStatement(
    select(member_link.c.id)
    .where(member_link.c.id == bindparam("wanted"), member_link.c.joining_at.is_not(None))
    .with_for_update(),
    "wanted",
)


def is_joining(conn: Connection, link: MemberLink) -> bool:
    """Whether a link was begun and is not at its end; nobody parts it until this transaction is over."""
    return _STILL_JOINING.row(conn, {"wanted": link.id}) is not None


def end_joining(conn: Connection, link: MemberLink) -> None:
    """Note that everything of the joined member is the keeper's."""
    conn.execute(update(member_link).where(member_link.c.id == link.id).values(joining_at=None))


def whole_member(conn: Connection, member_id: int) -> int:
    """Who has the accounts of a member: the keeper, while what they bring is still being joined; else they themselves."""
    mine = member_link.c.joined == member_id, member_link.c.joining_at.is_not(None)
    keeper: int | None = conn.execute(select(member_link.c.keeper).where(*mine)).scalar_one_or_none()
    return keeper or member_id


# ── a person's data ───────────────────────────────────────────────────────────


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The accounts that are linked, and what is set aside until they are parted."""
    return [
        {
            "space": link.space,
            "id": link.person,
            "linked at": link.at.isoformat(),
            "set aside": [
                {"kind": row.name, **row.was}
                for row in conn.execute(
                    select(link_row).where(link_row.c.link_id == link.id, link_row.c.became.is_(None))
                )
            ],
        }
        for link in links_of(conn, community_id, member_id)
    ]


def forget(conn: Connection, community_id: int, member_id: int) -> list[int]:
    """Forget the links of a member; the members without accounts that were joined to them."""
    gone = links_of(conn, community_id, member_id)
    ids = [one.id for one in gone]
    conn.execute(delete(link_row).where(link_row.c.link_id.in_(ids)))
    conn.execute(delete(member_link).where(member_link.c.id.in_(ids)))
    return [one.joined for one in gone]


def oldest_member(conn: Connection, one: int, other: int) -> int:
    """Which of two members was met first."""
    found: int = conn.execute(
        select(member.c.id)
        .where(member.c.id.in_((one, other)))
        .order_by(member.c.created_at, member.c.id)
        .limit(1)
    ).scalar_one()
    return found
