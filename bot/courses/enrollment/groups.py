"""Groups that take a course, kept in sync with their members: a team, a platform's role or a channel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from bot.chat.cards import ChannelLink, Part, compose
from bot.chat.language import _
from bot.courses.cohorts.starts import hold_first_lesson
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment, EnrollmentRule
from bot.courses.lessons.catalog import find_course
from bot.courses.lessons.release import plan_enrollment
from bot.courses.notices.tables import MembershipKind, note_membership
from bot.courses.teams import tables as teams_tables
from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.people.hours import hours_of
from bot.people.tables import member
from bot.runtime.clock import Clock
from bot.store.slices import work_through
from bot.store.store import Store

RULE = "rule"
PIECE = 10
"""Members of a large group who are enrolled at once; the job enrolls the others, so that nobody is kept waiting."""


class GroupSync:
    """The periodic job that enrolls who came into a group and lets go who left it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self) -> int:
        """Sync every group, a piece at a time; how many members that concerned."""
        now = self._clock.now()
        found = await self._store.read(_out_of_sync)

        def sync(conn: Connection, one: tuple[int, int]) -> None:
            sync_members(conn, one[0], (one[1],), now)

        return await work_through(self._store, found, sync)

    def next_due(self, conn: Connection) -> datetime | None:
        """Now, where somebody is to be enrolled or let go."""
        return self._clock.now() if _out_of_sync(conn) else None


def enroll_teammate(conn: Connection, community_id: int, team_id: int, member_id: int, now: datetime) -> None:
    """Enroll at once somebody who came into a team that takes a course."""
    if is_team_enrolled(conn, community_id, team_id):
        sync_members(conn, community_id, (member_id,), now)


def is_team_enrolled(conn: Connection, community_id: int, team_id: int) -> bool:
    """Whether a team as such takes a course."""
    rules = tables.enrollment_rules(conn, community_id)
    return any(one.kind == "team" and one.value == str(team_id) for one in rules)


def enroll_first(conn: Connection, one: EnrollmentRule, now: datetime) -> int:
    """Enroll the first people of a group; the job enrolls the others. How many will take the course in all."""
    left = {
        member_id
        for member_id, known in tables.enrollments_by_member(conn, one).items()
        if known.left_at is not None and known.left_by != RULE
    }
    group = _members(conn, one) - left
    sync_members(conn, one.community_id, sorted(group)[:PIECE], now)
    return len(group)


def sync_members(conn: Connection, community_id: int, among: Collection[int], now: datetime) -> int:
    """Make the enrollments of these members agree with their community's rules as they are now; how many changed."""
    changed = 0
    for one, came, went in _differences(conn, tables.enrollment_rules(conn, community_id), among):
        for member_id in came:
            hours = hours_of(conn, one.community_id, member_id, now)
            source = f"{RULE}:{one.id}"
            new = tables.enroll_member(
                conn, one.community_id, one.course_id, member_id, source, hours.day_of(now), now
            )
            if (listed := find_course(conn, one.community_id, one.course_id)) is not None:
                hold_first_lesson(conn, new, one.id, listed)
            plan_enrollment(conn, new, now)
            note_membership(
                conn,
                one.community_id,
                member_id,
                MembershipKind.COURSE,
                one.course_id,
                made_by=one.made_by,
                now=now,
                source=source,
            )
            teams_tables.recount_member(conn, one.community_id, member_id, one.course_id)
        for gone in went:
            tables.change_enrollment(
                conn, gone.id, left_at=now, left_by=RULE, release_at=None, remind_at=None
            )
            teams_tables.recount_member(conn, one.community_id, gone.member_id, one.course_id)
        changed += len(came) + len(went)
    return changed


def _out_of_sync(conn: Connection) -> list[tuple[int, int]]:
    """The (community, member) of whom an enrollment does not agree with the rules."""
    return sorted(
        {
            (rule.community_id, member_id)
            for rule, came, went in _differences(conn, tables.enrollment_rules(conn))
            for member_id in (*came, *(gone.member_id for gone in went))
        }
    )


def _differences(
    conn: Connection, rules: Sequence[EnrollmentRule], among: Collection[int] | None = None
) -> list[tuple[EnrollmentRule, list[int], list[Enrollment]]]:
    """For each rule, the members (of these, or of all) to enroll and the enrollments that no longer hold."""
    groups = {one.id: _members(conn, one, among) for one in rules}
    found = []
    for one in rules:
        there = tables.enrollments_by_member(conn, one, among)
        came = [
            member_id
            for member_id in sorted(groups[one.id])
            if (known := there.get(member_id)) is None
            or (known.left_at is not None and known.left_by == RULE)
        ]
        source = f"{RULE}:{one.id}"
        others = set().union(
            *(groups[each.id] for each in rules if each.course_id == one.course_id and each.id != one.id)
        )
        went = [
            known
            for member_id, known in there.items()
            if known.source == source and known.left_at is None and member_id not in groups[one.id] | others
        ]
        found.append((one, came, went))
    return found


def _members(conn: Connection, one: EnrollmentRule, among: Collection[int] | None = None) -> set[int]:
    """The members of a group as it is now: people who may be written to, no strangers, nobody who left."""
    query = (
        select(member.c.id)
        .join(account, account.c.member_id == member.c.id)
        .where(
            member.c.community_id == one.community_id,
            member.c.erased_at.is_(None),
            account.c.left_at.is_(None),
            account.c.stranger.is_(False),
        )
    )
    if among is not None:
        query = query.where(member.c.id.in_(among))
    space, _, value = one.value.partition("/")
    if one.kind == "team":
        query = query.join(teams_tables.teammate, teams_tables.teammate.c.member_id == member.c.id).where(
            teams_tables.teammate.c.team_id == int(one.value), teams_tables.teammate.c.left_at.is_(None)
        )
        return set(conn.execute(query).scalars())
    query = query.where(account.c.space == space)
    if one.kind == "channel":
        here = (presence.c.space == account.c.space) & (presence.c.person == account.c.person)
        query = query.join(presence, here).where(presence.c.channel == value)
        return set(conn.execute(query).scalars())
    rows = conn.execute(query.add_columns(account.c.facts))
    return {member_id for member_id, facts in rows if value in facts}


def group_sizes(conn: Connection, community_id: int, space: str) -> Mapping[str, int]:
    """The roles and groups that people of a space have, with how many."""
    found: dict[str, int] = {}
    rows = conn.execute(
        select(account.c.facts).where(
            account.c.community_id == community_id, account.c.space == space, account.c.left_at.is_(None)
        )
    )
    for facts in rows.scalars():
        for fact in facts:
            found[fact] = found.get(fact, 0) + 1
    return found


def group_name(conn: Connection, one: EnrollmentRule) -> tuple[Part, ...]:
    """A group, in words that the platform can link."""
    if one.kind == "team":
        team = teams_tables.find_team(conn, one.community_id, int(one.value))
        return (_("a team that no longer exists") if team is None else _("Team {team}", team=team.name),)
    value = one.value.partition("/")[2]
    return (
        compose(_("Everybody in {value}"), value=ChannelLink(value))
        if one.kind == "channel"
        else (_("Everybody of {value}", value=value),)
    )
