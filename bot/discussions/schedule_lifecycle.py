"""What moderators do with a whole row of discussions: let it rest, go on, try again, end it, see who comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Button, Card, Moment
from bot.chat.models import Refusal
from bot.discussions import meetings, moderator_cards, rsvps, tables
from bot.discussions.cards import guests_card
from bot.discussions.drafts import find
from bot.discussions.lifecycle import FAR, ahead_of, on_record, schedule_id
from bot.discussions.publish import DiscussionPublisher, trouble_key
from bot.discussions.settings import read
from bot.feature import UNDO, Request
from bot.schedules import edits
from bot.schedules import tables as schedules_tables
from bot.schedules.model import Schedule
from bot.store.store import Store


class DiscussionScheduleLifecycle:
    """Rest, going on, and the end of a row of discussions."""

    def __init__(self, store: Store, rhythm: DiscussionPublisher, alerts: Alerts) -> None:
        self._store, self._rhythm, self._alerts = store, rhythm, alerts

    async def pause(self, request: Request) -> Card:
        """Let it rest until it is resumed."""

        def rest(conn: Connection) -> Card:
            schedule = find(conn, request, schedule_id(request))
            going = edits.pause(conn, request.community.id, schedule.id, request.now)
            on_record(conn, request, "paused", schedule, {"paused": False}, {"paused": True})
            late = " One is already going out." if going else ""
            words = f"d{schedule.id} rests until `/discuss resume d{schedule.id}`.{late}"
            return moderator_cards.done(words, Button("Undo", does="discuss.resume", value=f"d{schedule.id}"))

        return await self._store.write(rest)

    async def resume(self, request: Request) -> Card:
        """Let it go on; what its place refused is posted now."""

        def go(conn: Connection) -> Card:
            schedule = find(conn, request, schedule_id(request))
            self._go_on(conn, request, schedule)
            first = next(
                (one for one in ahead_of(conn, schedule, request.now, request.now + FAR) if one.goes_out),
                None,
            )
            if first is None:
                return moderator_cards.done(
                    f"d{schedule.id} goes on; nothing more of it will come.", replaces=bool(request.value)
                )
            when = Moment(first.at, schedule.zone)
            return moderator_cards.done(
                (f"d{schedule.id} goes on. The next one comes on ", when, "."), replaces=bool(request.value)
            )

        return await self._store.write(go)

    def _go_on(self, conn: Connection, request: Request, schedule: Schedule) -> None:
        plan = read(schedule)
        if plan.suspended:
            places = replace(plan, suspended="").places
            edits.change_schedule(conn, request.community.id, schedule.id, request.now, places)
        edits.resume(conn, request.community.id, schedule.id, request.now)
        for own in tables.drafts(conn, schedule.id).values():
            if own.tries and own.name:
                self._rhythm.again(conn, own, request.now)
        on_record(conn, request, "resumed", schedule, {"paused": True}, {"paused": False})

    async def again(self, request: Request) -> Card:
        """Try at once what could not be posted, from the card that told of it."""

        def go(conn: Connection) -> Card:
            row = tables.find(conn, request.community.id, int(request.value))
            schedule = (
                schedules_tables.find_schedule(conn, request.community.id, row.schedule_id)
                if row is not None
                else None
            )
            if row is None or schedule is None or row.opened_at is not None:
                return moderator_cards.done("That is settled already.", replaces=True)
            if read(schedule).suspended:
                self._go_on(conn, request, schedule)
            else:
                self._rhythm.again(conn, row, request.now)
            return moderator_cards.done("I try again now.")

        return await self._store.write(go)

    async def cancel(self, request: Request) -> Card:
        """End a row of discussions; what is open stays open until its closing date."""

        def end(conn: Connection) -> Card:
            schedule = find(conn, request, schedule_id(request))
            going = edits.cancel_schedule(conn, request.community.id, schedule.id, request.now)
            for one in tables.open_of(conn, schedule.id):
                meetings.call_off(conn, one, request.now)
                if one.closes_at is None:
                    tables.change(conn, one.id, closes_at=request.now + timedelta(days=7))
            self._alerts.resolve(conn, request.community.id, trouble_key(schedule.id), request.now)
            on_record(conn, request, "cancelled", schedule, {"running": True}, {"running": False})
            late = " One is already going out." if going else ""
            undo = Button(
                "Undo", does="discuss.uncancel", value=f"d{schedule.id}/{int(request.now.timestamp())}"
            )
            return moderator_cards.done(
                f"d{schedule.id} is cancelled. What is open stays open until it closes.{late}", undo
            )

        return await self._store.write(end)

    async def uncancel(self, request: Request) -> Card:
        """Take back a cancelling, for ten minutes."""
        number, _, at = request.value.partition("/")
        if request.now.timestamp() - int(at) > UNDO.total_seconds():
            raise Refusal("That can no longer be undone.", "Plan it again with `/discuss schedule`.")

        def back(conn: Connection) -> Card:
            schedule = find(conn, request, int(number[1:]), cancelled=True)
            edits.restore_schedule(conn, request.community.id, schedule.id, request.now)
            on_record(conn, request, "uncancelled", schedule, {"running": False}, {"running": True})
            return moderator_cards.done(f"d{schedule.id} goes on as before.", replaces=True)

        return await self._store.write(back)

    async def guests(self, request: Request) -> Card:
        """Who is coming to the meetings of a discussion."""

        def look(conn: Connection) -> Card:
            schedule = find(conn, request, schedule_id(request))
            rows = [one for one in tables.open_of(conn, schedule.id) if one.meets_at is not None]
            if not rows:
                raise Refusal(
                    f"d{schedule.id} has no meeting that is open.", "`meets:` adds one.", request.line
                )
            return guests_card(rows[-1], rsvps.guests(conn, rows[-1].id))

        return await self._store.read(look)
