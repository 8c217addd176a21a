"""What the ground floor decides when two accounts become one member: settings, reminders, and "later"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from bot.delivery import outbox
from bot.feature import Feature
from bot.people import linked_settings
from bot.people.link_journal import RowValues, change_row, part_members, set_row_aside
from bot.people.links import LinkRules, MemberLink, MembersParted
from bot.people.preferences import PreferencesChanged
from bot.reminders import policy
from bot.reminders.tables import is_reminded, pending_reminders, reminders_around, snooze, withdraw_reminder


def join_reminders(conn: Connection, link: MemberLink, now: datetime) -> None:
    """Join settings, remind of nothing twice, and let the later "later" hold."""
    linked_settings.join_settings(conn, link, now)
    for one in pending_reminders(conn, link.joined):
        lately = reminders_around(conn, link.keeper, now, policy.APART)
        if (lately or is_reminded(conn, link.keeper, one.reason, one.period)) and outbox.cancel_draft(
            conn, one.key
        ):
            withdraw_reminder(conn, one.key, now)
    mine = {row["series"]: row for row in _snoozes(conn, link.keeper)}
    for row in _snoozes(conn, link.joined):
        known = mine.get(row["series"])
        if known is not None:
            change_row(conn, link, snooze, known, {"until": max(known["until"], row["until"])})
            set_row_aside(conn, link, snooze, row)


def _snoozes(conn: Connection, member_id: int) -> list[RowValues]:
    return list(conn.execute(select(snooze).where(snooze.c.member_id == member_id)).mappings())


def part_link(
    conn: Connection, link: MemberLink, features: Iterable[Feature], tell: Callable[[Connection, object], None], now: datetime
) -> None:  # fmt: skip
    """Make two members again of one, and let the features plan for both."""
    written = part_members(conn, link, [one.links for one in features], now)
    tell(conn, MembersParted(link, now, written))
    for member_id in (link.keeper, link.joined):
        plan_again(conn, link.community_id, member_id, tell, now)


def plan_again(
    conn: Connection,
    community_id: int,
    member_id: int,
    tell: Callable[[Connection, object], None],
    now: datetime,
) -> None:
    """Take back reminders that no longer fit a member, and let the features plan again."""
    policy.withdraw_unfit_for(conn, member_id, now)
    tell(conn, PreferencesChanged(community_id, member_id))


RULES = LinkRules(join_reminders, linked_settings.part_settings)
