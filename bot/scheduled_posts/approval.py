"""Approval: moderators see a post before it goes out, as it will look, and say whether it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Connection, or_, select

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card, Markdown, say
from bot.chat.language import N_, _
from bot.chat.models import Refusal, role_refusal
from bot.feature import Request, note_change
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.runtime.clock import Clock
from bot.scheduled_posts import headsups
from bot.scheduled_posts.cards import headsup_card, headsup_key, late_card, late_key, settled_card
from bot.scheduled_posts.ids import OPEN, named_date, upcoming_of
from bot.scheduled_posts.model import PostKind
from bot.scheduled_posts.options import LONGEST_HEADSUP
from bot.schedules import edits, tables
from bot.schedules.forecast import UpcomingOccurrence, upcoming_occurrences
from bot.schedules.model import BY_HAND, RUNNING, Occurrence, OccurrenceState, Schedule, Unapproved
from bot.schedules.planner import DueOccurrence
from bot.store.next_due import NextDue, only_where
from bot.store.store import Store

WAITS = N_("waits for approval")
NOBODY = N_("nobody approved it in time")
MONTH = timedelta(days=32)
"""How long before the longest heads-up its time is known, so that a clock which is moved can stop there."""


class PostApproval:
    """Heads-ups of one kind, and what follows from them."""

    def __init__(self, store: Store, clock: Clock, alerts: Alerts, kind: PostKind) -> None:
        self._store, self._clock, self._alerts, self._kind = store, clock, alerts, kind

    # ── before it is due ──────────────────────────────────────────────────────

    async def show_due(self) -> int:
        """Show what comes within its schedule's heads-up and was not shown yet; how many those are."""
        now = self._clock.now()
        due = [one for at, one in await self._store.read(self._unshown) if at <= now]
        for one in due:
            await self._store.write(partial(self._show_to_moderators, one=one, now=now))
        return len(due)

    def next_due(self) -> NextDue:
        """What tells when the next post is to be shown."""

        def ask(conn: Connection) -> datetime | None:
            return min((at for at, _ in self._unshown(conn)), default=None)

        return only_where(tables.schedule, ask, *self._shows())

    def _shows(self) -> tuple[ColumnElement[bool], ...]:
        """The schedules whose posts are shown before they are due."""
        s = tables.schedule.c
        wanted = or_(s.headsup_minutes.is_not(None), s.approver.is_not(None))
        return s.kind == self._kind.kind, s.state.in_(RUNNING), wanted

    def _unshown(self, conn: Connection) -> list[tuple[datetime, UpcomingOccurrence]]:
        """What comes and is to be shown, with when."""
        now, query = self._clock.now(), select(tables.schedule.c.community_id).where(*self._shows())
        found = []
        for home in conn.execute(query.distinct()).scalars().all():
            until = now + LONGEST_HEADSUP + MONTH
            ahead = upcoming_occurrences(conn, home, now, until, kinds=(self._kind.kind,))
            shown = headsups.shown_dates(conn, {one.schedule.id for one in ahead})
            for one in ahead:
                notice = one.schedule.headsup
                free = one.goes_out and one.reason != BY_HAND and (one.schedule.id, one.key) not in shown
                if notice is not None and free:
                    found.append((one.at - notice, one))
        return found

    def _show_to_moderators(self, conn: Connection, one: UpcomingOccurrence, now: datetime) -> None:
        with speaking_to_all(conn, one.schedule.community_id):
            self._show(conn, one, now)

    def _show(self, conn: Connection, one: UpcomingOccurrence, now: datetime) -> None:
        schedule = tables.lock_schedule(conn, one.schedule.community_id, one.schedule.id)
        row = headsups.find_headsup(conn, schedule.id, one.key)
        if not schedule.running or (row is not None and row.told_at is not None):
            return
        one = replace(one, schedule=schedule)
        shown = self._kind.show(conn, one)
        headsups.record_shown(conn, schedule.community_id, schedule.id, one.key, shown.choice, now)
        if shown.choice is not None:
            self._kind.take_choice(conn, schedule, shown.choice)
        card = headsup_card(self._kind, one, shown, self._zone(conn, schedule))
        self._alerts.alert(conn, schedule.community_id, headsup_key(schedule.id, one.key), card, now)

    # ── when it is due ────────────────────────────────────────────────────────

    def hold_back(self, conn: Connection, due: DueOccurrence, now: datetime) -> bool:
        """Whether a post may not go out now, because nobody approved it: it waits, or is left out."""
        schedule = due.schedule
        if schedule.approver is None or schedule.unapproved is Unapproved.POST:
            return False
        if headsups.is_approved(conn, schedule.id, due.key):
            return False
        if schedule.unapproved is Unapproved.SKIP:
            tables.mark(conn, due.id, OccurrenceState.SKIPPED, NOBODY)
            self.settle(conn, schedule, due.key, now, N_("It was skipped: nobody approved it in time."))
            return True
        tables.mark(conn, due.id, OccurrenceState.ASKED, WAITS)
        row = tables.find_occurrence(conn, due.community_id, due.id)
        if row is not None:
            one = upcoming_of(schedule, row)
            shown = self._kind.show(conn, one)
            card = headsup_card(self._kind, one, shown, self._zone(conn, schedule))
            self._tell(conn, schedule, due.key, card, now)
            headsups.record_shown(conn, schedule.community_id, schedule.id, due.key, shown.choice, now)
        return True

    def ask_late(self, conn: Connection, due: DueOccurrence) -> None:
        """Ask moderators about a post that came due while the bot was away."""
        schedule = due.schedule
        card = late_card(self._kind, schedule, due.key, due.due_at, self._zone(conn, schedule))
        key = late_key(schedule.id, due.key)
        self._alerts.alert(conn, schedule.community_id, key, card, self._clock.now())

    def _tell(self, conn: Connection, schedule: Schedule, key: str, card: Card, now: datetime) -> None:
        name = headsup_key(schedule.id, key)
        if not self._alerts.renew(conn, schedule.community_id, name, card, now):
            self._alerts.alert(conn, schedule.community_id, name, card, now)

    # ── what moderators decide ────────────────────────────────────────────────

    def approve(self, conn: Connection, request: Request) -> Card:
        """Let one go out; at once where its time has come."""
        schedule, row = named_date(conn, self._kind, request)
        if row.state not in OPEN or row.reason == BY_HAND:
            raise Refusal(*too_late(self._kind, row.state))
        if schedule.approver is None:
            raise Refusal(
                _("{schedule} does not need approval.", schedule=schedule.name), "", request.line
            )  # fmt: skip
        if request.role < schedule.approver.role:
            raise role_refusal(schedule.approver.role)
        headsups.approve_date(conn, schedule.community_id, schedule.id, row.key, request.now)
        if row.state is OccurrenceState.ASKED:
            edits.post_now(conn, schedule.community_id, row.id, request.now)
        note_change(conn, request, "approved", f"{schedule.name} {row.key}")
        self._renew(conn, schedule, row, request.now, request.member.name)
        card = self.card_of(conn, schedule, row, request.member.name)
        return replace(card, replaces=bool(request.value))

    def _renew(
        self, conn: Connection, schedule: Schedule, row: Occurrence, now: datetime, approved: str = ""
    ) -> None:
        """Show moderators a date as it is now, where they were shown it."""
        with speaking_to_all(conn, schedule.community_id):
            card = self.card_of(conn, schedule, row, approved)
        self._alerts.renew(conn, schedule.community_id, headsup_key(schedule.id, row.key), card, now)

    def card_of(self, conn: Connection, schedule: Schedule, row: Occurrence, approved: str = "") -> Card:
        """The heads-up of one date as it is now."""
        one = upcoming_of(schedule, row)
        shown = self._kind.show(conn, one)
        return headsup_card(self._kind, one, shown, self._zone(conn, schedule), approved)

    def choose(
        self, conn: Connection, request: Request, schedule: Schedule, row: Occurrence, choice: int
    ) -> Card:
        """Something else is chosen for a date; what was approved has to be approved again."""
        headsups.choose(conn, schedule.community_id, schedule.id, row.key, choice)
        self._renew(conn, schedule, row, request.now)
        return replace(self.card_of(conn, schedule, row), replaces=True)

    # ── when something it was made of changes ─────────────────────────────────

    def refresh(self, conn: Connection, request: Request, choice: int) -> None:
        """What moderators were shown says something else now: show it so.

        An approval stands only where whoever changed it could have given it.
        """
        for row in headsups.dates_with(conn, request.community.id, choice):
            schedule = tables.find_schedule(conn, request.community.id, row.schedule_id)
            one = tables.by_key(conn, request.community.id, row.schedule_id, row.key)
            if schedule is None or one is None or one.state not in OPEN:
                continue
            approved = request.member.name if row.approved_at is not None else ""
            if approved and schedule.approver is not None and request.role < schedule.approver.role:
                headsups.approve_date(conn, request.community.id, schedule.id, row.key, None)
                approved = ""
            self._renew(conn, schedule, one, request.now, approved)

    def settle(
        self, conn: Connection, schedule: Schedule, key: str, now: datetime, said: str, card: Card | None = None
    ) -> None:  # fmt: skip
        """Nothing is to be decided about a date any more; `said` is why, or `card` takes the place of what was shown."""
        headsups.end_date(conn, schedule.id, key, now)
        with speaking_to_all(conn, schedule.community_id):
            told = card or settled_card(schedule, _(said))
        for name in (headsup_key(schedule.id, key), late_key(schedule.id, key)):
            self._alerts.resolve(conn, schedule.community_id, name, now, told)

    def start_over(
        self, conn: Connection, schedule: Schedule, now: datetime, cancelled: Card | None = None
    ) -> None:
        """A schedule was changed: what was shown of it is shown again, and has to be approved again.

        `cancelled` takes the place of what was shown where nothing will come of it, late dates included.
        """
        with speaking_to_all(conn, schedule.community_id):
            words = _("{schedule} was changed. You will see the next one again.", schedule=schedule.name)
            said = say(_("Changed"), Markdown(words))
        for key in headsups.start_over(conn, schedule.id):
            name = headsup_key(schedule.id, key)
            self._alerts.resolve(conn, schedule.community_id, name, now, cancelled or said)
        for key in tables.keys_in(conn, schedule.id, OccurrenceState.ASKED) if cancelled is not None else ():
            self._alerts.resolve(conn, schedule.community_id, late_key(schedule.id, key), now, cancelled)

    @staticmethod
    def _zone(conn: Connection, schedule: Schedule) -> str:
        return people.community_by_id(conn, schedule.community_id).zone


def too_late(kind: PostKind, state: OccurrenceState | None) -> tuple[str, str]:
    """Why nothing can be decided about a date any more."""
    match state:
        case OccurrenceState.SKIPPED:
            return _("That one is skipped already."), _(
                "{command} takes it back.", command=kind.command("unskip")
            )
        case OccurrenceState.QUEUED | OccurrenceState.DONE | OccurrenceState.PLANNED:
            return (
                _("That one is going out already."),
                _("{command} changes the next ones.", command=kind.command("edit")),
            )
        case _:
            return (
                _("That one is done. There is nothing left to decide."),
                _("{command} shows what is due.", command=kind.command("list")),
            )
