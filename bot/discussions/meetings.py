"""A meeting that belongs to a discussion: who comes, who waits, reminders, a calendar file, and the platform's list."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import _
from bot.chat.models import Refusal, platform_of
from bot.chat.parsing.button_values import read_fields, read_member, read_number
from bot.chat.port import Adapter, CalendarEvent, OutcomeUnknown, PlatformError, RetryLater
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.discussions import cards, rsvps, tables
from bot.discussions.closing import DiscussionCloser
from bot.discussions.rsvps import Attendance, Guest
from bot.discussions.tables import Discussion
from bot.feature import ButtonHandler, Reads, Request, Writes
from bot.people import tables as people
from bot.people.hours import Hours, hours_of
from bot.people.languages import speaking_to
from bot.people.preferences import Reminders, preferences_of
from bot.runtime.clock import Clock
from bot.store.store import Store

log = logging.getLogger(__name__)

REMINDERS = (timedelta(days=1), timedelta(hours=1))
"""How long before a meeting those who come are reminded; those who may come, only the first time."""
LAST_MOMENT = timedelta(minutes=15)
"""A reminder that would come later than this before a meeting does not come."""
TIMEOUT = 30.0
GIVE_UP = timedelta(minutes=2)
"""How long after a call began that its end may still be seen."""


def answer_meeting(conn: Connection, request: Request) -> Card:
    """Take in whether somebody comes; the receipt holds the meeting for their own calendar."""
    number, word = read_fields(request.value, 2)
    given = read_member(Attendance, word)
    row = _open_meeting(conn, request, read_number(number), hold=True)
    before = rsvps.guests(conn, row.id)
    who = (request.person.space, request.person.id)
    if rsvps.answer(conn, row.id, row.community_id, request.member.id, given, who, request.now):
        tell_who_moved_up(conn, row, before, request.now)
        DiscussionCloser.show_again(conn, row.community_id, row.id, request.now)
    mine = next(one for one in rsvps.guests(conn, row.id) if one.member_id == request.member.id)
    file = ics(row, request.now) if given is not Attendance.NO else b""
    return cards.receipt(row, given, mine.waits, file, request.member.zone)


def meeting_file(conn: Connection, request: Request) -> Card:
    """Hand over the meeting as a file for somebody's own calendar."""
    row = _open_meeting(conn, request, read_number(request.value))
    return cards.ics_card(row, ics(row, request.now))


BUTTONS = (
    ButtonHandler("discuss.rsvp", Writes(answer_meeting)),
    ButtonHandler("discuss.ics", Reads(meeting_file)),
)


class Meetings:
    """Answers to meetings, and what follows from them."""

    def __init__(self, store: Store, clock: Clock, adapters: Mapping[str, Adapter]) -> None:
        self._store, self._clock, self._adapters = store, clock, adapters

    # ── answers ───────────────────────────────────────────────────────────────

    # ── reminders ─────────────────────────────────────────────────────────────

    async def remind_due(self) -> int:
        """Remind those who come, a day and an hour before."""
        now = self._clock.now()

        def remind(conn: Connection) -> int:
            moved = 0
            for row in tables.meetings(conn, now):
                at = _next_reminder(row)
                if at is not None and at <= now:
                    self._remind(conn, row, now)
                    tables.change_discussion(conn, row.id, reminded=row.reminded + 1)
                    moved += 1
            return moved

        return await self._store.write(remind)

    def next_reminder(self, conn: Connection) -> datetime | None:
        """When somebody is next to be reminded."""
        found = (_next_reminder(row) for row in tables.meetings(conn, self._clock.now()))
        return min((at for at in found if at is not None), default=None)

    @staticmethod
    def _remind(conn: Connection, row: Discussion, now: datetime) -> None:
        home = people.community_by_id(conn, row.community_id)
        if row.meets_at is None or row.opened_at is None:
            return
        if row.meets_at - REMINDERS[row.reminded] < row.opened_at:
            return  # they answered just now
        for guest in rsvps.guests(conn, row.id):
            maybe = guest.answer is Attendance.MAYBE
            if guest.answer is Attendance.NO or guest.waits or (maybe and row.reminded > 0):
                continue
            at = _when_to_write(conn, row, guest, now)
            if at is not None:
                with speaking_to(conn, guest.member_id):
                    card = cards.reminder(row, maybe, guest.zone or home.zone)
                _write(conn, row, guest, f"remind:{row.reminded}", card, at, now)

    # ── the platform's own list of events ─────────────────────────────────────

    async def list_due(self) -> int:
        """Tell the platform's list what is new, changed or called off; outside any transaction."""
        now = self._clock.now()
        due = await self._store.read(tables.to_list)
        moved = 0
        for row in due:
            moved += await self._list(row, now)
        return moved

    @staticmethod
    def next_listing(conn: Connection) -> datetime | None:
        """When there is something to tell it: at once, or when a call that nobody saw the end of is given up."""
        found = (
            (row.list_tried_at + GIVE_UP if row.list_tried_at else row.opened_at)
            for row in tables.to_list(conn)
        )
        return min((at for at in found if at is not None), default=None)

    async def _list(self, row: Discussion, now: datetime) -> bool:
        """One call; after an end that nobody saw it is made again, and the adapter looks on the list first."""
        adapter = self._adapters.get(platform_of(row.space or ""))
        tried = row.list_tried_at
        if tried is not None and now - tried < GIVE_UP:
            return False
        over = row.meets_at is None or row.meets_at <= now
        if adapter is None or (row.listed is None and over):
            done = partial(
                tables.change_discussion, discussion_id=row.id, list_done=row.list_wanted, list_tried_at=None
            )
            await self._store.write(done)
            return True
        if tried is not None:
            await self._store.write(
                partial(tables.change_discussion, discussion_id=row.id, list_tried_at=None)
            )
        if not await self._store.write(partial(tables.claim_listing, discussion_id=row.id, now=now)):
            return False
        listed = row.listed
        try:
            async with asyncio.timeout(TIMEOUT):
                listed = await self._tell_list(adapter, row, doubtful=tried is not None)
        except (OutcomeUnknown, TimeoutError) as error:
            log.warning("nobody knows whether discussion %s is listed: %s", row.id, type(error).__name__)
            return True
        except RetryLater:
            await self._store.write(
                partial(tables.change_discussion, discussion_id=row.id, list_tried_at=None)
            )
            return False
        except PlatformError as error:
            log.warning("the list of events did not take discussion %s: %s", row.id, type(error).__name__)
        told = {"listed": listed, "list_done": row.list_wanted, "list_tried_at": None}
        await self._store.write(lambda conn: tables.change_discussion(conn, row.id, **told))
        return True

    @staticmethod
    async def _tell_list(adapter: Adapter, row: Discussion, *, doubtful: bool) -> str | None:
        """Its id on the list from now on. `doubtful`: an earlier call may have put it there."""
        space, off = row.space or "", row.called_off_at is not None
        if row.meets_at is None or row.ends_at is None or (off and not doubtful):
            listed = row.listed
        else:
            listed = await Meetings._put_on_list(adapter, row, row.meets_at, row.ends_at)
        if not off:
            return listed
        if listed is not None:
            await adapter.cancel_event(space, listed)
        return None

    @staticmethod
    async def _put_on_list(adapter: Adapter, row: Discussion, starts: datetime, ends: datetime) -> str | None:
        link = await adapter.link(row.place, row.message) if row.message else None
        where = row.where or link or row.name or "here"
        made = CalendarEvent(row.name or "", (row.text or "")[:900], starts, ends, where[:100])
        return await adapter.put_event(row.space or "", made, row.listed)


def call_off(conn: Connection, row: Discussion, now: datetime) -> None:
    """A meeting does not take place: those who said yes are told, and it leaves the platform's list."""
    if row.meets_at is None or row.meets_at <= now or row.called_off_at is not None:
        return
    tables.change_discussion(conn, row.id, called_off_at=now, list_wanted=row.list_wanted + 1)
    zone = people.community_by_id(conn, row.community_id).zone
    for guest in rsvps.guests(conn, row.id):
        if guest.answer is not Attendance.NO:
            at = _politely(conn, row, guest, now)
            with speaking_to(conn, guest.member_id):
                card = cards.called_off(row, guest.zone or zone)
            _write(conn, row, guest, "off", card, at, now)
    DiscussionCloser.show_again(conn, row.community_id, row.id, now)


def ics(row: Discussion, now: datetime) -> bytes:
    """The meeting as an iCalendar file; telling it again replaces it in a calendar that has it."""
    from icalendar import Calendar, Event  # 0.2 s to import

    event = Event()
    event.add("uid", f"discussion-{row.id}-{row.key}@tilth")
    event.add("dtstamp", now)
    event.add("dtstart", row.meets_at)
    event.add("dtend", row.ends_at)
    event.add("summary", row.name or "")
    event.add("sequence", row.list_wanted)
    event.add("status", "CANCELLED" if row.called_off_at else "CONFIRMED")
    if row.where:
        event.add("location", row.where)
    if row.text:
        event.add("description", row.text)
    whole = Calendar()
    whole.add("prodid", "-//Tilth//discussions//")
    whole.add("version", "2.0")
    whole.add_component(event)
    return bytes(whole.to_ical())


def _open_meeting(conn: Connection, request: Request, number: int, *, hold: bool = False) -> Discussion:
    row = tables.find_discussion(conn, request.community.id, number, hold=hold)
    if row is None or row.meets_at is None:
        raise Refusal(_("There is no such meeting."))
    if row.called_off_at is not None:
        raise Refusal(_("That meeting is called off."))
    if row.meets_at <= request.now:
        raise Refusal(_("That meeting has begun already."), _("Just come."))
    return row


def _next_reminder(row: Discussion) -> datetime | None:
    if row.meets_at is None or row.reminded >= len(REMINDERS):
        return None
    return row.meets_at - REMINDERS[row.reminded]


def _hours(conn: Connection, row: Discussion, guest: Guest, now: datetime) -> Hours:
    """The hours of somebody who said they come: at a weekend or on a holiday, too, for the meeting may be then."""
    return replace(hours_of(conn, row.community_id, guest.member_id, now), workdays=False, country="")


def _when_to_write(conn: Connection, row: Discussion, guest: Guest, now: datetime) -> datetime | None:
    """Now, or when somebody's quiet hours are over; None when that is too late, or when they want no reminders."""
    wishes = preferences_of(conn, guest.member_id)
    if wishes.stopped or not wishes.direct or wishes.reminders is Reminders.OFF or row.meets_at is None:
        return None
    at = _hours(conn, row, guest, now).free_from(now)
    return at if at is not None and at < row.meets_at - LAST_MOMENT else None


def _politely(conn: Connection, row: Discussion, guest: Guest, now: datetime) -> datetime:
    """After somebody's quiet hours, unless the meeting would then have begun: this they have to know."""
    at = _hours(conn, row, guest, now).free_from(now)
    return at if at is not None and row.meets_at is not None and at < row.meets_at - LAST_MOMENT else now


def tell_who_moved_up(conn: Connection, row: Discussion, before: list[Guest], now: datetime) -> None:
    """Write to everybody who waited `before`, and has a seat now."""
    waited = {one.member_id for one in before if one.waits}
    zone = people.community_by_id(conn, row.community_id).zone
    for guest in rsvps.guests(conn, row.id):
        if guest.member_id in waited and guest.answer is Attendance.YES and not guest.waits:
            at = _politely(conn, row, guest, now)
            with speaking_to(conn, guest.member_id):
                card = cards.moved_up(row, guest.zone or zone)
            _write(conn, row, guest, f"seat:{now:%Y%m%d%H%M%S}", card, at, now)


def _write(
    conn: Connection, row: Discussion, guest: Guest, what: str, card: Card, at: datetime, now: datetime
) -> None:
    """A direct message about a meeting, once; worthless when it has begun."""
    draft = Draft(
        community_id=row.community_id, space=guest.space, person=guest.person, verb=Verb.DIRECT, card=card,
        key=f"rsvp:{row.id}:{guest.space}:@{guest.person}:{what}", kind="meeting-note", not_before=at,
        expires_at=row.meets_at, priority=3, ref=str(row.id),
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)
