"""What the ground floor decides when two accounts become one member: settings, reminders, and "later"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from bot.delivery import outbox
from bot.feature import Feature
from bot.people import linked_settings
from bot.people.link_journal import RowValues, change_row, part_members, set_row_aside
from bot.people.links import JoinStep, LinkRules, MemberLink, MembersParted
from bot.people.preferences import PreferencesChanged
from bot.reminders import policy
from bot.reminders.tables import (
    Reminder,
    is_reminded,
    pending_reminders,
    reminders_around,
    snooze,
    withdraw_reminder,
)


def join_reminder(conn: Connection, link: MemberLink, one: Reminder, now: datetime) -> None:
    """Remind of nothing twice."""
    lately = reminders_around(conn, link.keeper, now, policy.APART)
    if (lately or is_reminded(conn, link.keeper, one.reason, one.period)) and outbox.cancel_draft(
        conn, one.key
    ):
        withdraw_reminder(conn, one.key, now)


def join_snooze(conn: Connection, link: MemberLink, series: str, _now: datetime) -> None:
    """Let the later "later" hold."""
    known, other = (_snoozes(conn, who).get(series) for who in (link.keeper, link.joined))
    if known is not None and other is not None:
        change_row(conn, link, snooze, known, {"until": max(known["until"], other["until"])})
        set_row_aside(conn, link, snooze, other)


def _snoozes(conn: Connection, member_id: int) -> dict[str, RowValues]:
    rows = conn.execute(select(snooze).where(snooze.c.member_id == member_id)).mappings()
    return {row["series"]: row for row in rows}


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


RULES = LinkRules(
    join=(
        JoinStep(lambda conn, link: pending_reminders(conn, link.joined), join_reminder),
        JoinStep(lambda conn, link: sorted(_snoozes(conn, link.joined)), join_snooze),
    ),
    part=linked_settings.part_settings,
)
