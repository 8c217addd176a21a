"""The import of rows of progress, in any order and as often as they come.

Of two lines about one lesson the later one holds, by the time they name. A line that cannot be taken is told with the
reason and handed back; nothing else is held up by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.lessons.release import plan_enrollment, stations_of
from bot.courses.notices.tables import MembershipKind, note_membership
from bot.courses.progress_import.formats import ProgressRow
from bot.courses.teams import tables as teams_tables
from bot.people.hours import hours_of
from bot.people.named_people import find_named, plain_name
from bot.people.tables import Community
from bot.runtime.clock import Clock
from bot.store.slices import work_through
from bot.store.store import Store

SOURCE = "import"
STATUSES = {
    **dict.fromkeys(("done", "completed", "complete", "finished", "passed", "yes", "100%", "100"), "done"),
    **dict.fromkeys(("started", "begun", "in progress", "in_progress", "opened"), "started"),
    **dict.fromkeys(("undone", "not done", "incomplete", "reset", "no"), "undone"),
}
_AHEAD = timedelta(days=1)
"""How far a line's time may lie ahead of our clock: other machines' clocks differ, and zones are forgotten."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was refused, and why."""

    line: ProgressRow
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of an import: rows that changed something, rows that were known, and those refused."""

    taken: int
    known: int
    refused: tuple[RejectedRow, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where rows come from: their community and course, how and where, by which member, and when."""

    home: Community
    course_id: int | None
    how: str
    space: str
    made_by: int | None
    now: datetime


class ProgressRows:
    """Imports rows, a few in each transaction."""

    def __init__(self, store: Store, clock: Clock, marking: LessonCompletion) -> None:
        self._store = store
        self.clock = clock
        self._marking = marking

    async def take(
        self, home: Community, course_id: int | None, lines: Sequence[ProgressRow], how: str, space: str = "",
        made_by: int | None = None,
    ) -> Report:  # fmt: skip
        """Import rows. `course_id` is the course they are about; without it each row names its own.

        `space` is where ids of people belong that do not say; empty: any space of the community. `made_by` is the
        member who hands them in; whoever is enrolled by that is told.
        """
        # By time, so that what two lines say of one lesson is taken in its own order; the result is the same anyway.
        ordered = sorted(lines, key=lambda line: line.at)
        outcomes: dict[int, bool | RejectedRow] = {}

        def take_line(conn: Connection, at: int) -> None:
            source = _Source(home, course_id, how, space, made_by, self.clock.now())
            try:
                outcomes[at] = self._one(conn, source, ordered[at])
            except Refusal as refusal:
                outcomes[at] = RejectedRow(ordered[at], refusal.problem)

        await work_through(self._store, range(len(ordered)), take_line)
        refused = [one for one in outcomes.values() if isinstance(one, RejectedRow)]
        taken = sum(one is True for one in outcomes.values())
        known = len(outcomes) - taken - len(refused)
        return Report(taken, known, tuple(sorted(refused, key=lambda one: one.line.number)))

    def _one(self, conn: Connection, source: _Source, line: ProgressRow) -> bool:
        home, now = source.home, source.now
        status = STATUSES.get(line.status.casefold() or "done")
        if status is None:
            raise Refusal(
                _("There is no status “{status}”. Use done, started, or undone.", status=line.status[:40])
            )
        said = _moment(line.at, home.zone, now)
        at = said or line.sent_at
        listed, name = _course(conn, home, source.course_id, line.lesson)
        slug = _lesson(listed, name)
        member_id = _person(conn, home, line.person, source.space)
        one = self._enrollment(conn, source, listed, member_id)
        if status == "started":
            return self._marking.start(conn, one, slug, at or now, now)
        if status == "undone":
            return self._marking.undo(conn, one, slug, now, at)
        if said is None and any(
            station.lesson.slug == slug and station.state == "done" for station in stations_of(conn, one)[1]
        ):
            return False
        return self._marking.done(conn, one, slug, source.how, "", now, at)

    @staticmethod
    def _enrollment(conn: Connection, source: _Source, listed: CatalogCourse, member_id: int) -> Enrollment:
        """The member's enrollment, made and told if need be; who left the course here is refused."""
        home, now = source.home, source.now
        one = tables.enrollment_in(conn, listed.id, member_id)
        if one is not None and one.left_at is not None:
            raise Refusal(_("This person has left the course."))
        if one is None:
            day = hours_of(conn, home.id, member_id, now).day_of(now)
            one = tables.enroll_member(conn, home.id, listed.id, member_id, SOURCE, day, now)
            plan_enrollment(conn, one, now)
            teams_tables.recount_member(conn, home.id, member_id, listed.id)
            note_membership(
                conn,
                home.id,
                member_id,
                MembershipKind.COURSE,
                listed.id,
                made_by=source.made_by,
                now=now,
                source=SOURCE,
            )
        return one


def _moment(text: str, zone: str, now: datetime) -> datetime | None:
    """When, as ISO 8601 (`2026-10-05`, `2026-10-05 18:30`, `…Z`); without a zone it is the community's."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(_("“{text}” is not a time. Write it like 2026-10-05 18:30.", text=text[:40])) from None
    try:
        at = (at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except OverflowError:
        raise Refusal(_("“{text}” is not a time. Write it like 2026-10-05 18:30.", text=text[:40])) from None
    if at > now + _AHEAD:
        raise Refusal(_("{text} is in the future.", text=text[:40]))
    if at.year < 2000:
        raise Refusal(_("{text} is too long ago.", text=text[:40]))
    return at


def _course(
    conn: Connection, home: Community, course_id: int | None, lesson: str
) -> tuple[CatalogCourse, str]:
    """The course a line is about, and what it calls its lesson."""
    named = re.fullmatch(r"c([0-9]{1,9})\.(.+)", lesson.strip(), re.IGNORECASE)
    slug, _slash, rest = lesson.strip().partition("/")
    listed = None
    if named is not None:
        listed, lesson = catalog.find_course(conn, home.id, int(named[1])), named[2]
    elif rest:
        listed, lesson = catalog.course_by_slug(conn, home.id, slug.casefold()), rest
    elif course_id is not None:
        listed = catalog.find_course(conn, home.id, course_id)
    if listed is None:
        raise Refusal(
            _("I do not know that course. Write the lesson like c1.2 or root-causes/prepare-your-soil.")
        )
    if course_id is not None and listed.id != course_id:
        raise Refusal(_("It is about another course, {listed}.", listed=listed.name))
    return listed, lesson.strip()


def _lesson(listed: CatalogCourse, name: str) -> str:
    """The lesson of this number, slug or title."""
    for number, one in enumerate(listed.course.lessons, 1):
        if name.casefold() in (str(number), one.slug, one.title.casefold()):
            return one.slug
    raise Refusal(_("“{course}” has no lesson “{name}”.", course=listed.course.title, name=name[:60]))


def _person(conn: Connection, home: Community, text: str, space: str) -> int:
    """The member of this platform id or of this name, if only one has it."""
    wanted = plain_name(text)
    if not wanted:
        raise Refusal(_("There is no name in it."))
    found = find_named(conn, home.id, text, space)
    if len(found) > 1:
        raise Refusal(_("Several people are called “{wanted}”; use their id.", wanted=wanted[:60]))
    if not found:
        raise Refusal(_("I found nobody called “{wanted}”.", wanted=wanted[:60]))
    return found[0]
