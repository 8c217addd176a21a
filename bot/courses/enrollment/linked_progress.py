"""Courses and teams of linked accounts: of a course that both took, the better of both is what counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment, enrollment
from bot.courses.lessons.release import LESSON, plan_enrollment, stations_of
from bot.courses.lessons.tables import progress
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import teammate
from bot.delivery import outbox
from bot.delivery import tables as delivery_tables
from bot.people.link_journal import (
    RowValues,
    change_row,
    change_rows,
    credit_row,
    moved_ids,
    set_row_aside,
    written_rows,
)
from bot.people.links import JoinStep, LinkRules, MemberLink, MembersParted


def join_course(conn: Connection, link: MemberLink, course_id: int, _now: datetime) -> None:
    """Join a course that both members take; one that only the joined took is moved as it is, with its lessons."""
    known, other = (_by_course(conn, who).get(course_id) for who in (link.keeper, link.joined))
    if other is None:
        return
    if known is not None:
        _join_courses(conn, link, known, other)
        return
    mine = {"member_id": link.keeper}
    theirs = [row for row in _marks(conn, other["id"]) if row["member_id"] == link.joined]
    change_rows(conn, link, progress, theirs, mine)
    change_row(conn, link, enrollment, other, mine)


def join_team(conn: Connection, link: MemberLink, team_id: int, _now: datetime) -> None:
    """Join a team in which both members are; one in which only the joined is moves as it is."""
    known, other = (_by_team(conn, who).get(team_id) for who in (link.keeper, link.joined))
    if known is not None and other is not None:
        _join_teams(conn, link, known, other)


def _by_course(conn: Connection, member_id: int) -> dict[int, RowValues]:
    return {row["course_id"]: row for row in _rows(conn, enrollment, member_id)}


def _by_team(conn: Connection, member_id: int) -> dict[int, RowValues]:
    return {row["team_id"]: row for row in _rows(conn, teammate, member_id)}


def _rows(conn: Connection, table: Table, member_id: int) -> Sequence[RowValues]:
    return conn.execute(select(table).where(table.c.member_id == member_id)).mappings().all()


def _join_teams(conn: Connection, link: MemberLink, one: RowValues, other: RowValues) -> None:
    there = [row for row in (one, other) if row["left_at"] is None]
    values = {
        "lead": any(row["lead"] for row in there),
        "joined_at": min(row["joined_at"] for row in there or (one, other)),
        "left_at": None if there else max(one["left_at"], other["left_at"]),
    }
    set_row_aside(conn, link, teammate, other)
    change_row(conn, link, teammate, one, values)


def _join_courses(conn: Connection, link: MemberLink, one: RowValues, other: RowValues) -> None:
    marks = {row["lesson"]: row for row in _marks(conn, one["id"])}
    for row in _marks(conn, other["id"]):
        known = marks.get(row["lesson"])
        if known is not None:
            change_row(conn, link, progress, known, _both_marks(known, row))
            set_row_aside(conn, link, progress, row)
        elif one["done_at"] is not None and row["done_at"] is None:
            set_row_aside(conn, link, progress, row)  # a finished course has no open lesson
        else:
            new = {"enrollment_id": one["id"], "member_id": link.keeper}
            change_row(conn, link, progress, row, new)
    change_row(conn, link, enrollment, one, _both_enrollments(one, other))
    _take_back_lessons(conn, other["id"])
    set_row_aside(conn, link, enrollment, other)


def _marks(conn: Connection, enrollment_id: int) -> Sequence[RowValues]:
    return conn.execute(select(progress).where(progress.c.enrollment_id == enrollment_id)).mappings().all()


def _both_marks(one: RowValues, other: RowValues) -> dict[str, Any]:
    """What counts of a lesson that both reached: done is done, and the earliest of everything."""
    done = min(
        (row for row in (one, other) if row["done_at"] is not None),
        key=lambda row: row["done_at"],
        default=one,
    )
    notes = [row["note"] for row in (one, other) if row["note"]]
    told = [row["told_at"] for row in (one, other) if row["told_at"] is not None]
    started = [row["started_at"] for row in (one, other) if row["started_at"] is not None]
    return {
        "released_at": min(one["released_at"], other["released_at"]),
        "due_at": max(one["due_at"], other["due_at"]),
        "started_at": min(started, default=None),
        "done_at": done["done_at"],
        "how": done["how"],
        "note": "\n\n".join(dict.fromkeys(notes)) or None,
        "told_at": max(told, default=None),
    }


def _both_enrollments(one: RowValues, other: RowValues) -> dict[str, Any]:
    """What holds of a course that both took: whoever goes on goes on, and what is finished is finished."""
    there = [row for row in (one, other) if row["left_at"] is None]
    goes_on = [row for row in there if row["paused_at"] is None]
    first = (goes_on or there or [one])[0]
    done = [row["done_at"] for row in there if row["done_at"] is not None]
    return {
        "source": first["source"],
        "joined_at": min(row["joined_at"] for row in there or (one,)),
        "day": min(row["day"] for row in there or (one,)),
        "paused_at": first["paused_at"],
        "paused_until": first["paused_until"],
        "paused_by": first["paused_by"],
        "left_at": first["left_at"],
        "left_by": first["left_by"],
        "done_at": min(done, default=one["done_at"]),
        "alive_at": max(one["alive_at"], other["alive_at"]),
    }


def _take_back_lessons(conn: Connection, enrollment_id: int) -> None:
    """Say nothing of lessons on their way to an account that gets the other's."""
    c = delivery_tables.outbox.c
    theirs = (c.kind == LESSON) & (c.ref == str(enrollment_id))
    for key in conn.execute(select(c.key).where(theirs)).scalars().all():
        outbox.cancel_draft(conn, key)


# ── parting ───────────────────────────────────────────────────────────────────


def part_progress(conn: Connection, link: MemberLink, _now: datetime) -> None:
    """Give back, with a course that goes back, the lessons that were reached in it since."""
    written = {row.key["id"] for row in written_rows(conn, link, progress)}
    for enrollment_id in moved_ids(conn, link, enrollment):
        for row in _marks(conn, enrollment_id):
            if row["id"] not in written:
                credit_row(conn, link, progress, {"id": row["id"]}, {"member_id": link.joined})


def follow_parting(conn: Connection, fact: MembersParted) -> None:
    """Plan the courses of both members again, and count their teams anew."""
    for member_id in (fact.link.keeper, fact.link.joined):
        for row in _rows(conn, enrollment, member_id):
            one = Enrollment(**row)
            together = one.done_at is not None and one.done_at >= fact.link.at
            _follow_course(conn, replace(one, done_at=None) if together else one, fact.now)
        for row in _rows(conn, teammate, member_id):
            teams_tables.recount_team(conn, fact.link.community_id, row["team_id"])


def plan_course(conn: Connection, link: MemberLink, course_id: int, now: datetime) -> None:
    """Plan a course of the keeper again, with what the other one did in it."""
    one = _by_course(conn, link.keeper).get(course_id)
    if one is not None:
        _follow_course(conn, Enrollment(**one), now)


def recount_team(conn: Connection, link: MemberLink, team_id: int, _now: datetime) -> None:
    """Count a team of the keeper anew."""
    teams_tables.recount_team(conn, link.community_id, team_id)


def _follow_course(conn: Connection, one: Enrollment, now: datetime) -> None:
    _, stations = stations_of(conn, one)
    finished = all(station.state == "done" for station in stations)
    done_at = (one.done_at or now) if finished else None
    tables.change_enrollment(conn, one.id, done_at=done_at)
    plan_enrollment(conn, replace(one, done_at=done_at), now)


RULES = LinkRules(
    join=(
        JoinStep(lambda conn, link: sorted(_by_course(conn, link.joined)), join_course),
        JoinStep(lambda conn, link: sorted(_by_team(conn, link.joined)), join_team),
    ),
    follow=(
        JoinStep(lambda conn, link: sorted(_by_course(conn, link.keeper)), plan_course),
        JoinStep(lambda conn, link: sorted(_by_team(conn, link.keeper)), recount_team),
    ),
    part=part_progress,
)
