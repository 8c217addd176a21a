"""The reach of the bot: how many people it can write to directly, and what an operator changes to see the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, func, select

from bot.chat.models import Place
from bot.people import channel_members
from bot.people import tables as people
from bot.people.accounts import account, reachable_account
from bot.people.links import whole_member
from bot.people.preferences import preferences, preferences_of
from bot.people.tables import member, space


@dataclass(frozen=True, slots=True)
class SpaceReach:
    """How many people of a space are known, may be reminded, and may be sent prompts directly."""

    key: str
    name: str
    known: int
    reminded: int
    direct: int
    people_fix: str
    """What an operator changes so that everybody is listed; empty where they are."""


def count_readers(conn: Connection, community_id: int, places: Iterable[Place]) -> int:
    """How many people a direct message to everyone in these channels reaches."""
    found: set[int] = set()
    for place in places:
        there = channel_members.members_in_channel(conn, community_id, place.space, place.channel)
        found |= {member_id for member_id, _, _ in there}
    refused = conn.execute(
        select(preferences.c.member_id).where(
            preferences.c.community_id == community_id, preferences.c.direct.is_(False)
        )
    )
    return len(found - set(refused.scalars()))


def find_people_fix(conn: Connection, places: Iterable[Place]) -> str:
    """What an operator changes so that everybody in these channels is listed; empty where they are."""
    fixes = (people.visibility_of(conn, place.space) for place in places)
    return next((one.people_fix for one in fixes if not one.people), "")


def count_reach(conn: Connection, community_id: int | None = None) -> list[SpaceReach]:
    """The reach in each space that the bot is in, of one community or with None of all."""
    ours: list[ColumnElement[bool]] = [space.c.left_at.is_(None)]
    if community_id is not None:
        ours.append(space.c.community_id == community_id)
    open_ = account.c.refused_at.is_(None) & func.coalesce(preferences.c.direct, True)
    begun = open_ & (space.c.sees_people | account.c.direct.is_not(None))
    rows = conn.execute(
        select(
            space.c.key,
            space.c.name,
            func.count(member.c.id),
            func.coalesce(func.sum(case((member.c.id.is_not(None) & open_, 1), else_=0)), 0),
            func.coalesce(func.sum(case((member.c.id.is_not(None) & begun, 1), else_=0)), 0),
            case((space.c.sees_people, ""), else_=space.c.people_fix),
        )
        .select_from(space)
        .outerjoin(
            account,
            (account.c.space == space.c.key) & account.c.left_at.is_(None) & account.c.stranger.is_(False),
        )
        .outerjoin(member, (member.c.id == account.c.member_id) & member.c.erased_at.is_(None))
        .outerjoin(preferences, preferences.c.member_id == member.c.id)
        .where(*ours)
        .group_by(space.c.key, space.c.name, space.c.sees_people, space.c.people_fix)
        .order_by(space.c.key)
    )
    return [SpaceReach(*row) for row in rows]


def writable_account(conn: Connection, community_id: int, member_id: int) -> tuple[str, str] | None:
    """(space, platform id) of the account through which somebody may be written to unasked.

    None, whatever the reason: gone, closed direct messages, or they want none.
    """
    member_id = whole_member(conn, member_id)
    if not preferences_of(conn, member_id).reachable:
        return None
    return reachable_account(conn, community_id, member_id)
