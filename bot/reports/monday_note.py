"""The Monday note: the report of the week that is over, unasked, where moderators hear of trouble, on a working day.

In their channel it is drawn when it is said. Without a channel each of them gets it in a direct message, inside the limits
of everything that is said unasked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts, place_of
from bot.chat.cards import Card
from bot.chat.language import _
from bot.chat.models import Place
from bot.delivery import outbox
from bot.delivery.facts import Draft
from bot.feature import PeriodicJob
from bot.people import options
from bot.people import tables as people
from bot.people.hours import community_hours
from bot.people.languages import speaking_to
from bot.people.tables import Community
from bot.reminders.policy import ReminderPolicy, ReminderRequest
from bot.reminders.tables import is_reminded
from bot.reports import tables
from bot.reports.cards import note_title
from bot.reports.commands import ReportCommands, WeekPage
from bot.reports.waiting_list import moderators_of
from bot.runtime.clock import Clock
from bot.schedules.weeks import Week, week_at, week_named
from bot.store.next_due import only_where
from bot.store.store import Store

KIND, SWITCH = "report-note", "report-note"
"""The kind of its posts, and the option of a community that turns it off (false)."""
AT = time(8, 30)
PATIENCE = timedelta(days=2)
"""How long after its time a note is still worth saying."""
AGAIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class DueNote:
    """A note that is due after the week `last`: of which week, with what it says; no `page`: there is nothing to say.

    After a break it is of the week before that, so that no week with a prompt goes untold. It is said in `place`, or to each
    of the `members` where there is none.
    """

    home: Community
    last: Week
    week: Week
    page: WeekPage | None
    place: Place | None = None
    members: tuple[int, ...] = ()


class MondayNote:
    """Says the note when it is due."""

    def __init__(
        self, store: Store, clock: Clock, alerts: Alerts, policy: ReminderPolicy, reports: ReportCommands
    ) -> None:
        self._store, self._clock, self._alerts = store, clock, alerts
        self._policy, self._reports = policy, reports

    def job(self) -> PeriodicJob:
        """The job that does it."""
        return PeriodicJob(
            "the Monday note", 60, self.tell_due, only_where(tables.report_week, next_due, tables.IS_UNTOLD)
        )

    async def tell_due(self) -> int:
        """Say every note that is due: what it says is read first, and only the saying is written; how many."""
        now = self._clock.now()
        found = await self._store.read(partial(self._list_due, now=now))
        for one in found:
            later = []
            for member_id in one.members:
                tell = partial(self._tell_member, one=one, member_id=member_id, now=now)
                if again := await self._store.write(tell):
                    later.append(again)
            await self._store.write(partial(self._tell, one=one, now=now, again=min(later, default=None)))
        return len(found)

    def _list_due(self, conn: Connection, now: datetime) -> list[DueNote]:
        found = []
        for home in people.communities(conn):
            due = note_time(conn, home)
            if due is None or due.at > now:
                continue
            if now < due.until and _is_being_counted(conn, home, due.week):
                continue
            untold = tables.untold_week(conn, home.id, due.week.key)
            page, week = None, week_named(untold or "") or due.week
            if is_switched_on(conn, home.id) and now < due.until:
                page = self._reports.read_page(conn, home, week, moderators_of(home.id), now)
            said = page is not None and page.report.says_something
            place = place_of(conn, home.id) if said else None
            tell = self._alerts.moderators(conn, home.id) if said and place is None else ()
            members = tuple(member_id for member_id, _in, _who in tell)
            found.append(DueNote(home, due.week, week, page if said else None, place, members))
        return found

    def _tell(self, conn: Connection, one: DueNote, now: datetime, again: datetime | None) -> None:
        """Say it in the channel, if there is one, and put on record that the week is told."""
        if one.place is not None:
            draft = Draft(
                community_id=one.home.id, space=one.place.space, channel=one.place.channel, drawn=True, kind=KIND,
                key=f"{KIND}:{one.home.id}:{one.week.key}", ref=one.week.key, priority=3, expires_at=now + PATIENCE,
            )  # fmt: skip
            outbox.queue_draft(conn, draft, now)
        tables.record_note(conn, one.home.id, one.last.key, now, again)

    def _tell_member(self, conn: Connection, one: DueNote, member_id: int, now: datetime) -> datetime | None:
        """Tell a moderator, if they may hear of it now; when to ask again, if later."""
        page, week = one.page, one.week
        if page is None or is_reminded(conn, member_id, KIND, week.key):
            return None
        with speaking_to(conn, member_id):
            title = note_title(week)
        wish = ReminderRequest(
            community_id=one.home.id, member_id=member_id, series=KIND, reason=KIND, period=week.key, since=now,
            why=_why, sentences=(title,), card=lambda _wording: page.card(),
        )  # fmt: skip
        verdict = self._policy.remind(conn, wish, now)
        return max(verdict.again, now + AGAIN) if verdict.id is None and verdict.again is not None else None

    def draw(self, conn: Connection, community_id: int, ref: str) -> Card | None:
        """The note of a week as it is true when it is said."""
        week, home = week_named(ref), people.community_by_id(conn, community_id)
        if week is None:
            return None
        page = self._reports.read_page(conn, home, week, moderators_of(home.id), self._clock.now())
        return page.card() if page.report.says_something else None


def _is_being_counted(conn: Connection, home: Community, week: Week) -> bool:
    """Whether a prompt that closed in this week or before is still to be counted: the note would be silent about it."""
    first = tables.first_uncounted(conn, home.id)
    return first is not None and week_at(first, ZoneInfo(home.zone)) <= week


def _why() -> str:
    return _("You get this because you are a moderator here. `/report note` turns it off for all of you.")


@dataclass(frozen=True, slots=True)
class NoteTime:
    """When the note of a week is to be looked at next, and until when it is worth saying."""

    week: Week
    at: datetime
    until: datetime


def note_time(conn: Connection, home: Community) -> NoteTime | None:
    """The note that is to be looked at next; None where all is done."""
    state = tables.note_state(conn, home.id)
    week = None if state is None else week_named(state.week)
    if state is None or week is None:
        return None
    if state.noted_at is not None and state.again_at is None:
        return None  # it is told: its hour need not be worked out
    slot = slot_of(conn, home, week, state.counted_at)
    return NoteTime(week, slot if state.noted_at is None else state.again_at or slot, slot + PATIENCE)


def slot_of(conn: Connection, home: Community, week: Week, now: datetime) -> datetime:
    """When the note of a week is said: on the Monday after it, or the first working day from then on."""
    return community_hours(conn, home.id, now).slot(week.shifted(1).monday, AT)


def next_due(conn: Connection) -> datetime | None:
    """When the next note is due."""
    found = (note_time(conn, home) for home in people.communities(conn))
    return min((one.at for one in found if one is not None), default=None)


def is_switched_on(conn: Connection, community_id: int) -> bool:
    """Whether moderators want the note."""
    return options.option_of(conn, community_id, SWITCH) is not False


def switch_note(conn: Connection, community_id: int, on: bool) -> None:
    """Turn the note on or off."""
    options.set_option(conn, community_id, SWITCH, None if on else False)
