"""Entries of a feed: what is due in a community or channel, and the lessons of a member, before they are a file.

What is due is told by the forecast that moderators see. Nothing candid is in it: no answer, no plan, no name, and of a prompt
not even its title, because a calendar is copied to where nobody here can take it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from bot.chat.language import _
from bot.courses.enrollment.tables import enrollments_of
from bot.courses.holds.forecast import forecast_lessons
from bot.courses.lessons.learner_path import open_stations
from bot.courses.lessons.release import stations_of
from bot.feeds.tables import FeedSubject
from bot.people import tables as people
from bot.people.hours import hours_of
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.settings import KIND as PROMPT
from bot.schedules.breaks import breaks

AHEAD = timedelta(weeks=13)
"""How far ahead a feed looks."""
RUNNING = timedelta(hours=12)
"""How long a meeting that has begun is still shown."""
SHORT = timedelta(minutes=30)
"""How long something is shown that happens at one instant."""


class DuePost(Protocol):
    """A post that will come, as the forecast tells it: the date `key` of a `schedule`, at an instant, in (space, channel) places."""

    @property
    def schedule(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def places(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def goes_out(self) -> bool: ...


class DatedMeeting(Protocol):
    """A meeting that was announced and not called off."""

    @property
    def id(self) -> int: ...
    @property
    def community_id(self) -> int: ...
    @property
    def name(self) -> str | None: ...
    @property
    def space(self) -> str | None: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def meets_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...


Foresee = Callable[[Connection, people.Community, datetime, datetime], Sequence[DuePost]]
"""Tells the posts of a community between two instants."""
FindMeetings = Callable[[Connection, datetime], Sequence[DatedMeeting]]
"""The meetings of all communities that begin after an instant."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One thing in a calendar. `name` stays the same when it moves. A `date` is a whole day, and `ends` the day after the last."""

    name: str
    title: str
    starts: datetime | date
    ends: datetime | date
    busy: bool = False


@dataclass(frozen=True, slots=True)
class DueEntries:
    """Lists what is due, with what other features tell of it."""

    foresee: Foresee
    meetings: FindMeetings

    def list_due(self, conn: Connection, subject: FeedSubject, now: datetime) -> list[FeedEntry]:
        """What comes in a community or channel, as its forecast says; open prompts until they close; meetings; and days away."""
        home = people.community_by_id(conn, subject.community_id)
        rows = self.foresee(conn, home, now, now + AHEAD)
        found = [_coming(row) for row in rows if row.goes_out and _is_here(subject, row.places)]
        found += _closing(conn, subject, now)
        found += _meetings(self.meetings(conn, now - RUNNING), subject)
        found += [
            FeedEntry(
                f"away-{one.id}",
                _("Away: {label}", label=one.label),
                one.starts,
                one.ends + timedelta(days=1),
            )
            for one in breaks(conn, home.id, home.day_of(now))
            if one.starts <= home.day_of(now + AHEAD)
        ]
        return found


def _is_here(subject: FeedSubject, places: tuple[tuple[str, str], ...]) -> bool:
    return not subject.channel or (subject.space, subject.channel) in places


def _coming(row: DuePost) -> FeedEntry:
    title = (
        _("A question to reflect on")
        if row.kind == PROMPT
        else _("Discussion: {title}", title=row.title or row.name)
    )
    return FeedEntry(f"{row.schedule}-{row.key}", title, row.at, row.at + SHORT)


def _closing(conn: Connection, subject: FeedSubject, now: datetime) -> Iterator[FeedEntry]:
    for here in asked_prompts.list_open_prompts(conn, subject.community_id, now):
        posts = asked_prompts.list_posts(conn, here.id)
        if _is_here(subject, tuple((row.space, row.channel) for row in posts)):
            title = _("Last chance to answer the question")
            yield FeedEntry(f"o{here.id}-closes", title, here.closes_at - SHORT, here.closes_at)


def _meetings(meetings: Sequence[DatedMeeting], subject: FeedSubject) -> Iterator[FeedEntry]:
    for row in meetings:
        here = row.community_id == subject.community_id and _is_here(
            subject, ((row.space or "", row.channel or ""),)
        )
        if here and row.meets_at is not None:
            title = _("Meeting: {title}", title=row.name or "")
            yield FeedEntry(
                f"meeting-{row.id}", title, row.meets_at, row.ends_at or row.meets_at + SHORT, busy=True
            )


def list_lessons(conn: Connection, community_id: int, member_id: int, now: datetime) -> list[FeedEntry]:
    """A member's open lessons until they are due, and the ones that come, as things are now."""
    found: list[FeedEntry] = []
    hours = hours_of(conn, community_id, member_id, now)
    for one in enrollments_of(conn, community_id, member_id):
        if not one.running:
            continue
        listed, stations = stations_of(conn, one)
        name = f"c{listed.id}"
        for station in open_stations(stations):
            if station.mark is not None:
                due = station.mark.due_at
                title = _("Due: {lesson}", lesson=station.lesson.title)
                found.append(FeedEntry(f"{name}-{station.lesson.slug}-due", title, due, due + SHORT))
        titles = {station.lesson.slug: station.lesson.title for station in stations}
        for slug, at in forecast_lessons(conn, one, hours, now).items():
            title = _("New lesson: {lesson}", lesson=titles[slug])
            found.append(FeedEntry(f"{name}-{slug}-comes", title, at, at + SHORT))
    return found
