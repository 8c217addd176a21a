"""Members of channels: who is in which, for prompts, reminders and courses that go to a whole channel."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, ForeignKey, Index, Table, Text, func, select

from bot.chat.models import Person
from bot.people.accounts import account
from bot.people.tables import community, member
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


def members_in_channel(
    conn: Connection, community_id: int, space_key: str, channel: str
) -> Sequence[tuple[int, str, str]]:
    """(member id, platform id, zone) of everyone in a channel who may be written to."""
    rows = conn.execute(
        select(member.c.id, account.c.person, func.coalesce(member.c.zone, account.c.zone, community.c.zone))
        .join(account, account.c.member_id == member.c.id)
        .join(community, community.c.id == member.c.community_id)
        .join(presence, (presence.c.space == account.c.space) & (presence.c.person == account.c.person))
        .where(
            presence.c.space == space_key,
            presence.c.channel == channel,
            member.c.community_id == community_id,
            account.c.left_at.is_(None),
            account.c.stranger.is_(False),
            member.c.erased_at.is_(None),
        )
        .order_by(member.c.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
