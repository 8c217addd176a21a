"""The settings of linked accounts: what either account chose; where both chose, the more private and the quieter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select, update

from bot.chat.models import Sharing
from bot.people.link_journal import RowValues, change_row, set_row_aside, written_rows
from bot.people.links import MemberLink, link_row
from bot.people.preferences import Reminders, change_preferences, preferences
from bot.people.tables import member
from bot.store.dialect import insert

SIDES = tuple(Sharing)
QUIET = tuple(Reminders)
"""From the narrowest to the widest, and from none to all."""
MEMBER = ("zone", "language", "sharing", "help", "keeps", "noticed_at")
PREFERENCES = (
    "reminders",
    "quiet_from",
    "quiet_to",
    "direct",
    "progress",
    "stopped_at",
    "resumed_at",
    "hand",
    "recall",
)


def join_settings(conn: Connection, link: MemberLink, _now: datetime) -> None:
    """Give the keeper the settings of both."""
    one, other = _member_row(conn, link.keeper), _member_row(conn, link.joined)
    change_row(conn, link, member, one, _both_members(one, other), whole=True)
    theirs = _preferences_row(conn, link.joined)
    new = insert(preferences).values(community_id=link.community_id, member_id=link.keeper)
    conn.execute(new.on_conflict_do_nothing())
    mine = _preferences_row(conn, link.keeper)
    if mine is None:
        raise LookupError(f"the preferences of member {link.keeper} were written and are not there")
    both = _both_preferences(mine, theirs or mine)
    change_row(conn, link, preferences, mine, both, whole=True)
    if theirs is not None:
        set_row_aside(conn, link, preferences, theirs)


def part_settings(conn: Connection, link: MemberLink, _now: datetime) -> None:
    """Let what was chosen while they were linked hold for both."""
    chosen = _chosen_since(conn, link, member, MEMBER)
    if chosen:
        conn.execute(update(member).where(member.c.id == link.joined).values(chosen))
    chosen = _chosen_since(conn, link, preferences, PREFERENCES)
    if not chosen:
        return
    aside = next((row for row in written_rows(conn, link, preferences) if row.became is None), None)
    if aside is None:
        change_preferences(conn, link.community_id, link.joined, **chosen)
        return
    frozen = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in chosen.items()
    }
    conn.execute(update(link_row).where(link_row.c.id == aside.id).values(was={**aside.was, **frozen}))


def _chosen_since(conn: Connection, link: MemberLink, table: Table, names: tuple[str, ...]) -> dict[str, Any]:
    """What the keeper's row says that is not what the link made of it."""
    now = _member_row(conn, link.keeper) if table is member else _preferences_row(conn, link.keeper)
    made = next((row for row in written_rows(conn, link, table) if row.became is not None), None)
    if now is None or made is None:
        return {}
    shown = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in now.items()}
    return {name: now[name] for name in names if shown[name] != made.became[name]}


def _member_row(conn: Connection, member_id: int) -> RowValues:
    return conn.execute(select(member).where(member.c.id == member_id)).mappings().one()


def _preferences_row(conn: Connection, member_id: int) -> RowValues | None:
    return (
        conn.execute(select(preferences).where(preferences.c.member_id == member_id)).mappings().one_or_none()
    )


def _both_members(one: RowValues, other: RowValues) -> dict[str, Any]:
    sides = [Sharing(row["sharing"]) for row in (one, other) if row["sharing"]]
    return {
        "zone": one["zone"] or other["zone"],
        "language": one["language"] or other["language"],
        "sharing": min(sides, key=SIDES.index).value if sides else None,
        "help": one["help"] or other["help"],
        "keeps": one["keeps"] and other["keeps"],
        "noticed_at": one["noticed_at"] or other["noticed_at"],
    }


def _both_preferences(one: RowValues, other: RowValues) -> dict[str, Any]:
    hours = one if one["quiet_from"] is not None or one["quiet_to"] is not None else other
    stopped = [row["stopped_at"] for row in (one, other) if row["stopped_at"] is not None]
    resumed = [row["resumed_at"] for row in (one, other) if row["resumed_at"] is not None]
    return {
        "reminders": min(one["reminders"], other["reminders"], key=QUIET.index),
        "quiet_from": hours["quiet_from"],
        "quiet_to": hours["quiet_to"],
        "direct": one["direct"] and other["direct"],
        "progress": min(one["progress"], other["progress"], key=lambda side: SIDES.index(Sharing(side))),
        "hand": one["hand"] and other["hand"],
        "recall": one["recall"] and other["recall"],
        "stopped_at": max(stopped, default=None),
        "resumed_at": None if stopped else max(resumed, default=None),
    }
