"""Finding the people of a roster: by e-mail where a platform shows addresses, else by id or by their whole name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.language import _
from bot.courses.email_addresses import AddressBook
from bot.courses.rosters.formats import RosterRow, is_email
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import fold_name
from bot.people.accounts import member_at
from bot.people.departures import present_among
from bot.people.named_people import find_named, plain_name


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """A row with the members it may mean: one, or several of that name."""

    number: int
    team: str
    lead: bool
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    """A row that cannot be imported, and why."""

    row: RosterRow
    why: str


def match_rows(
    conn: Connection, community_id: int, rows: Sequence[RosterRow], book: AddressBook, space: str
) -> tuple[list[MatchedRow], list[UnmatchedRow]]:
    """Find everybody. `space` is where ids belong that do not say. Two rows about one person in one team are one row."""
    names = {fold_name(one.name): one.name for one in teams_tables.teams(conn, community_id)}
    matched: dict[tuple[str, tuple[int, ...]], MatchedRow] = {}
    unmatched = []
    for row in rows:
        members, why = _look_up_row(conn, community_id, row, book, space)
        if why:
            unmatched.append(UnmatchedRow(row, why))
            continue
        team = names.setdefault(fold_name(row.team), row.team)
        known = matched.get((team, members))
        lead = row.lead or (known is not None and known.lead)
        number = row.number if known is None else known.number
        matched[team, members] = MatchedRow(number, team, lead, members)
    return list(matched.values()), unmatched


def _look_up_row(
    conn: Connection, community_id: int, row: RosterRow, book: AddressBook, space: str
) -> tuple[tuple[int, ...], str]:
    """Whom a row may mean, or why it cannot be imported."""
    if row.why:
        return (), row.why
    there = teams_tables.team_by_name(conn, community_id, row.team)
    if there is not None and there.archived_at is not None:
        return (), _("{team} is archived. Nobody joins it any more.", team=there.name)
    return _find_person(conn, community_id, row, book, space)


def _find_person(
    conn: Connection, community_id: int, row: RosterRow, book: AddressBook, space: str
) -> tuple[tuple[int, ...], str]:
    """Whom a row may mean, or why nobody is meant: what is wrong with the surest way in which it says who."""
    first = ""
    for said in row.people:
        by_email = is_email(said)
        found = (
            _by_email(conn, community_id, said, book)
            if by_email
            else find_named(conn, community_id, said, space)
        )
        here = present_among(conn, found) if found else set[int]()
        if here:
            return tuple(one for one in found if one in here), ""
        if found:
            why = _("“{name}” has left.", name=plain_name(said)[:60])
        elif by_email:
            why = _why_no_address(said, book)
        else:
            why = _("I found nobody called “{wanted}”.", wanted=plain_name(said)[:60])
        first = first or why
    return (), first


def _by_email(conn: Connection, community_id: int, email: str, book: AddressBook) -> tuple[int, ...]:
    there = book.people.get(email)
    found = member_at(conn, community_id, *there) if there is not None else None
    return () if found is None else (found[0],)


def _why_no_address(email: str, book: AddressBook) -> str:
    if book.shown:
        return _("Nobody here has the address {email}.", email=email[:80])
    if book.away:
        return _("I could not look up this e-mail address now. Try again in a few minutes.")
    return _("I cannot look up e-mail addresses here. Write the person's name or id.")
