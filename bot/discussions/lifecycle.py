"""What moderators do with discussions that run: see what is due, leave one out, let it rest, approve, send it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Button, Card, Moment
from bot.chat.models import Refusal, need
from bot.chat.time.date_parser import resolve_day
from bot.chat.time.moment_parser import Day
from bot.discussions import moderator_cards, tables
from bot.discussions.approval import approval_key
from bot.discussions.drafts import find, running
from bot.discussions.due_list import lines_of
from bot.discussions.moderator_cards import DiscussionLine
from bot.discussions.publish import DiscussionPublisher
from bot.discussions.settings import KIND, DiscussionSettings, read
from bot.discussions.wording import Lessons
from bot.feature import Request, note
from bot.schedules import edits
from bot.schedules import tables as schedules_tables
from bot.schedules.forecast import UpcomingOccurrence, upcoming_occurrences
from bot.schedules.model import BY_MODERATOR, PAUSED, Occurrence, OccurrenceState, Schedule
from bot.schedules.occurrences import plan_ahead
from bot.store.store import Store

FAR = timedelta(days=400)
"""How far ahead the next one of a discussion is looked for."""
DAYS, MOST_DAYS = 14, 370


class DiscussionLifecycle:
    """The moderator's side of discussions."""

    def __init__(
        self, store: Store, rhythm: DiscussionPublisher, alerts: Alerts, lessons: Lessons | None
    ) -> None:
        self._store, self._rhythm, self._alerts, self._lessons = store, rhythm, alerts, lessons

    # ── what is due ───────────────────────────────────────────────────────────

    async def list_due(self, request: Request) -> Card:
        """What is due in the next days, with its state and reason, and what is open."""
        given = request.number("days")
        days = DAYS if given is None else given
        if not 1 <= days <= MOST_DAYS:
            raise Refusal(f"I look ahead 1 to {MOST_DAYS} days.", "Try days:14.", request.line)

        def look(conn: Connection) -> Card:
            lines = self.due_lines(conn, request, request.now + timedelta(days=days))
            now_open = [
                (f"d{one.schedule_id}", one.name or "", one.closes_at)
                for one in tables.open_now(conn, request.community.id)
                if one.message
            ]
            return moderator_cards.list_card(lines, now_open, days, request.community.zone)

        return await self._store.read(look)

    def due_lines(self, conn: Connection, request: Request, until: datetime) -> list[DiscussionLine]:
        """Everything up to an instant, soonest first; what rests is one line."""
        found: list[DiscussionLine] = []
        for schedule in running(conn, request.community.id):
            ahead = [one for one in ahead_of(conn, schedule, request.now, until) if one.reason != PAUSED]
            name, plan = f"d{schedule.id}", read(schedule)
            lines = lines_of(conn, schedule, ahead, self._lessons, name)
            if plan.approve is not None:
                approved = {key for key, one in tables.drafts(conn, schedule.id).items() if one.approved_at}
                lines = [
                    _with_approval(line, one, one.key in approved)
                    for line, one in zip(lines, ahead, strict=True)
                ]
            found += lines
            if schedule.paused_until is not None and not lines:
                why = "suspended: its place refuses it" if plan.suspended else "paused"
                found.append(DiscussionLine(until, schedule.title, why, name))
        return sorted(found, key=lambda one: one.at)

    # ── one of them ───────────────────────────────────────────────────────────

    async def skip(self, request: Request) -> Card:
        """Leave one out: the next, the one on a date, or the one a button names."""

        def leave_out(conn: Connection) -> Card:
            schedule, one = self._one(conn, request)
            if not edits.skip_occurrence(conn, request.community.id, one.id):
                raise Refusal(
                    "That one is already going out.", "`/discuss edit` changes its words.", request.line
                )
            self._settled(conn, schedule, one.key, request.now)
            on_record(
                conn, request, "skipped", schedule, {"state": "planned"}, {"state": "skipped", "key": one.key}
            )
            words = (f"d{schedule.id}: the one on ", Moment(one.due_at, schedule.zone), " is left out.")
            return moderator_cards.done(
                words, Button("Undo", does="discuss.unskip", value=f"d{schedule.id}/{one.key}")
            )

        return await self._store.write(leave_out)

    async def unskip(self, request: Request) -> Card:
        """Take back a skip."""

        def bring_back(conn: Connection) -> Card:
            schedule = find(conn, request, schedule_id(request))
            skipped = [
                one
                for one in ahead_of(conn, schedule, request.now, request.now + FAR)
                if one.reason == BY_MODERATOR and one.key in (_key(request) or one.key) and one.occurrence_id
            ]
            if not skipped or not edits.unskip(
                conn, request.community.id, skipped[0].occurrence_id or 0, request.now
            ):
                raise Refusal(
                    f"No coming one of d{schedule.id} is left out by a moderator.", "", request.line
                )
            on_record(conn, request, "unskipped", schedule, {"state": "skipped"}, {"state": "planned"})
            when = Moment(skipped[0].due_at, schedule.zone)
            return moderator_cards.done(
                (f"d{schedule.id} comes again on ", when, "."), replaces=bool(request.value)
            )

        return await self._store.write(bring_back)

    async def approve(self, request: Request) -> Card:
        """Let one go out; one whose time has come goes out at once."""

        def allow(conn: Connection) -> Card:
            schedule, one = self._one(conn, request)
            plan = read(schedule)
            if plan.approve is None:
                raise Refusal(
                    f"d{schedule.id} needs no approval.", "`/discuss now` sends it at once.", request.line
                )
            self._may_approve(request, plan)
            own = tables.draft_of(conn, request.community.id, schedule.id, one.key)
            tables.change(conn, own.id, approved_at=request.now, approved_by=request.member.id)
            if one.state is OccurrenceState.ASKED:
                edits.post_now(conn, request.community.id, one.id, request.now)
            self._settled(conn, schedule, one.key, request.now)
            on_record(conn, request, "approved", schedule, None, {"key": one.key})
            when = Moment(one.fire_at, schedule.zone)
            tail = "now." if one.state is OccurrenceState.ASKED else ("on ", when, ".")
            words = ("Approved. It goes out ", *((tail,) if isinstance(tail, str) else tail))
            return moderator_cards.done(words, replaces=bool(request.value))

        return await self._store.write(allow)

    async def now(self, request: Request) -> Card:
        """Open the next one at once; it takes the place of that period's automatic one."""

        def at_once(conn: Connection) -> Card:
            schedule, one = self._one(conn, request)
            plan = read(schedule)
            if plan.approve is not None:
                self._may_approve(request, plan)
                own = tables.draft_of(conn, request.community.id, schedule.id, one.key)
                tables.change(conn, own.id, approved_at=request.now, approved_by=request.member.id)
            if not edits.post_now(conn, request.community.id, one.id, request.now):
                raise Refusal("That one is already going out.", "", request.line)
            self._settled(conn, schedule, one.key, request.now)
            on_record(conn, request, "sent now", schedule, None, {"key": one.key})
            return moderator_cards.done(
                "On its way. It takes the place of the one that was planned next.",
                replaces=bool(request.value),
            )

        return await self._store.write(at_once)

    async def post_missed(self, request: Request) -> Card:
        """Open one at once that came due while the bot was away."""

        def go(conn: Connection) -> Card:
            schedule, one = _missed(conn, request)
            plan = read(schedule)
            self._may_approve(request, plan)
            if one is None or not edits.post_now(conn, request.community.id, one.id, request.now):
                return moderator_cards.done("That is settled already.", replaces=True)
            own = tables.draft_of(conn, request.community.id, schedule.id, one.key)
            tables.change(conn, own.id, approved_at=request.now, approved_by=request.member.id)
            self._settled(conn, schedule, one.key, request.now)
            on_record(conn, request, "sent now", schedule, None, {"key": one.key})
            return moderator_cards.done("On its way.", replaces=True)

        return await self._store.write(go)

    async def leave_missed(self, request: Request) -> Card:
        """Leave one out that came due while the bot was away."""

        def leave(conn: Connection) -> Card:
            schedule, one = _missed(conn, request)
            if one is None or not edits.skip_occurrence(conn, request.community.id, one.id):
                return moderator_cards.done("That is settled already.", replaces=True)
            self._settled(conn, schedule, one.key, request.now)
            on_record(conn, request, "skipped", schedule, None, {"key": one.key})
            return moderator_cards.done("Left out.", replaces=True)

        return await self._store.write(leave)

    def _one(self, conn: Connection, request: Request) -> tuple[Schedule, Occurrence]:
        """The occurrence that is meant, as a row: named by a button, by a date, or the next one that goes out."""
        schedule = find(conn, request, schedule_id(request))
        schedules_tables.lock_schedule(conn, request.community.id, schedule.id)
        wanted, day = _key(request), _day(request)
        ahead = ahead_of(conn, schedule, request.now, request.now + FAR)
        for one in ahead:
            named = one.key == wanted or (day is not None and one.wall.startswith(day))
            free = (
                not wanted and day is None and one.state in (OccurrenceState.PLANNED, OccurrenceState.ASKED)
            )
            if named or free:
                return schedule, self.row_of(conn, schedule, one)
        raise Refusal(
            f"Nothing of d{schedule.id} is coming" + (f" on {day}." if day else "."),
            "`/discuss list` shows what is due.",
            request.line,
        )

    @staticmethod
    def row_of(conn: Connection, schedule: Schedule, one: UpcomingOccurrence) -> Occurrence:
        """The row of a coming-round, made if the planner has not come to it yet."""
        if one.occurrence_id is None:
            plan_ahead(conn, schedule.community_id, schedule.id, one.due_at)
        row = schedules_tables.by_key(conn, schedule.community_id, schedule.id, one.key)
        if row is None:
            raise Refusal("That one cannot be planned.", "`/discuss list` shows what is due.")
        return row

    def _settled(self, conn: Connection, schedule: Schedule, key: str, now: datetime) -> None:
        """What moderators were asked about one of them is answered."""
        done = moderator_cards.done("Settled.")
        self._alerts.resolve(conn, schedule.community_id, approval_key(schedule.id, key), now, done)
        own = tables.by_key(conn, schedule.id, key)
        if own is not None and own.occurrence_id is not None:
            self._alerts.resolve(conn, schedule.community_id, f"missed:{own.occurrence_id}", now, done)

    @staticmethod
    def _may_approve(request: Request, plan: DiscussionSettings) -> None:
        if plan.approve is not None and request.role < plan.approve.role:
            raise need(plan.approve.role)


def on_record(
    conn: Connection,
    request: Request,
    what: str,
    schedule: Schedule,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
) -> None:
    """Write a change of a discussion into the audit log."""
    note(conn, request, what, f"d{schedule.id}", before, after)


def ahead_of(
    conn: Connection, schedule: Schedule, now: datetime, until: datetime
) -> list[UpcomingOccurrence]:
    """What comes of one schedule."""
    return [
        one
        for one in upcoming_occurrences(conn, schedule.community_id, now, until, kinds=(KIND,))
        if one.schedule.id == schedule.id
    ]


def _missed(conn: Connection, request: Request) -> tuple[Schedule, Occurrence | None]:
    """What a card about a missed one names: `d4/o57`."""
    number, _, occurrence = request.value.partition("/o")
    one = schedules_tables.find_occurrence(conn, request.community.id, int(occurrence))
    waiting = one is not None and one.state is OccurrenceState.ASKED
    return find(conn, request, int(number[1:])), one if waiting else None


def _with_approval(line: DiscussionLine, one: UpcomingOccurrence, approved: bool) -> DiscussionLine:
    if not one.goes_out or not line.title:
        return line
    word = "approved" if approved else "needs approval"
    return replace(line, state=word if line.state == "planned" else f"{word}, {line.state}")


def schedule_id(request: Request) -> int:
    """Which discussion: from the command, or from a button's `d4` or `d4/2026-W41`."""
    given = request.number("discussion")
    return given if given is not None else int(request.value[1:].partition("/")[0])


def _key(request: Request) -> str:
    """The key a button names, as in `d4/2026-W41`; empty for commands."""
    return request.value.partition("/")[2]


def _day(request: Request) -> str | None:
    """The date that was asked for, as `wall` begins."""
    given: Day | None = request.values.get("on")  # type: ignore[assignment]
    if given is None:
        return None
    return resolve_day(given, request.now.astimezone(ZoneInfo(request.community.zone)).date()).isoformat()
