"""The rows of an import, found: whose each is, which lesson it is about, and when that was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.progress_import.formats import ProgressRow
from bot.people.accounts import member_at
from bot.people.named_people import find_named, plain_name
from bot.people.tables import Community

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
class ImportSource:
    """Where rows come from: their community and course, how and where, by which member, and when."""

    home: Community
    course_id: int | None
    how: str
    space: str
    made_by: int | None
    now: datetime
    addresses: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """(space, id) of people by their e-mail address, as far as a platform shows them."""


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """A row of which everything is found: whose, which lesson, its status, and when (None: not said)."""

    row: ProgressRow
    member_id: int
    course: CatalogCourse
    slug: str
    status: str
    said: datetime | None

    @property
    def at(self) -> datetime | None:
        return self.said or self.row.sent_at


def resolve_rows(
    conn: Connection, source: ImportSource, lines: Sequence[ProgressRow]
) -> list[ResolvedRow | RejectedRow]:
    """Find whom and what rows are about, each person and course once; a row of which that fails is refused."""
    people: dict[tuple[str, ...], int | Refusal] = {}
    courses: dict[object, CatalogCourse | None] = {}
    found: list[ResolvedRow | RejectedRow] = []
    for line in lines:
        try:
            status = _status(line.status)
            said = _moment(line.at, source.home.zone, source.now)
            listed, name = _course(conn, source, line.lesson, courses)
            slug = _lesson(listed, name)
        except Refusal as refusal:
            found.append(RejectedRow(line, refusal.problem))
            continue
        called = (line.person, *line.emails, *line.also)
        if called not in people:
            people[called] = _find_person(conn, source, line)
        person = people[called]
        if isinstance(person, Refusal):
            found.append(RejectedRow(line, person.problem))
        else:
            found.append(ResolvedRow(line, person, listed, slug, status, said))
    return found


def _status(text: str) -> str:
    """What a status means: done, started or undone; nothing said means done."""
    status = STATUSES.get(text.casefold() or "done")
    if status is None:
        raise Refusal(_("There is no status “{status}”. Use done, started, or undone.", status=text[:40]))
    return status


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
    conn: Connection, source: ImportSource, lesson: str, seen: dict[object, CatalogCourse | None]
) -> tuple[CatalogCourse, str]:
    """The course a line is about, and what it calls its lesson."""

    def once(key: object, find: Callable[[], CatalogCourse | None]) -> CatalogCourse | None:
        if key not in seen:
            seen[key] = find()
        return seen[key]

    home_id, course_id = source.home.id, source.course_id
    named = re.fullmatch(r"c([0-9]{1,9})\.(.+)", lesson.strip(), re.IGNORECASE)
    slug, _slash, rest = lesson.strip().partition("/")
    listed = None
    if named is not None:
        number, lesson = int(named[1]), named[2]
        listed = once(number, partial(catalog.find_course, conn, home_id, number))
    elif rest:
        slug, lesson = slug.casefold(), rest
        listed = once(slug, partial(catalog.course_by_slug, conn, home_id, slug))
    elif course_id is not None:
        listed = once(course_id, partial(catalog.find_course, conn, home_id, course_id))
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


def _find_person(conn: Connection, source: ImportSource, line: ProgressRow) -> int | Refusal:
    """The member a row is about: by an address where a platform shows it, else by id or whole name."""
    for email in line.emails:
        place = source.addresses.get(email.casefold())
        found = None if place is None else member_at(conn, source.home.id, *place)
        if found is not None:
            return found[0]
    refused = Refusal(_("There is no name in it."))
    for at, name in enumerate((line.person, *line.also)):
        try:
            return _person(conn, source.home, name, source.space)
        except Refusal as refusal:
            refused = refusal if at == 0 else refused
    return refused


def _person(conn: Connection, home: Community, text: str, space: str) -> int:
    """The member of this platform id (`U123`, `<@U123>`, `space/U123`) or of this name, if only one has it."""
    wanted = plain_name(text)
    if not wanted:
        raise Refusal(_("There is no name in it."))
    found = find_named(conn, home.id, text, space)
    if len(found) > 1:
        raise Refusal(_("Several people are called “{wanted}”; use their id.", wanted=wanted[:60]))
    if not found:
        raise Refusal(_("I found nobody called “{wanted}”.", wanted=wanted[:60]))
    return found[0]
