"""The outlook of an import: what it would change as things stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection

from bot.courses.rosters.tables import Roster, RosterPerson, people_of
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import TeamMember, fold_name
from bot.people.accounts import name_of
from bot.people.named_people import present_account


@dataclass(frozen=True, slots=True)
class Namesake:
    """One of several people whom a line may mean: how they are told apart."""

    member_id: int
    name: str
    person: str
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnclearLine:
    """A line that may mean several people."""

    number: int
    team: str
    people: tuple[Namesake, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import changes: the names of new teams, how many join, how many become leads, how many are there already."""

    new_teams: tuple[str, ...]
    joining: int
    leading: int
    known: int
    unclear: tuple[UnclearLine, ...]

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return bool(self.joining or self.leading)


def clear_rows(people: Sequence[RosterPerson]) -> list[RosterPerson]:
    """Those rows in whose line nobody else may be meant."""
    return [line[0] for line in _lines_of(people) if len(line) == 1]


def _lines_of(people: Sequence[RosterPerson]) -> list[list[RosterPerson]]:
    return [list(line) for _number, line in groupby(people, key=lambda one: one.number)]


def look_ahead(conn: Connection, one: Roster) -> Outlook:
    """What a stored table would change now."""
    return foresee_import(conn, one.community_id, people_of(conn, one.id))


def foresee_import(conn: Connection, community_id: int, people: Sequence[RosterPerson]) -> Outlook:
    """What these rows would change now."""
    teams = {fold_name(each.name): each for each in teams_tables.teams(conn, community_id)}
    new: dict[str, str] = {}
    mates: dict[int, dict[int, TeamMember]] = {}
    joining = leading = known = 0
    for row in clear_rows(people):
        team = teams.get(fold_name(row.team))
        if team is None:
            new.setdefault(fold_name(row.team), row.team)
            mate = None
        else:
            there = mates.setdefault(
                team.id, {each.member_id: each for each in teams_tables.team_members(conn, team.id)}
            )
            mate = there.get(row.member_id)
        leads = row.lead and not (mate is not None and mate.lead)
        joining += mate is None
        leading += leads
        known += mate is not None and not leads
    return Outlook(tuple(new.values()), joining, leading, known, _unclear_lines(conn, community_id, people))


def _unclear_lines(
    conn: Connection, community_id: int, people: Sequence[RosterPerson]
) -> tuple[UnclearLine, ...]:
    return tuple(
        UnclearLine(
            line[0].number,
            line[0].team,
            tuple(_namesake(conn, community_id, each.member_id) for each in line),
        )
        for line in _lines_of(people)
        if len(line) > 1
    )


def _namesake(conn: Connection, community_id: int, member_id: int) -> Namesake:
    account = present_account(conn, community_id, member_id)
    teams = tuple(each.name for each in teams_tables.teams_of(conn, community_id, member_id))
    name = name_of(conn, member_id) or ""
    return Namesake(member_id, name, account[0] if account is not None else "", teams)
