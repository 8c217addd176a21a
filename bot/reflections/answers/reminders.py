"""Reminders of a prompt that closes soon: only for those who take part, and only as each of them likes it.

Most people of a community read and write nothing; they are never reminded. Who has answered within the last weeks, and
not this time, is asked on the last working day before the prompt closes, and not in its last two hours. "Not this week"
is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Select,
    Table,
    bindparam,
    exists,
    func,
    select,
)

from bot.feature import PeriodicJob
from bot.people.accounts import account, zone_of
from bot.people.channel_members import presence
from bot.people.hours import community_hours
from bot.people.tables import member, space
from bot.reflections.answers import reminder_cards
from bot.reflections.answers.tables import answer
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt, asked_in, asking
from bot.reflections.schedule.skips import skip
from bot.reminders.policy import ReminderPolicy, ReminderRequest
from bot.runtime.clock import Clock
from bot.store.dialect import upsert
from bot.store.schema import metadata
from bot.store.slices import work_through
from bot.store.store import Store
from bot.store.types import UtcDateTime

LEAD = timedelta(hours=20)
"""How long before a prompt closes somebody may be asked; a third of its time where it is open for less than that."""
TAKES_PART = timedelta(days=60)
"""Who has answered anything within this time takes part."""
TOO_LATE = timedelta(hours=2)
"""How long before a prompt closes nobody is asked any more."""
AGAIN = timedelta(minutes=30)

asked_after = Table(
    "asked_after",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("again_at", UtcDateTime),
)
"""A prompt that was asked after: when to look again for whom it was too early; null: nobody is left."""

_KEEP = upsert(asked_after, by=("occurrence_id",), change=("again_at",))


@dataclass(frozen=True, slots=True)
class SilentMember:
    """Somebody who takes part and has not answered this time, with when they last answered anything."""

    member_id: int
    last_at: datetime


class PromptReminders:
    """Asks for reminders of prompts that close soon."""

    def __init__(self, store: Store, clock: Clock, policy: ReminderPolicy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after."""
        return (PeriodicJob("asking after prompts", 60, self.ask_after_prompts, self.next_due),)

    async def ask_after_prompts(self) -> int:
        """Remind of every prompt that closes soon; how many there were."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: [one for one, at in _open(conn, now) if at <= now])
        for here in due:
            await self._remind_all(here, now)
        return len(due)

    def next_due(self, conn: Connection) -> datetime | None:
        """When the next prompt is due for reminders."""
        return min((at for _, at in _open(conn, self._clock.now())), default=None)

    async def _remind_all(self, here: AskedPrompt, now: datetime) -> None:
        """Remind everybody who takes part and is silent, some at a time; when somebody's turn comes later, look again."""
        asked = _silent_members(here, now)
        one_of = asked.where(member.c.id == bindparam("one"))  # made once: it takes longer than to ask it
        silent = await self._store.read(lambda conn: _list_members(conn, asked.order_by(member.c.id)))
        later: dict[int, datetime] = {}

        def remind(conn: Connection, one: SilentMember) -> None:
            later.pop(one.member_id, None)
            if not _list_members(conn, one_of, one.member_id):
                return  # they answered meanwhile
            again = self._remind(conn, here, one, now)
            if again is not None:
                later[one.member_id] = again

        await work_through(self._store, silent, remind)
        again = min((at for at in later.values() if at < here.closes_at - TOO_LATE), default=None)
        row = {"occurrence_id": here.id, "community_id": here.community_id, "again_at": again}
        await self._store.write(lambda conn: conn.execute(_KEEP, row).rowcount)

    def _remind(
        self, conn: Connection, here: AskedPrompt, one: SilentMember, now: datetime
    ) -> datetime | None:
        """Remind one member; when to look again where it is too early."""
        verdict = self._policy.remind(conn, self._request(conn, here, one), now)
        if verdict.id is not None or verdict.again is None:
            return None
        return max(verdict.again, now + AGAIN)

    @staticmethod
    def _request(conn: Connection, here: AskedPrompt, one: SilentMember) -> ReminderRequest:
        zone = zone_of(conn, one.member_id)
        return ReminderRequest(
            community_id=here.community_id,
            member_id=one.member_id,
            series="prompts",
            reason=f"prompt:{here.id}",
            period="closing",
            since=one.last_at,
            why=partial(reminder_cards.reason, here, one.last_at, zone),
            sentences=reminder_cards.SENTENCES,
            card=partial(reminder_cards.reminder_card, here, zone),
            until=here.closes_at - TOO_LATE,
        )


_ASKED = (
    select(asking.c.community_id, asking.c.occurrence_id, asked_after.c.again_at, asked_after.c.occurrence_id)
    .outerjoin(asked_after, asked_after.c.occurrence_id == asking.c.occurrence_id)
    .where(asking.c.closed_at.is_(None), asking.c.closes_at > bindparam("now"))
)


def _open(conn: Connection, now: datetime) -> Iterable[tuple[AskedPrompt, datetime]]:
    """Open prompts with when each is due for reminders; those nobody is left for are not among them."""
    rows = conn.execute(_ASKED, {"now": now}).all()
    for community_id, occurrence_id, again_at, looked in rows:
        here = asked_prompts.find_asked_prompt(conn, community_id, occurrence_id)
        if here is None or (looked is not None and again_at is None):
            continue
        yield here, again_at or _first_look(conn, here, now)


def _first_look(conn: Connection, here: AskedPrompt, now: datetime) -> datetime:
    """Some hours before a prompt closes; where that is no working day, on the last one before, if it was open then."""
    at = here.closes_at - min(LEAD, (here.closes_at - here.opened_at) / 3)
    free = community_hours(conn, here.community_id, now).free_before(at)
    return at if free is None or free < here.opened_at else free


def _list_members(conn: Connection, query: Select[Any], one: int | None = None) -> list[SilentMember]:
    return [SilentMember(*row) for row in conn.execute(query, None if one is None else {"one": one})]


def _silent_members(here: AskedPrompt, now: datetime) -> Select[Any]:
    """Who was asked, takes part, and has neither answered nor said "not this week", with when they last answered."""
    mine = answer.c.member_id == member.c.id
    since, stands = now - TAKES_PART, answer.c.withdrawn_at.is_(None)
    last = select(func.max(answer.c.first_at)).where(mine, stands, answer.c.community_id == here.community_id)
    return select(member.c.id, last.scalar_subquery()).where(
        member.c.community_id == here.community_id,
        member.c.erased_at.is_(None),
        member.c.keeps.is_(True),
        exists().where(mine, answer.c.first_at > since, stands),
        ~exists().where(mine, answer.c.occurrence_id == here.id),
        ~exists().where(skip.c.member_id == member.c.id, skip.c.occurrence_id == here.id),
        _was_asked(here),
    )


def _was_asked(here: AskedPrompt) -> ColumnElement[bool]:
    """The condition that a member is in a place where a prompt was asked."""
    there = (
        exists()
        .where(account.c.member_id == member.c.id, account.c.left_at.is_(None), account.c.stranger.is_(False))
        .where(asked_in.c.occurrence_id == here.id, asked_in.c.space == account.c.space)
        .where(
            presence.c.space == account.c.space,
            presence.c.channel == asked_in.c.channel,
            presence.c.person == account.c.person,
        )
    )
    theirs, before = answer.alias("theirs"), asked_in.alias("before")
    took_part = (
        # Where nobody is listed, a place is theirs where they have answered what was asked there.
        exists()
        .where(account.c.member_id == member.c.id, account.c.left_at.is_(None), account.c.stranger.is_(False))
        .where(space.c.key == account.c.space, space.c.sees_people.is_(False))
        .where(asked_in.c.occurrence_id == here.id, asked_in.c.space == account.c.space)
        .where(before.c.space == asked_in.c.space, before.c.channel == asked_in.c.channel)
        .where(theirs.c.occurrence_id == before.c.occurrence_id, theirs.c.member_id == member.c.id)
    )
    return there | took_part
