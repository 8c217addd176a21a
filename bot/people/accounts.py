"""Accounts of members: what a platform shows of them, their direct messages and their channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    func,
    select,
    update,
)

from bot.chat.language import locale_for
from bot.chat.models import Person, Sharing, clean_text
from bot.people.links import whole_member
from bot.people.tables import Community, Member, community, member, space
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.foresight import OWN_ROWS
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

account = Table(
    "account",
    metadata,
    Column("space", ForeignKey("space.key"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("facts", Json, nullable=False),
    Column("stranger", Boolean, nullable=False),
    Column("zone", Text),
    Column("locale", Text),
    Column("direct", Text),
    Column("refused_at", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
)
"""`direct` is the channel of the direct message; `refused_at`: since then the platform refuses to deliver there."""

SHOWN = (
    *(column for column in member.c if column.name not in {"created_at", "erasing_at", "erased_at"}),
    account.c.name.label("account_name"),
    account.c.facts,
    account.c.stranger,
    account.c.left_at,
    account.c.zone.label("account_zone"),
    account.c.locale.label("account_locale"),
    account.c.direct,
    account.c.refused_at,
)
OURS = and_(account.c.space == bindparam("space"), account.c.person == bindparam("person"))
_NAMED = update(member).execution_options(**OWN_ROWS)
_MEMBER_OF = CompiledStatement(
    select(*SHOWN).join(account, account.c.member_id == member.c.id).where(OURS),
    "space",
    "person",
)


def member_of(conn: Connection, who: Person, home: Community, now: datetime) -> Member:
    """The member behind an account, made at first sight; the account follows what the platform shows now."""
    return update_account(conn, who, home, now, _MEMBER_OF.row(conn, {"space": who.space, "person": who.id}))


def known_member(conn: Connection, who: Person, home: Community) -> Member | None:
    """The member behind an account where all that the platform shows of it is stored already; else None. It writes nothing."""
    row = _MEMBER_OF.row(conn, {"space": who.space, "person": who.id})
    if row is None or (shown := _shown(who, row)) != _stored(row):
        return None
    return _member(row, home, shown)


def update_account(conn: Connection, who: Person, home: Community, now: datetime, row: Any | None) -> Member:
    """Make or update an account and its member from what the platform shows; an empty name replaces none."""
    if row is None:
        return _new_member(conn, replace(who, name=clean_text(who.name)), home, now)
    shown = _shown(who, row)
    if shown != _stored(row):
        ours = (account.c.space == who.space) & (account.c.person == who.id)
        changed = update(account).execution_options(**OWN_ROWS).where(ours)
        conn.execute(changed.values(**shown._asdict(), seen_at=now))
        conn.execute(_NAMED.where(member.c.id == row.id).values(name=shown.name))
    return _member(row, home, shown)


class _Account(NamedTuple):
    """What a platform shows of an account."""

    name: str
    facts: list[str]
    stranger: bool
    zone: str | None
    locale: str | None
    left_at: datetime | None


def _stored(row: Any) -> _Account:
    return _Account(
        row.account_name, row.facts, row.stranger, row.account_zone, row.account_locale, row.left_at
    )


def _shown(who: Person, row: Any) -> _Account:
    """What is to be stored of an account: what the platform shows now, and where it shows nothing, what was stored."""
    left = row.left_at if who.stranger else None  # whoever writes from outside has not come back
    zone, locale = who.zone or row.account_zone, who.locale or row.account_locale
    return _Account(
        clean_text(who.name) or row.account_name, sorted(who.facts), who.stranger, zone, locale, left
    )


def _new_member(conn: Connection, who: Person, home: Community, now: datetime) -> Member:
    name, zone = who.name or "someone", who.zone or home.zone
    made = conn.execute(
        insert(member)
        .execution_options(**OWN_ROWS)
        .values(community_id=home.id, name=name, keeps=True, created_at=now)
        .returning(member.c.id)
    ).scalar_one()
    shown = _Account(name, sorted(who.facts), who.stranger, who.zone, who.locale, None)
    values = shown._asdict() | {
        "space": who.space,
        "person": who.id,
        "community_id": home.id,
        "member_id": made,
    }
    conn.execute(insert(account).execution_options(**OWN_ROWS).values(**values, seen_at=now))
    locale = locale_for(None, who.locale, home.language, home.country)
    return Member(made, home.id, name, zone, None, None, keeps=True, noticed=False, locale=locale)


def _member(row: Any, home: Community, shown: _Account) -> Member:
    """The member of a row, with what is shown of their account."""
    sharing = Sharing(row.sharing) if row.sharing else None
    return Member(
        row.id,
        row.community_id,
        shown.name,
        row.zone or shown.zone or home.zone,
        sharing,
        row.help,
        row.keeps,
        row.noticed_at is not None,
        locale_for(row.language, shown.locale, home.language, home.country),
        row.language,
    )


def accounts_of(conn: Connection, community_id: int, member_id: int) -> Sequence[tuple[str, str]]:
    """(space, platform id) of each account of a member."""
    rows = conn.execute(
        select(account.c.space, account.c.person).where(
            account.c.community_id == community_id, account.c.member_id == member_id
        )
    )
    return [(row[0], row[1]) for row in rows]


def note_direct_channel(conn: Connection, who: Person, channel: str) -> bool:
    """Store the channel of the direct message with this account, which is open now; whether that is news."""
    known = account.c.direct.is_distinct_from(channel) | account.c.refused_at.is_not(None)
    ours = (account.c.space == who.space) & (account.c.person == who.id)
    opened = update(account).where(ours, known).values(direct=channel, refused_at=None)
    changed = conn.execute(opened.execution_options(**OWN_ROWS))
    return changed.rowcount > 0


def refuse_direct(conn: Connection, space_key: str, person: str, now: datetime) -> None:
    """Store that the platform does not deliver direct messages to this account."""
    ours = (account.c.space == space_key) & (account.c.person == person) & account.c.refused_at.is_(None)
    conn.execute(update(account).where(ours).values(refused_at=now))


def drop_direct_channel(conn: Connection, who: Person) -> None:
    """Take back that the direct message with this account is open."""
    ours = (account.c.space == who.space) & (account.c.person == who.id)
    conn.execute(update(account).where(ours).values(direct=None))


def present_members(conn: Connection, community_id: int) -> Sequence[tuple[int, Person]]:
    """(member id, account) of everyone in the community's spaces, the last seen first."""
    rows = conn.execute(
        select(account)
        .join(space, space.c.key == account.c.space)
        .where(
            account.c.community_id == community_id,
            account.c.left_at.is_(None),
            account.c.stranger.is_(False),
            space.c.left_at.is_(None),
        )
        .order_by(account.c.seen_at.desc(), account.c.member_id)
    )
    return [
        (row.member_id, Person(row.space, row.person, row.name, frozenset(row.facts), zone=row.zone))
        for row in rows
    ]


_DIRECT_CHANNELS = CompiledStatement(
    select(account.c.person, account.c.direct)
    .where(
        account.c.community_id == bindparam("home"), account.c.space == bindparam("there"),
        account.c.person > bindparam("after"), account.c.direct.is_not(None), account.c.left_at.is_(None),
    )
    .order_by(account.c.person).limit(bindparam("most", type_=Integer())), "home", "there", "after", "most",
)  # fmt: skip


def direct_channels(
    conn: Connection, community_id: int, space_key: str, after: str, limit: int
) -> Sequence[tuple[str, str]]:
    """(platform id, direct message channel) of people in a space who have written to the bot before.

    So many (`limit`) of those whose ids come after `after`, in their order.
    """
    where = {"home": community_id, "there": space_key, "after": after, "most": limit}
    return [tuple(row) for row in _DIRECT_CHANNELS.rows(conn, where)]


def members_of_space(conn: Connection, space_key: str) -> tuple[list[int], list[int]]:
    """Member ids with an account in a space: those who have no other account, and those who have."""
    here = select(account.c.member_id).where(account.c.space == space_key)
    elsewhere = set(
        conn.execute(
            select(account.c.member_id).where(account.c.member_id.in_(here), account.c.space != space_key)
        ).scalars()
    )
    everybody = sorted(set(conn.execute(here).scalars()))
    return [one for one in everybody if one not in elsewhere], sorted(elsewhere)


def zone_of(conn: Connection, member_id: int) -> str:
    """The zone of a member: their own, else what a platform shows, else the community's."""
    zone: str = conn.execute(
        select(func.coalesce(member.c.zone, func.max(account.c.zone), community.c.zone))
        .select_from(member)
        .join(community, community.c.id == member.c.community_id)
        .outerjoin(account, account.c.member_id == member.c.id)
        .where(member.c.id == member_id)
        .group_by(member.c.zone, community.c.zone)
    ).scalar_one()
    return zone


def reachable_account(conn: Connection, community_id: int, member_id: int) -> tuple[str, str] | None:
    """(space, platform id) of the account through which to write to a member; None when none takes it."""
    row = conn.execute(
        select(account.c.space, account.c.person)
        .join(space, space.c.key == account.c.space)
        .where(
            account.c.community_id == community_id,
            account.c.member_id == member_id,
            account.c.left_at.is_(None),
            account.c.stranger.is_(False),
            account.c.refused_at.is_(None),
            space.c.left_at.is_(None),
        )
        .order_by(account.c.direct.is_(None), account.c.seen_at.desc(), account.c.space, account.c.person)
        .limit(1)
    ).first()
    if row is None and (keeper := whole_member(conn, member_id)) != member_id:
        return reachable_account(conn, community_id, keeper)
    return None if row is None else (row[0], row[1])


def name_of(conn: Connection, member_id: int) -> str | None:
    """The name of a member; None where they were erased."""
    there = (member.c.id == member_id) & member.c.erased_at.is_(None)
    name: str | None = conn.execute(select(member.c.name).where(there)).scalar_one_or_none()
    return name


def member_at(conn: Connection, community_id: int, space_key: str, person: str) -> tuple[int, str] | None:
    """(member id, name) behind a platform's id; None for strangers and for nobody."""
    row = conn.execute(
        select(member.c.id, member.c.name)
        .join(account, account.c.member_id == member.c.id)
        .where(
            account.c.space == space_key,
            account.c.person == person,
            account.c.community_id == community_id,
            account.c.stranger.is_(False),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])
