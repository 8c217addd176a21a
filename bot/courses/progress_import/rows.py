"""The import of rows of progress, in any order and as often as they come.

Of two lines about one lesson the later one holds, by the time they name. A line that cannot be taken is told with the
reason and handed back; nothing else is held up by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons.completion import LessonCompletion, begins, finishes, reopens
from bot.courses.lessons.release import plan_enrollment
from bot.courses.lessons.tables import LessonMark, lesson_marks
from bot.courses.notices.tables import MembershipKind, note_membership
from bot.courses.progress_import.formats import ProgressRow
from bot.courses.progress_import.resolve import ImportSource, RejectedRow, ResolvedRow, resolve_rows
from bot.courses.teams import tables as teams_tables
from bot.people.accounts import name_of
from bot.people.hours import hours_of
from bot.people.tables import Community
from bot.runtime.clock import Clock
from bot.store.slices import work_through
from bot.store.store import Store

SOURCE = "import"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of an import: rows that changed something, rows that were known, and those refused."""

    taken: int
    known: int
    refused: tuple[RejectedRow, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an import would do: per lesson (course, slug) what would change and what is known; who would be enrolled; and
    what would be refused. `people` are those that were found."""

    changed: Mapping[tuple[str, str], int]
    known: Mapping[tuple[str, str], int]
    people: int
    enrolled: int
    refused: tuple[RejectedRow, ...]


class ProgressRows:
    """Imports rows, a few in each transaction."""

    def __init__(self, store: Store, clock: Clock, marking: LessonCompletion) -> None:
        self._store = store
        self.clock = clock
        self._marking = marking

    async def take(
        self, home: Community, course_id: int | None, lines: Sequence[ProgressRow], how: str, space: str = "",
        made_by: int | None = None, addresses: Mapping[str, tuple[str, str]] | None = None,
    ) -> Report:  # fmt: skip
        """Import rows. `course_id` is the course they are about; without it each row names its own.

        `space` is where ids of people belong that do not say; empty: any space of the community. `made_by` is the
        member who hands them in; whoever is enrolled by that is told.
        """
        source = ImportSource(home, course_id, how, space, made_by, self.clock.now(), addresses or {})
        # By time, so that what two lines say of one lesson is taken in its own order; the result is the same anyway.
        ordered = sorted(lines, key=lambda line: line.at)
        # Whom and what they are about is found before: whoever writes meanwhile does not wait for that.
        resolved = await self._store.read(lambda conn: resolve_rows(conn, source, ordered))
        outcomes: dict[int, bool | RejectedRow] = {}

        def enroll(conn: Connection, line: ResolvedRow) -> None:
            with suppress(Refusal):  # the row itself says so
                self._enrollment(conn, source, line)

        def take_row(conn: Connection, at: int) -> None:
            one = resolved[at]
            outcomes[at] = one if isinstance(one, RejectedRow) else self._take(conn, source, one)

        # Who is new in a course is enrolled before: that is as much work as all that their first row says.
        found = {(one.course.id, one.member_id): one for one in resolved if isinstance(one, ResolvedRow)}
        new = await self._store.read(lambda conn: [one for one in found.values() if _is_new(conn, one)])
        await work_through(self._store, new, enroll)
        await work_through(self._store, range(len(ordered)), take_row)
        refused = [one for one in outcomes.values() if isinstance(one, RejectedRow)]
        taken = sum(one is True for one in outcomes.values())
        known = len(outcomes) - taken - len(refused)
        return Report(taken, known, tuple(sorted(refused, key=lambda one: one.line.number)))

    async def foresee(
        self, home: Community, course_id: int | None, lines: Sequence[ProgressRow], space: str,
        addresses: Mapping[str, tuple[str, str]] | None = None,
    ) -> Foreseen:  # fmt: skip
        """Say what `take` would do with these rows now; changes nothing."""
        source = ImportSource(home, course_id, "", space, None, self.clock.now(), addresses or {})
        return await self._store.read(lambda conn: _foresee(conn, source, lines))

    def _take(self, conn: Connection, source: ImportSource, line: ResolvedRow) -> bool | RejectedRow:
        now = source.now
        try:
            one = self._enrollment(conn, source, line)
        except Refusal as refusal:
            return RejectedRow(line.row, refusal.problem)
        if not _is_news(_mark_of(lesson_marks(conn, one.id), line.slug), line, now):
            return False
        if line.status == "started":
            return self._marking.start(conn, one, line.slug, line.at or now, now)
        if line.status == "undone":
            return self._marking.undo(conn, one, line.slug, now, line.at)
        return self._marking.done(conn, one, line.slug, source.how, "", now, line.at)

    @staticmethod
    def _enrollment(conn: Connection, source: ImportSource, line: ResolvedRow) -> Enrollment:
        """The member's enrollment, made and told if need be; who left the course or is gone is refused."""
        home, now, listed, member_id = source.home, source.now, line.course, line.member_id
        one = tables.enrollment_in(conn, listed.id, member_id)
        if one is not None and one.left_at is not None:
            raise Refusal(_("This person has left the course."))
        if one is None:
            if name_of(conn, member_id) is None:  # since they were found
                raise Refusal(_("I found nobody called “{wanted}”.", wanted=line.row.person[:60]))
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


def _is_new(conn: Connection, line: ResolvedRow) -> bool:
    return tables.enrollment_in(conn, line.course.id, line.member_id) is None


def _foresee(conn: Connection, source: ImportSource, lines: Sequence[ProgressRow]) -> Foreseen:
    changed: Counter[tuple[str, str]] = Counter()
    known: Counter[tuple[str, str]] = Counter()
    refused: list[RejectedRow] = []
    people, joining = set(), set()
    seen: set[tuple[int, int, str, str]] = set()
    marks: dict[tuple[int, int], Sequence[LessonMark] | Refusal | None] = {}
    for one in resolve_rows(conn, source, lines):
        if isinstance(one, RejectedRow):
            refused.append(one)
            continue
        where, lesson = (one.course.id, one.member_id), (one.course.name, one.slug)
        if where not in marks:
            marks[where] = _marks_in(conn, *where)
        there = marks[where]
        if isinstance(there, Refusal):
            refused.append(RejectedRow(one.row, there.problem))
            continue
        people.add(one.member_id)
        if there is None:
            joining.add(where)
        news = _is_news(_mark_of(there or (), one.slug), one, source.now)
        again = (*where, one.slug, one.status) in seen
        seen.add((*where, one.slug, one.status))
        (changed if news and not again else known)[lesson] += 1
    return Foreseen(changed, known, len(people), len(joining), tuple(refused))


def _marks_in(conn: Connection, course_id: int, member_id: int) -> Sequence[LessonMark] | Refusal | None:
    """The marks of a member in a course; None where they are not in it, a refusal where they left it."""
    one = tables.enrollment_in(conn, course_id, member_id)
    if one is None:
        return None
    return (
        Refusal(_("This person has left the course."))
        if one.left_at is not None
        else lesson_marks(conn, one.id)
    )


def _mark_of(marks: Sequence[LessonMark], slug: str) -> LessonMark | None:
    return next((mark for mark in marks if mark.lesson.slug == slug), None)


def _is_news(mark: LessonMark | None, line: ResolvedRow, now: datetime) -> bool:
    """Whether a row changes anything: the same is asked before an import and while it is done."""
    if mark is None:
        return True
    if mark.done and line.row.only_adds:
        return False
    if line.status == "started":
        return begins(mark, line.at or now)
    if line.status == "undone":
        return line.at is None or reopens(mark, line.at)
    if mark.done and line.said is None:
        return False
    if line.row.only_adds:
        # Nobody knows when a grade was given, so what its member took back stays taken back.
        return mark.told_at is None or (line.at is not None and line.at > mark.told_at)
    return line.at is None or finishes(mark, line.at)
