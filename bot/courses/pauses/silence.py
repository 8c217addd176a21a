"""The pause after silence: a course in which a member did nothing for some weeks is paused, and they are told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Moment, Note, compose, say
from bot.chat.language import _
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import SILENCE, Enrollment
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import Station, open_stations
from bot.courses.lessons.release import plan_enrollment, stations_of
from bot.courses.pauses.tables import claim_silent, silent_courses
from bot.delivery import outbox
from bot.delivery.facts import EXPIRED, Draft, Failed, Verb
from bot.people.accounts import zone_of
from bot.people.hours import Hours, hours_of
from bot.people.languages import speaking_to
from bot.people.preferences import Away, days_away
from bot.people.reach import writable_account
from bot.reminders.budget import next_turn
from bot.runtime.clock import Clock
from bot.schedules.breaks import Break, breaks
from bot.store.store import Store

KIND = "course-pause"
BATCH = 50
GRACE = timedelta(hours=2)
"""How long the message may be on its way: what is not said in this time is not so, and the course is looked at again."""
WEEK = timedelta(days=7)
MOMENT = timedelta(seconds=1)
_FAR = 1000
"""Days after which counting ends."""


class SilentCourses:
    """The periodic job that pauses courses in which nothing has happened for so many weeks; with 0, none."""

    def __init__(self, store: Store, clock: Clock, weeks: int) -> None:
        self._store, self._clock, self._weeks = store, clock, weeks

    async def pause_due(self) -> int:
        """Look at every course whose time has come; how many."""
        now = self._clock.now()
        found = await self._store.read(lambda conn: [one.id for one in silent_courses(conn, now, BATCH)])
        for enrollment_id in found:
            await self._store.write(partial(self._look, enrollment_id=enrollment_id, now=now))
        return len(found)

    def _look(self, conn: Connection, enrollment_id: int, now: datetime) -> None:
        one = claim_silent(conn, enrollment_id, now)
        if one is None:
            return
        listed, stations = stations_of(conn, one)
        open_ = open_stations(stations)
        if not self._weeks or not open_:
            tables.change_enrollment(conn, one.id, silent_at=None)
            return
        hours = hours_of(conn, one.community_id, one.member_id, now)
        since = silent_since(one, open_)
        due: datetime | None = hours.slot(
            self._last_day(conn, one, hours, since, open_), listed.course.pacing.at
        )
        if due is not None and due <= now:
            due = _pause(conn, one, listed, hours, since, now)
        tables.change_enrollment(conn, one.id, silent_at=due)

    def _last_day(
        self, conn: Connection, one: Enrollment, hours: Hours, since: datetime, open_: Sequence[Station]
    ) -> date:
        """The day on which so many weeks are over, without breaks and days away, and a week after the planned day."""
        day, left = hours.day_of(since), self._weeks * 7
        off: tuple[Break | Away, ...] = (
            *breaks(conn, one.community_id, day),
            *days_away(conn, one.member_id, day),
        )
        for _day in range(_FAR):
            if not left:
                break
            day += timedelta(days=1)
            left -= not any(span.starts <= day <= span.ends for span in off)
        planned = min(each.mark.due_at for each in open_ if each.mark is not None)
        return max(day, hours.day_of(planned + WEEK))

    def failed(self, conn: Connection, fact: Failed) -> None:
        """It could not be said in time: the course goes on, and is looked at again."""
        if fact.kind != KIND or fact.code != EXPIRED:
            return
        one = tables.find_enrollment(conn, fact.community_id, int(fact.ref))
        if one is not None and one.paused_by == SILENCE:
            resume_quietly(conn, one, self._clock.now(), alive=False)


def silent_since(one: Enrollment, open_: Sequence[Station]) -> datetime:
    """Since when nothing has happened: the member's last act in the course, or the first lesson that is open."""
    came = min(each.mark.released_at for each in open_ if each.mark is not None)
    return max(one.alive_at, came)


def _pause(
    conn: Connection, one: Enrollment, listed: CatalogCourse, hours: Hours, since: datetime, now: datetime
) -> datetime | None:
    """Pause a course and say so; returns when to look again where it cannot be said now."""
    to = writable_account(conn, one.community_id, one.member_id)
    if to is not None:
        free = hours.free_from(max(now, next_turn(conn, one.member_id, now)))
        if free is None or free > now:
            return free
    expires = now + hours.free_for(now, GRACE)
    if to is not None and expires <= now + MOMENT:
        return now + GRACE
    paused = {"paused_at": now, "paused_until": None, "paused_by": SILENCE}
    tables.change_enrollment(conn, one.id, **paused)
    plan_enrollment(conn, replace(one, paused_at=now, paused_until=None, paused_by=SILENCE), now)
    if to is not None:
        with speaking_to(conn, one.member_id):
            card = paused_card(listed, since, zone_of(conn, one.member_id))
        draft = Draft(
            community_id=one.community_id, space=to[0], person=to[1], verb=Verb.DIRECT, kind=KIND, priority=3,
            key=f"{KIND}:{one.id}:{now:%Y%m%d%H%M%S}", not_before=now + MOMENT, expires_at=expires, card=card,
            ref=str(one.id),
        )  # fmt: skip
        outbox.queue_draft(conn, draft, now)
    return None


def resume_quietly(conn: Connection, one: Enrollment, now: datetime, *, alive: bool = True) -> None:
    """Resume a course; `alive`: because its member said so."""
    values = {"paused_at": None, "paused_until": None, "paused_by": None}
    alive_at = now if alive else one.alive_at
    tables.change_enrollment(conn, one.id, **values, alive_at=alive_at)
    plan_enrollment(
        conn, replace(one, paused_at=None, paused_until=None, paused_by=None, alive_at=alive_at), now
    )


def paused_card(listed: CatalogCourse, since: datetime, zone: str) -> Card:
    """To whoever did nothing in a course for weeks: it is paused, and how it goes on."""
    course = listed.course.title
    title = _("{course} is paused", course=course)
    words = compose(
        _(
            "Nothing has happened in **{course}** since {day}, so I paused it. You get no lessons and no reminders from it. "
            "To go on, press Resume or write **resume** to me."
        ),
        course=course,
        day=Moment(since, zone, "date"),
    )
    buttons = (
        Button(_("Resume"), does="course.resume", value=listed.name, style="main"),
        Button(_("Leave the course"), does="course.leave", value=listed.name),
    )
    return say(title, Heading(title), Markdown(words), Buttons(buttons), Note(_("Your progress is saved.")))
