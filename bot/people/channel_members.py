"""Members of channels: who is in which, for prompts, reminders and courses that go to a whole channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Select,
    Table,
    Text,
    bindparam,
    exists,
    func,
    select,
)

from bot.chat.models import Person, Place
from bot.people.accounts import account
from bot.people.tables import community, member, space
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.schema import metadata

presence = Table(
    "presence",
    metadata,
    Column("space", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Index("ix_presence_person", "space", "person"),
)
"""Who is in which channel, for prompts that go to each member's direct message."""


def enter_channel(conn: Connection, who: Person, channel: str, community_id: int) -> None:
    """Store that the account is in this channel."""
    conn.execute(
        insert(presence)
        .values(space=who.space, channel=channel, person=who.id, community_id=community_id)
        .on_conflict_do_nothing()
    )


def leave_channel(conn: Connection, who: Person, channel: str) -> None:
    """Store that the account is no longer in this channel."""
    conn.execute(
        presence.delete().where(
            presence.c.space == who.space, presence.c.channel == channel, presence.c.person == who.id
        )
    )


_ACTIVE = {
    name: bindparam(f"of_{name}", type_=presence.c[name].type)
    for name in ("space", "channel", "person", "community_id")
}
_UNLISTED = select(*_ACTIVE.values()).where(space.c.key == _ACTIVE["space"], space.c.sees_people.is_(False))
_NOTED = CompiledStatement(
    insert(presence).inline().from_select([*_ACTIVE], _UNLISTED).on_conflict_do_nothing(),
    *("of_space", "of_channel", "of_person", "of_community_id"),
)


def note_activity(conn: Connection, who: Person, place: Place, community_id: int) -> None:
    """Store that somebody did something in a channel, where the platform does not list who is in it."""
    if not place.private and place.channel:
        channel = place.channel
        _NOTED.run(
            conn,
            {
                "of_space": who.space,
                "of_channel": channel,
                "of_person": who.id,
                "of_community_id": community_id,
            },
        )


_NEWS = CompiledStatement(
    select(space.c.key).where(
        space.c.key == bindparam("space"),
        space.c.sees_people.is_(False),
        ~exists().where(
            presence.c.space == bindparam("space"), presence.c.channel == bindparam("channel"), presence.c.person == bindparam("person")
        ),
    ),
    *("space", "channel", "person"),
)  # fmt: skip


def is_noted(conn: Connection, who: Person, place: Place) -> bool:
    """Whether `note_activity` has nothing to store."""
    if place.private or not place.channel:
        return True
    return _NEWS.row(conn, {"space": who.space, "channel": place.channel, "person": who.id}) is None


def members_in_channel(
    conn: Connection, community_id: int, space_key: str, channel: str
) -> Sequence[tuple[int, str, str]]:
    """(member id, platform id, zone) of everyone in a channel who can be written to.

    Where the platform does not list people, a bot may not begin to write to them: only those who let it.
    """
    found = _readers(member.c.id, account.c.person, _ZONE)
    here = (presence.c.space == space_key) & (presence.c.channel == channel)
    rows = conn.execute(found.where(here, member.c.community_id == community_id).order_by(member.c.id))
    return [(row[0], row[1], row[2]) for row in rows]


def people_in(conn: Connection, community_id: int, place: Place) -> set[int]:
    """The members known to be in a channel."""
    here = (presence.c.space == place.space) & (presence.c.channel == place.channel)
    same = (presence.c.space == account.c.space) & (presence.c.person == account.c.person)
    found = select(account.c.member_id).join(presence, same).where(here, account.c.left_at.is_(None))
    return set(conn.execute(found.where(account.c.community_id == community_id)).scalars())


def sees_people(conn: Connection, space_key: str) -> bool:
    """Whether the platform tells who is in each channel of a space."""
    return bool(
        conn.execute(select(space.c.sees_people).where(space.c.key == space_key)).scalar_one_or_none()
    )


def count_zones(conn: Connection, community_id: int, places: Iterable[Place]) -> Counter[str]:
    """How many of those who can be written to live in each zone, in some channels."""
    found: Counter[str] = Counter()
    for place in places:
        here = (presence.c.space == place.space) & (presence.c.channel == place.channel)
        wanted = _readers(_ZONE, func.count()).where(here, member.c.community_id == community_id)
        found.update({row[0]: row[1] for row in conn.execute(wanted.group_by(_ZONE))})
    return found


_ZONE = func.coalesce(member.c.zone, account.c.zone, community.c.zone)


def _readers(*columns: Any) -> Select[Any]:
    """Whoever is in a channel and can be written to."""
    return (
        select(*columns)
        .select_from(member)
        .join(account, account.c.member_id == member.c.id)
        .join(community, community.c.id == member.c.community_id)
        .join(presence, (presence.c.space == account.c.space) & (presence.c.person == account.c.person))
        .join(space, space.c.key == account.c.space)
        .where(
            account.c.left_at.is_(None),
            account.c.stranger.is_(False),
            account.c.refused_at.is_(None),
            space.c.sees_people | account.c.direct.is_not(None),
            member.c.erased_at.is_(None),
        )
    )
