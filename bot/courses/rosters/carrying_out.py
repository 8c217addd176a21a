"""An import carried out and taken back, a few rows in each transaction: what is interrupted goes on where it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import partial

from sqlalchemy import Connection, delete, func, select, update

from bot.alerts.alerts import Alerts
from bot.courses.enrollment.groups import enroll_teammate, is_team_enrolled
from bot.courses.notices import tables as notices
from bot.courses.notices.tables import MembershipKind, note_membership
from bot.courses.rosters import tables
from bot.courses.rosters.outlook import clear_rows
from bot.courses.rosters.tables import Roster, RosterPerson, roster_row
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.leads import resolve_leaderless
from bot.courses.teams.tables import Team, team, team_week, teammate
from bot.courses.teams.team_states import joined_at
from bot.people.accounts import name_of
from bot.store.schema import metadata
from bot.store.slices import work_through
from bot.store.store import Store

QUIET = timedelta(minutes=10)
"""How long nobody is told of an import, so that a mistake can be taken back before anybody reads of it."""
PER_MINUTE = 20
"""People who are told in a minute."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import changed in all: teams made, people who joined, people who lead now."""

    teams: int
    joined: int
    led: int


class Undone(Enum):
    """What became of one row that was taken back."""

    LEFT = "left"
    UNLED = "no lead any more"
    STAYED = "stayed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What was taken back: people taken out, leads ended, teams removed, and what stayed because it was changed since."""

    left: int
    unled: int
    teams: int
    stayed: int


@dataclass(frozen=True, slots=True)
class RosterWork:
    """Does what a table says, and takes it back."""

    store: Store
    alerts: Alerts

    async def carry_out(self, one: Roster, now: datetime) -> ImportResult:
        """Import every line that means one person; what was imported already is left as it is.

        `now` is when the import began, also where it goes on later.
        """
        people = await self.store.read(partial(tables.people_of, roster_id=one.id))
        todo = list(enumerate(clear_rows(people)))

        def put(conn: Connection, numbered: tuple[int, RosterPerson]) -> None:
            told_at = now + QUIET + timedelta(minutes=numbered[0] // PER_MINUTE)
            self._put(conn, one, numbered[1], now, told_at)

        await work_through(self.store, todo, put)
        return await self.store.read(partial(_count_result, roster_id=one.id))

    def _put(
        self, conn: Connection, one: Roster, listed: RosterPerson, now: datetime, told_at: datetime
    ) -> None:
        row = tables.person_at(conn, listed)
        if row is None or row.team_id is not None:
            return
        into, made = _find_or_make_team(conn, row, now)
        joined = teams_tables.join_team(conn, row.community_id, into.id, row.member_id, now)
        led = row.lead and not teams_tables.is_lead(conn, into.id, row.member_id)
        note = partial(
            note_membership, conn, row.community_id, row.member_id, subject=into.id, made_by=one.made_by, now=now,
            source=one.source,
        )  # fmt: skip
        if joined:
            note(MembershipKind.TEAM)
        if led:
            teams_tables.set_lead(conn, into.id, row.member_id, True)
            note(MembershipKind.LEAD)
            name = name_of(conn, row.member_id) or ""
            resolve_leaderless(conn, self.alerts, row.community_id, into, name, now)
        if joined or led:
            enroll_teammate(conn, row.community_id, into.id, row.member_id, now)
            owed = notices.claim_notices(conn, row.member_id)
            notices.postpone_notices(conn, [each.id for each in owed], told_at)
        tables.record_row(conn, row, into.id, joined=joined, led=led, made_team=made)

    async def undo(self, one: Roster, now: datetime) -> UndoResult:
        """Take back what an import did, and nothing else; what somebody changed since stays."""
        people = await self.store.read(partial(tables.people_of, roster_id=one.id))
        began = one.imported_at or now
        outcomes: dict[tuple[int, int], Undone] = {}
        teams: dict[int, bool] = {}

        def take_back(conn: Connection, row: RosterPerson) -> None:
            outcomes[row.number, row.member_id] = _take_back(conn, row, began, now)

        def remove(conn: Connection, row: RosterPerson) -> None:
            teams[row.number] = _remove_team(conn, row)

        await work_through(self.store, [row for row in people if row.joined or row.led], take_back)
        await work_through(self.store, [row for row in people if row.made_team], remove)
        ended = list(outcomes.values())
        return UndoResult(
            ended.count(Undone.LEFT), ended.count(Undone.UNLED), sum(teams.values()),
            ended.count(Undone.STAYED) + len(teams) - sum(teams.values()),
        )  # fmt: skip


def _find_or_make_team(conn: Connection, row: RosterPerson, now: datetime) -> tuple[Team, bool]:
    """The team of a row, and whether it is new."""
    new = teams_tables.create_team(conn, row.community_id, row.team, now)
    if new is not None:
        return Team(new, row.team, 0), True
    there = teams_tables.team_by_name(conn, row.community_id, row.team)
    if there is None:
        raise LookupError("a team is neither there nor can it be made")
    return there, False


def _count_result(conn: Connection, roster_id: int) -> ImportResult:
    people = tables.people_of(conn, roster_id)
    return ImportResult(
        sum(row.made_team for row in people),
        sum(row.joined for row in people),
        sum(row.led for row in people),
    )


# ── taking back ───────────────────────────────────────────────────────────────


def _take_back(conn: Connection, listed: RosterPerson, began: datetime, now: datetime) -> Undone:
    """Take a person out of their team again, or let them lead no longer, where it is still as the import left it."""
    row = tables.person_at(conn, listed)
    if row is None or row.team_id is None or not (row.joined or row.led):
        return Undone.GONE
    tables.clear_row(conn, row)
    leads = teams_tables.is_lead(conn, row.team_id, row.member_id)
    since = joined_at(conn, row.team_id, row.member_id)
    if since is None:
        return Undone.GONE
    if row.joined:
        if since != began or (leads and not row.led):
            return Undone.STAYED
        teams_tables.leave_team(conn, row.community_id, row.team_id, row.member_id, now)
        return Undone.LEFT
    if not leads:
        return Undone.GONE
    teams_tables.set_lead(conn, row.team_id, row.member_id, False)
    return Undone.UNLED


def _remove_team(conn: Connection, listed: RosterPerson) -> bool:
    """Remove a team that the import made, unless somebody is in it or has made something of it; whether it went."""
    row = tables.person_at(conn, listed)
    if row is None or row.team_id is None or not row.made_team:
        return False
    tables.clear_made_team(conn, row)
    return remove_unused_team(conn, row.community_id, row.team_id)


DERIVED = (team_week, teammate, roster_row)
"""Tables that say nothing of a team that is worth keeping, once nobody is in it."""


def remove_unused_team(conn: Connection, community_id: int, team_id: int) -> bool:
    """Remove a team in which nobody is and of which nothing was made; whether it went."""
    if teams_tables.team_members(conn, team_id) or is_team_enrolled(conn, community_id, team_id):
        return False
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            if key.column is team.c.id and table not in DERIVED:
                held = select(func.count()).select_from(table).where(key.parent == team_id)
                if conn.execute(held).scalar_one():
                    return False
    for table in (team_week, teammate):
        conn.execute(delete(table).where(table.c.team_id == team_id))
    conn.execute(update(roster_row).where(roster_row.c.team_id == team_id).values(team_id=None))
    conn.execute(delete(team).where(team.c.community_id == community_id, team.c.id == team_id))
    return True
