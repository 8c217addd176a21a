"""Showing moderators a prompt before it is posted, and what they decide: approve, another one, leave it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, or_, select

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card, Markdown, say
from bot.chat.models import Refusal, need
from bot.feature import Request, note
from bot.people import tables as people
from bot.reflections.prompts import bank, selection
from bot.reflections.prompts.bank import BankedPrompt
from bot.reflections.schedule import notices, shown_prompts
from bot.reflections.schedule.notices import headsup_key, late_key
from bot.reflections.schedule.settings import KIND, PromptScheduleSettings, terms_of
from bot.runtime.clock import Clock
from bot.schedules import edits, tables
from bot.schedules.model import BY_HAND, NOTICE, RUNNING, Occurrence, OccurrenceState, Schedule
from bot.store.store import Store


class PromptApproval:
    """Heads-ups, and the buttons under them."""

    def __init__(self, store: Store, clock: Clock, alerts: Alerts) -> None:
        self._store, self._clock, self._alerts = store, clock, alerts

    # ── the beat ──────────────────────────────────────────────────────────────

    async def beat(self) -> int:
        """Show what comes within its schedule's notice; how many those are."""
        now = self._clock.now()
        due = [one for one, at in await self._store.read(_to_show) if at <= now]
        for one in due:
            await self._store.write(partial(self._show, one=one, now=now))
        return len(due)

    @staticmethod
    def next_due(conn: Connection) -> datetime | None:
        """When the next prompt is to be shown."""
        return min((at for _, at in _to_show(conn)), default=None)

    def _show(self, conn: Connection, one: Occurrence, now: datetime) -> None:
        schedule = tables.lock_schedule(conn, one.community_id, one.schedule_id)
        standing = tables.find_occurrence(conn, one.community_id, one.id)
        if standing is None or standing.state is not OccurrenceState.PLANNED:
            return
        terms = terms_of(schedule)
        coming = self._chosen(conn, schedule, terms, one.key)
        shown_prompts.tell(
            conn, one.community_id, one.schedule_id, one.key, coming.id if coming else None, now
        )
        if coming is not None and coming.turn is not None:
            bank.leave_queue(conn, one.community_id, coming.id)  # it is taken: no other date asks it
        card = self._card(conn, schedule, terms, standing, coming)
        self._alerts.alert(conn, one.community_id, headsup_key(one.schedule_id, one.key), card, now)

    @staticmethod
    def _chosen(
        conn: Connection, schedule: Schedule, terms: PromptScheduleSettings, key: str
    ) -> BankedPrompt | None:
        """The prompt that goes out on a date: the one that was shown, else the next that no other date was shown."""
        known = shown_prompts.find(conn, schedule.id, key)
        kept = known.prompt_id if known is not None and known.prompt_id is not None else terms.kept
        source = terms.source(schedule.id)
        if kept is not None:
            return selection.next_prompt(conn, schedule.community_id, source, kept)
        taken = shown_prompts.chosen(conn, schedule.id)
        line = selection.next_prompts(conn, schedule.community_id, source, len(taken) + 1)
        return next((one for one in line if one.id not in taken), line[0] if line else None)

    def _card(
        self, conn: Connection, schedule: Schedule, terms: PromptScheduleSettings, one: Occurrence, coming: BankedPrompt | None,
        approved: str = "",
    ) -> Card:  # fmt: skip
        zone = people.community_by_id(conn, schedule.community_id).zone
        name, overdue = f"{schedule.id}/{one.key}", one.state is OccurrenceState.ASKED
        return notices.headsup_card(
            name, schedule.title, coming, terms, one.fire_at, zone, overdue=overdue, approved=approved
        )

    # ── what moderators decide ────────────────────────────────────────────────

    async def approve(self, request: Request) -> Card:
        """Let it go out; at once where its time has come."""

        def allow(conn: Connection) -> Card:
            schedule, one = self._meant(conn, request)
            terms = terms_of(schedule)
            if terms.approver is not None and request.role < terms.approver.role:
                raise need(terms.approver.role)
            shown_prompts.approve(conn, request.community.id, schedule.id, one.key, request.now)
            if one.state is OccurrenceState.ASKED:
                edits.post_now(conn, request.community.id, one.id, request.now)
            note(conn, request, "approved", f"s{schedule.id} {one.key}")
            coming = self._chosen(conn, schedule, terms, one.key)
            card = self._card(conn, schedule, terms, one, coming, request.member.name)
            self._alerts.renew(
                conn, request.community.id, headsup_key(schedule.id, one.key), card, request.now
            )
            return replace(card, replaces=True)

        return await self._store.write(allow)

    async def another(self, request: Request) -> Card:
        """Choose the next prompt of the decks instead; what was approved has to be approved again."""

        def swap(conn: Connection) -> Card:
            schedule, one = self._meant(conn, request)
            terms = terms_of(schedule)
            now_chosen = self._chosen(conn, schedule, terms, one.key)
            line = selection.next_prompts(conn, request.community.id, terms.source(schedule.id), 40)
            at = next((n for n, each in enumerate(line) if now_chosen and each.id == now_chosen.id), -1)
            others = [
                each
                for each in (*line[at + 1 :], *line[: at + 1])
                if now_chosen is None or each.id != now_chosen.id
            ]
            if not others:
                raise Refusal("There is no other prompt.", "`/prompt add` makes one.")
            shown_prompts.choose(conn, request.community.id, schedule.id, one.key, others[0].id)
            before = f"p{now_chosen.id}" if now_chosen else None
            note(
                conn,
                request,
                "chose",
                f"s{schedule.id} {one.key}",
                {"prompt": before},
                {"prompt": f"p{others[0].id}"},
            )
            card = self._card(conn, schedule, terms, one, others[0])
            self._alerts.renew(
                conn, request.community.id, headsup_key(schedule.id, one.key), card, request.now
            )
            return replace(card, replaces=True)

        return await self._store.write(swap)

    async def leave(self, request: Request) -> Card:
        """Leave this date out."""

        def skip(conn: Connection) -> Card:
            schedule, one = self._meant(conn, request)
            return replace(self.leave_out(conn, request, schedule, one), replaces=True)

        return await self._store.write(skip)

    def leave_out(self, conn: Connection, request: Request, schedule: Schedule, one: Occurrence) -> Card:
        """Leave a date out, and settle what was shown of it. Raises `Refusal` when it is too late."""
        tables.lock_schedule(conn, request.community.id, schedule.id)
        if not edits.skip_occurrence(conn, request.community.id, one.id):
            now = tables.find_occurrence(conn, request.community.id, one.id)
            raise Refusal(*too_late(now.state if now is not None else None))
        note(conn, request, "skipped", f"s{schedule.id} {one.key}")
        shown_prompts.end(conn, schedule.id, one.key, request.now)
        card = notices.left_out_card(f"{schedule.id}/{one.key}", schedule.title, one.id, request.member.name)
        for key in (headsup_key(schedule.id, one.key), late_key(schedule.id, one.key)):
            self._alerts.resolve(conn, request.community.id, key, request.now, card)
        return card

    def _meant(self, conn: Connection, request: Request) -> tuple[Schedule, Occurrence]:
        """The date a button is about; `Refusal` when nothing is to be decided about it any more."""
        number, _, key = request.value.partition("/")
        schedule = (
            tables.find_schedule(conn, request.community.id, int(number)) if number.isdecimal() else None
        )
        if schedule is None or schedule.kind != KIND:
            raise Refusal("That schedule is gone.", "`/prompt list` shows those there are.")
        tables.lock_schedule(conn, request.community.id, schedule.id)
        one = tables.by_key(conn, request.community.id, schedule.id, key)
        if (
            one is None
            or one.state not in (OccurrenceState.PLANNED, OccurrenceState.ASKED)
            or one.reason == BY_HAND
        ):
            raise Refusal(*too_late(one.state if one is not None else None))
        return schedule, one

    # ── when something it was made of changes ─────────────────────────────────

    def refresh(self, conn: Connection, request: Request, prompt_id: int) -> None:
        """A prompt that moderators were shown says something else now: show it so.

        An approval stands only where whoever changed it could have given it.
        """
        for row in shown_prompts.waiting_with(conn, request.community.id, prompt_id):
            schedule = tables.find_schedule(conn, request.community.id, row.schedule_id)
            one = tables.by_key(conn, request.community.id, row.schedule_id, row.key)
            if (
                schedule is None
                or one is None
                or one.state not in (OccurrenceState.PLANNED, OccurrenceState.ASKED)
            ):
                continue
            terms, approved = terms_of(schedule), ""
            if (
                row.approved_at is not None
                and terms.approver is not None
                and request.role < terms.approver.role
            ):
                shown_prompts.approve(conn, request.community.id, schedule.id, row.key, None)
            elif row.approved_at is not None:
                approved = request.member.name
            coming = self._chosen(conn, schedule, terms, row.key)
            card = self._card(conn, schedule, terms, one, coming, approved)
            self._alerts.renew(
                conn, request.community.id, headsup_key(row.schedule_id, row.key), card, request.now
            )

    def settle(self, conn: Connection, schedule: Schedule, key: str, now: datetime, said: str) -> None:
        """Nothing is to be decided about a date any more, and this is why."""
        shown_prompts.end(conn, schedule.id, key, now)
        card = notices.over_card(schedule.id, schedule.title, said)
        for name in (headsup_key(schedule.id, key), late_key(schedule.id, key)):
            self._alerts.resolve(conn, schedule.community_id, name, now, card)

    def start_over(self, conn: Connection, schedule: Schedule, now: datetime) -> None:
        """A schedule was changed: what was shown of it is shown again, and has to be approved again."""
        said = say("Changed", Markdown(f"s{schedule.id} was changed; what comes of it is shown again."))
        for key in shown_prompts.start_over(conn, schedule.id):
            self._alerts.resolve(conn, schedule.community_id, headsup_key(schedule.id, key), now, said)


def too_late(state: OccurrenceState | None) -> tuple[str, str]:
    """Why nothing can be decided about a date any more."""
    match state:
        case OccurrenceState.SKIPPED:
            return "That one is left out already.", "`/prompt unskip` takes it back."
        case OccurrenceState.QUEUED | OccurrenceState.DONE | OccurrenceState.PLANNED:
            return (
                "That one is going out already, as it was.",
                "`/prompt edit` still changes what nobody has read.",
            )
        case _:
            return "Nothing is to be decided about that one any more.", "`/prompt queue` shows what is due."


def _to_show(conn: Connection) -> list[tuple[Occurrence, datetime]]:
    """Planned dates that moderators want to see and have not been shown, each with when."""
    o, s = tables.occurrence, tables.schedule
    shown = or_(s.c.headsup_minutes.is_not(None), s.c.approver.is_not(None))
    query = (
        select(o, s.c.headsup_minutes)
        .join_from(o, s, o.c.schedule_id == s.c.id)
        .where(s.c.kind == KIND, s.c.state.in_(RUNNING), tables.in_state(OccurrenceState.PLANNED), shown)
        .order_by(o.c.fire_at)
    )
    found = []
    for row in conn.execute(query):
        if row.reason != BY_HAND:
            minutes = row.headsup_minutes
            found.append((Occurrence(*row[:-1]), NOTICE if minutes is None else timedelta(minutes=minutes)))
    if not found:
        return []
    known = shown_prompts.told(conn, sorted({one.schedule_id for one, _ in found}))
    return [(one, one.fire_at - notice) for one, notice in found if (one.schedule_id, one.key) not in known]
