"""A meeting that runs: it is started, goes on and back part by part, and ends, by hand or by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.parsing.button_values import read_number
from bot.feature import ButtonHandler, PeriodicJob, Request, Writes
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans.meetings import cards, posts, tables
from bot.team_plans.meetings.access import running_meeting
from bot.team_plans.meetings.agenda import make_agenda
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.model import next_sheet
from bot.team_plans.tables import load_plan

EARLY = timedelta(hours=1)
"""Who starts a meeting longer than this before its time is asked first."""


class MeetingSession:
    """Leads a team through its meeting."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def start(self, conn: Connection, request: Request) -> Card | None:
        """Post the first part in the thread; pressed twice, it is posted once."""
        meeting = running_meeting(conn, request)
        if meeting.step > 0 or meeting.ended_at is not None or meeting.called_off_at is not None:
            return cards.elsewhere_card(meeting)
        sure = request.value.endswith(f"/{cards.NOW}")
        if meeting.meets_at - request.now > EARLY and not sure:
            return cards.early_card(meeting, request.member.zone)
        plan = load_plan(conn, meeting.team_id)
        agenda = make_agenda(
            conn,
            meeting.community_id,
            meeting.lesson,
            next_sheet(plan, request.community.day_of(request.now)),
        )
        begun = {"started_at": request.now, "agenda": agenda.to_json()}
        if not tables.advance(conn, meeting.id, 0, 0, request.now, **begun):
            return cards.elsewhere_card(tables.read_meeting(conn, meeting.id))
        meeting = posts.show_again(conn, tables.read_meeting(conn, meeting.id), request.now)
        posts.clear_bell(conn, meeting, request.now)
        posts.open_thread(conn, meeting, None if sure else request.message, request.now)
        posts.post_step(conn, meeting, request.now)
        return replace(cards.started_card(), replaces=True) if sure else None

    def go_on(self, conn: Connection, request: Request) -> Card | None:
        """Post the next part, or the close after the last one."""
        return self._move(conn, request, 1)

    def go_back(self, conn: Connection, request: Request) -> Card | None:
        """Post the part before once more."""
        return self._move(conn, request, -1)

    @staticmethod
    def _move(conn: Connection, request: Request, by: int) -> Card | None:
        """Move on from the card that was pressed; who is too late is told where the meeting is."""
        meeting = running_meeting(conn, request)
        step = _step_of(request)
        part = min(max(meeting.part + by, 0), len(meeting.agenda.parts))
        if meeting.step != step or not tables.advance(conn, meeting.id, step, part, request.now):
            return cards.elsewhere_card(tables.read_meeting(conn, meeting.id))
        posts.settle_step(conn, meeting, request.now)
        posts.post_step(conn, tables.read_meeting(conn, meeting.id), request.now)
        return None

    @staticmethod
    def end(conn: Connection, request: Request) -> Card | None:
        """End a meeting, and post what was written."""
        meeting = running_meeting(conn, request)
        if not tables.end_meeting(conn, meeting.id, _step_of(request), request.now):
            return cards.elsewhere_card(tables.read_meeting(conn, meeting.id))
        _close(conn, tables.read_meeting(conn, meeting.id), request.now)
        posts.post_summary(conn, meeting, request.now)
        return None

    # ── by itself ─────────────────────────────────────────────────────────────

    async def end_lapsed(self) -> int:
        """End meetings that nobody goes on with, and say nothing about it."""
        now = self._clock.now()

        def lapse(conn: Connection) -> int:
            found = tables.lapsed_meetings(conn, now)
            for one in found:
                if tables.end_meeting(conn, one.id, one.step, now):
                    _close(conn, tables.read_meeting(conn, one.id), now)
            return len(found)

        return await self._store.write(lapse)

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What is looked after as time goes by."""
        return (PeriodicJob("ending team meetings", 300, self.end_lapsed, tables.next_lapse),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons of a meeting that runs."""
        return (
            ButtonHandler(cards.START, Writes(self.start)),
            ButtonHandler(cards.NEXT, Writes(self.go_on)),
            ButtonHandler(cards.BACK, Writes(self.go_back)),
            ButtonHandler(cards.END, Writes(self.end)),
        )


def _close(conn: Connection, meeting: TeamMeeting, now: datetime) -> None:
    """Take the buttons of everything that was posted about a meeting."""
    posts.settle_step(conn, meeting, now)
    posts.clear_bell(conn, meeting, now)
    posts.show_again(conn, meeting, now)


def _step_of(request: Request) -> int:
    """Which card a button stands on (`m12/3`)."""
    return read_number(request.value.partition("/")[2])
