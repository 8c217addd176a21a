"""What a meeting goes through: the protocol of a lesson, or a plain agenda where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.chat.language import _
from bot.chat.models import UnclearOption
from bot.courses.enrollment.tables import enrollment
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.model import Lesson, MeetingPart
from bot.courses.lessons.plan_fills import plan_fills_of
from bot.courses.lessons.tables import progress
from bot.courses.teams.tables import Team, team_members
from bot.feature import Request
from bot.people.languages import speaking_to_all
from bot.team_plans.labels import PARTS
from bot.team_plans.model import PlanSheet

PLAIN = "plain"
"""In forms: no lesson, a plain agenda."""
OFFERED = 9
"""Lessons in a form, beside the plain agenda."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """The parts of a meeting with what is needed for it; `title` is its lesson's, `language` that of its texts ("": ours)."""

    title: str
    parts: tuple[MeetingPart, ...]
    language: str = ""
    bring: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    write_down: str = ""
    end: str = ""

    @property
    def minutes(self) -> int:
        """Minutes of all parts together."""
        return sum(one.minutes for one in self.parts)

    def to_json(self) -> dict[str, Any]:
        """All of it as plain lists, dicts and text; `from_json` gives it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Agenda:
        """The agenda that `to_json` stored."""
        return cls(
            stored["title"],
            tuple(MeetingPart(**one) for one in stored["parts"]),
            stored["language"],
            tuple(stored["bring"]),
            tuple(stored["materials"]),
            tuple((role, does) for role, does in stored["roles"]),
            stored["write_down"],
            stored["end"],
        )


def make_agenda(conn: Connection, community_id: int, lesson: str, next_part: PlanSheet | None) -> Agenda:
    """The agenda of a lesson (`c1.2`); a plain one where there is no such lesson, or it has no protocol.

    `next_part` is what the team writes next: the work of a plain agenda.
    """
    found = find_lesson(conn, community_id, lesson)
    if found is None or found[1].protocol is None:
        with speaking_to_all(conn, community_id):
            return plain_agenda(next_part)
    listed, one = found
    protocol = one.protocol
    assert protocol is not None  # noqa: S101 - see above
    return Agenda(
        one.title, protocol.parts, listed.course.language, protocol.bring, protocol.materials, protocol.roles,
        protocol.write_down, protocol.end,
    )  # fmt: skip


def plain_agenda(next_part: PlanSheet | None) -> Agenda:
    """Three parts for every meeting: the last steps, the part of the plan that is next, and who does what."""
    work = MeetingPart(
        _("Work on one thing together. Say at the end what you found."), 25,
        _("What do we want to know or to have when this part is over?"),
    )  # fmt: skip
    if next_part is not None:
        work = MeetingPart(
            _("Work on the part of the plan that comes next: {part}.", part=_(PARTS[next_part.part])), 25,
            _("Everybody thinks for two minutes alone. Then each person says one thing."), "",
            next_part.value,
        )  # fmt: skip
    return Agenda(
        _("Plain agenda"),
        (
            MeetingPart(
                _("Go through the last next steps. What is done, and what is stuck?"), 10,
                _("One sentence each. We do not solve it yet."),
            ),
            work,
            MeetingPart(
                _("Decide what comes next: what, who, and by when."), 10,
                _("Who does it, and by which day?"), "", PlanSheet.NEXT.value,
            ),
        ),
    )  # fmt: skip


# ── which lessons there are ───────────────────────────────────────────────────


def find_lesson(conn: Connection, community_id: int, named: str) -> tuple[CatalogCourse, Lesson] | None:
    """The course and lesson of an id (`c1.2`)."""
    number, _dot, place = named.removeprefix("c").partition(".")
    if not number.isdecimal() or not place.isdecimal():
        return None
    listed = catalog.find_course(conn, community_id, int(number))
    if listed is None or not 1 <= int(place) <= len(listed.course.lessons):
        return None
    return listed, listed.course.lessons[int(place) - 1]


def does_lesson(conn: Connection, community_id: int, team_id: int, named: str) -> bool:
    """Whether a team takes the course of a lesson, and its plan has all that the lesson asks for."""
    found = find_lesson(conn, community_id, named)
    if found is None or found[0].id not in conn.execute(_courses_of(conn, team_id)).scalars().all():
        return False
    return plan_fills_of(conn, team_id, found[1].plan_needs).fulfill(found[1])


def _courses_of(conn: Connection, team_id: int) -> Select[Any]:
    """The ids of the courses that somebody in a team takes."""
    mine = enrollment.c.member_id.in_(_mates(conn, team_id)), enrollment.c.left_at.is_(None)
    return select(enrollment.c.course_id).where(*mine).distinct()


def named_lesson(conn: Connection, request: Request, team: Team) -> str:
    """The id of the lesson that a command names, or ""; where there is no protocol of it, the ones there are are offered."""
    named = request.text("lesson")
    if not named:
        return ""
    lesson_id = f"c{named}"
    found = find_lesson(conn, request.community.id, lesson_id)
    if found is not None and found[1].protocol is not None:
        return lesson_id
    problem = _("Lesson {id} has no meeting plan.", id=lesson_id)
    if found is None:
        problem = _("There is no lesson {id}.", id=lesson_id)
    raise UnclearOption("lesson", problem, list_lessons(conn, request.community.id, team.id))


def list_lessons(conn: Connection, community_id: int, team_id: int) -> Sequence[tuple[str, str]]:
    """(id, title) of the lessons with a protocol, of the courses a team takes, else of those that are offered."""
    ids = list(conn.execute(_courses_of(conn, team_id)).scalars())
    courses = catalog.courses_by_id(conn, community_id, ids)
    listed = sorted(courses.values(), key=lambda one: one.id) or catalog.offered_courses(conn, community_id)
    return [
        (f"{one.name}.{number}", lesson.title)
        for one in listed
        for number, lesson in enumerate(one.course.lessons, 1)
        if lesson.protocol is not None
    ][:OFFERED]


def offer_lessons(conn: Connection, community_id: int, team_id: int, own: str) -> Sequence[tuple[str, str]]:
    """The same for a form, always with a meeting's `own` lesson, also where its course is no longer offered."""
    listed = list_lessons(conn, community_id, team_id)
    found = find_lesson(conn, community_id, own)
    if found is None or own in dict(listed):
        return listed
    return [*listed[: OFFERED - 1], (own, found[1].title)]


def usual_lesson(conn: Connection, community_id: int, team_id: int) -> str:
    """The id of the lesson that a team is at: the newest that somebody in it has open; "" where there is none."""
    query = (
        select(progress.c.course_id, progress.c.lesson)
        .join(enrollment, enrollment.c.id == progress.c.enrollment_id)
        .where(
            progress.c.member_id.in_(_mates(conn, team_id)), progress.c.done_at.is_(None), enrollment.c.left_at.is_(None)
        )
        .order_by(progress.c.released_at.desc(), progress.c.id.desc())
        .limit(OFFERED)
    )  # fmt: skip
    known = dict(list_lessons(conn, community_id, team_id))
    for course_id, slug in conn.execute(query):
        listed = catalog.find_course(conn, community_id, course_id)
        slugs = [one.slug for one in listed.course.lessons] if listed is not None else []
        found = f"c{course_id}.{slugs.index(slug) + 1}" if slug in slugs else ""
        if found in known:
            return found
    return ""


def _mates(conn: Connection, team_id: int) -> list[int]:
    return [one.member_id for one in team_members(conn, team_id)]
