"""Asking: on its date whoever does something is asked privately, and a team in its place for its looks.

Private questions are reminders: everything that is due for a member comes in one message, within the budget, in their
working hours, and never in breaks or days away. One that was not said in time is asked again on the next days; "later" is
later. A look is asked for where the team is, or, where that is not known, of whoever leads it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import _, format_day
from bot.chat.parsing.button_values import read_number
from bot.courses.teams.tables import team_members
from bot.delivery import outbox
from bot.delivery.facts import EXPIRED, Draft, Failed
from bot.facts import LookDue
from bot.people.departures import present_among
from bot.people.hours import community_hours, hours_of
from bot.people.languages import speaking_to, speaking_to_all
from bot.reminders import tables as reminders
from bot.reminders.policy import ReminderPolicy, ReminderRequest, Wording
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import tables as plans
from bot.team_plans.check_ins import cards, notices, tables
from bot.team_plans.check_ins.agenda import looks_left
from bot.team_plans.check_ins.cards import AskedItem
from bot.team_plans.check_ins.tables import PlanCheck, PlanQuestion
from bot.team_plans.model import PlanEntry, TeamPlan
from bot.team_plans.places import place_of

LOOK = "plan-look"
FRESH = timedelta(days=14)
"""How long it is tried to ask somebody about something."""
AGAIN = timedelta(minutes=30)
SEEN_TO = timedelta(hours=24)
"""After this it is looked whether a question was really said."""
GRACE = timedelta(hours=2)
MOMENT = timedelta(seconds=1)
BATCH = 50


class CheckIns:
    """Asks after what plans say that somebody does, and for looks at changes."""

    def __init__(
        self, store: Store, clock: Clock, policy: ReminderPolicy, tell: Callable[[Connection, object], None]
    ) -> None:
        self._store, self._clock, self._policy, self._tell = store, clock, policy, tell

    async def ask_due(self) -> int:
        """Ask everything that is due; how much there was."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: tables.due_checks(conn, now, BATCH))
        for one in due:
            await self._store.write(partial(self._begin, check_id=one.id, now=now))
        members = await self._store.read(lambda conn: tables.due_members(conn, now, BATCH))
        for member_id in members:
            await self._store.write(partial(self._ask_member, member_id=member_id, now=now))
        return len(due) + len(members)

    def failed(self, conn: Connection, fact: Failed) -> None:
        """A look was not posted: once more where its time was over, else whoever leads the team is asked."""
        if fact.kind != LOOK:
            return
        one, now = tables.find_check(conn, read_number(fact.ref)), self._clock.now()
        if one is None:
            return
        if fact.code == EXPIRED:
            tables.set_due(conn, one.id, now)
        else:
            _put_to_members(conn, one, now)

    # ── a check ───────────────────────────────────────────────────────────────

    def _begin(self, conn: Connection, check_id: int, now: datetime) -> None:
        """Ask about something: in the team's place, or one by one."""
        one = tables.find_check(conn, check_id)
        if one is None or one.due_at is None or one.due_at > now:
            return
        if one.weeks:
            self._tell(conn, LookDue(one.community_id, one.team_id, one.id))
        where = place_of(conn, one.team_id) if one.weeks else None
        if where is None:
            _put_to_members(conn, one, now)
            return
        place = where.place
        hours = community_hours(conn, one.community_id, now)
        free = hours.free_from(now)
        expires = now + hours.free_for(now, GRACE) if free == now else now
        if expires <= now + MOMENT:
            tables.set_due(conn, one.id, None if free is None else max(free, now + AGAIN))
            return
        draft = Draft(
            community_id=one.community_id, space=place.space, channel=place.channel, thread=place.thread,
            private=place.private, key=f"{LOOK}:{one.id}:{now:%Y%m%d%H%M}", kind=LOOK, drawn=True, ref=str(one.id), priority=3,
            not_before=now + MOMENT, expires_at=expires,
        )  # fmt: skip
        outbox.queue_draft(conn, draft, now)
        tables.note_asked(conn, one.id, now)

    # ── a member ──────────────────────────────────────────────────────────────

    def _ask_member(self, conn: Connection, member_id: int, now: datetime) -> None:
        """Ask a member everything that is due, in one message."""
        items, ids, checks = [], [], []
        for one in tables.due_questions(conn, member_id, now):
            check = tables.find_check(conn, one.check_id)
            item = None if check is None else _item_of(conn, one, check, now)
            if item is None or check is None or _was_asked(conn, one, now):
                continue
            items.append(item)
            ids.append(one.id)
            checks.append(check)
        if not items:
            return
        today = hours_of(conn, checks[0].community_id, member_id, now).day_of(now)
        wish = _request(conn, member_id, items, checks, today)
        verdict = self._policy.remind(conn, wish, now)
        if verdict.id is not None:
            tables.postpone(conn, ids, now + SEEN_TO, verdict.id)
        else:
            tables.postpone(conn, ids, None if verdict.again is None else max(verdict.again, now + AGAIN))


def _request(
    conn: Connection, member_id: int, items: Sequence[AskedItem], checks: Sequence[PlanCheck], today: date
) -> ReminderRequest:
    """What the reminder policy is asked for."""
    with speaking_to(conn, member_id):
        sentence = _("Your check-in for {day}:", day=format_day(today))
    first = items[0].question_id
    return ReminderRequest(
        community_id=checks[0].community_id, member_id=member_id, series=f"check-in:{first}",
        reason=f"check-in:{first}", period=today.isoformat(), since=min(one.made_at for one in checks),
        why=partial(_why, owned=any(one.owned for one in items)), sentences=(sentence,),
        card=partial(_question_card, items),
    )  # fmt: skip


def _question_card(items: Sequence[AskedItem], said: Wording) -> Card:
    return cards.question_card(items, said.sentence)


def _why(*, owned: bool) -> str:
    if owned:
        return _("You get this because your team’s plan names you.")
    return _("You get this because you lead the team.")


# ── who, and whether still ────────────────────────────────────────────────────


def list_asked(conn: Connection, plan: TeamPlan, entry: PlanEntry, weeks: str) -> list[int]:
    """Who is asked: whoever does it and is in the team, else whoever leads it; for a look the other way round."""
    mates = {one.member_id for one in team_members(conn, plan.team_id)}
    owner = entry.owner_id if entry.owner_id in mates else None
    owners = [owner] if owner is not None and owner in present_among(conn, [owner]) else []
    leads = notices.leads_but(conn, plan.team_id, None)
    return (leads or owners) if weeks else (owners or leads)


def _put_to_members(conn: Connection, one: PlanCheck, now: datetime) -> None:
    plan = plans.load_plan(conn, one.team_id)
    entry = plan.find(one.entry_id)
    for member_id in list_asked(conn, plan, entry, one.weeks) if entry is not None else ():
        tables.ask_member(conn, one, member_id, now)
    tables.note_asked(conn, one.id, now)


def _item_of(conn: Connection, one: PlanQuestion, check: PlanCheck, now: datetime) -> AskedItem | None:
    """What a question asks, as the plan is now; None, and closed, where there is nothing to ask any more."""
    plan = plans.load_plan(conn, one.team_id)
    entry = plan.find(one.entry_id)
    over = check.weeks and entry is not None and not _is_to_look(plan, entry, check.weeks)
    if entry is None or over or _is_old(check, now):
        tables.postpone(conn, [one.id], None)
        return None
    asked = list_asked(conn, plan, entry, check.weeks)
    if one.member_id not in asked:
        # Somebody else does it now, or leads the team: they are asked in this one's place.
        tables.postpone(conn, [one.id], None)
        for member_id in asked:
            tables.ask_member(conn, check, member_id, now)
        return None
    return AskedItem(one.id, plan, entry, check.weeks, owned=entry.owner_id == one.member_id)


def _is_old(check: PlanCheck, now: datetime) -> bool:
    """Whether it is too late to ask about something."""
    return check.asked_at is not None and check.asked_at + FRESH < now


def _is_to_look(plan: TeamPlan, change: PlanEntry, weeks: str) -> bool:
    """Whether a look at a change still comes."""
    return plan.change == change and weeks in looks_left(plan, change)


def _was_asked(conn: Connection, one: PlanQuestion, now: datetime) -> bool:
    """Whether a question was said, and is not to be asked again now; where they said "later", it is asked later."""
    if one.reminder_id is None or one.member_id is None:
        return False
    found = tables.reminder_of(conn, one.reminder_id)
    if found is not None and found.withdrawn:
        return False
    until = reminders.snoozed_until(conn, one.member_id, found.series) if found is not None else None
    if found is None or until is None or until <= found.at:
        tables.postpone(conn, [one.id], None)
        return True
    if until > now:
        tables.postpone(conn, [one.id], until)
    return until > now


def draw_look(conn: Connection, community_id: int, ref: str) -> Card | None:
    """The post that asks a team for a look, as its plan is when that is said; None where nothing is left to ask."""
    one = tables.find_check(conn, read_number(ref))
    plan = plans.load_plan(conn, one.team_id) if one is not None else None
    change = plan.find(one.entry_id) if plan is not None and one is not None else None
    if plan is None or one is None or change is None or not _is_to_look(plan, change, one.weeks):
        return None
    with speaking_to_all(conn, community_id):
        return cards.look_card(plan, change, one.weeks)
