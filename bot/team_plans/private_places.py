"""Private places for teams: made where a platform lets us, with whoever is in the team let in and who left shown out."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, and_, or_, select, update

from bot.chat.cards import Card
from bot.chat.models import Place, platform_of
from bot.chat.port import Adapter, PlatformError
from bot.courses.teams.tables import teammate
from bot.feature import ButtonHandler, PeriodicJob, Request, Waits, note_change
from bot.people.accounts import account
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import place_cards, places
from bot.team_plans.access import led_plan
from bot.team_plans.model import TeamPlan
from bot.team_plans.place_cards import MAKE
from bot.team_plans.places import PlanPlace, plan_place
from bot.team_plans.posted_page import PlanPages

log = logging.getLogger(__name__)

MAKING = timedelta(minutes=2)
"""How long a place that is being made keeps a second press from making another."""
LATER = timedelta(hours=1)
"""How long after a refusal people are let in again."""
_c = plan_place.c


@dataclass(frozen=True, slots=True)
class RoomPeople:
    """Who is to be in a team's private place: platform ids of its members, and of those who left it."""

    where: PlanPlace
    come: tuple[str, ...]
    go: tuple[str, ...]

    @property
    def state(self) -> str:
        """A word for these people that tells nobody who they are."""
        told = f"{self.where.ref}|{','.join(self.come)}|{','.join(self.go)}"
        return hashlib.sha256(told.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class PrivatePlaces:
    """Makes places in which only a team is, and keeps it so."""

    store: Store
    clock: Clock
    adapters: Mapping[str, Adapter]
    pages: PlanPages

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The button that makes one."""
        return (ButtonHandler(MAKE, Waits(self.make_place)),)

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after: who may be in."""
        return (PeriodicJob("letting teams into their places", 30, self.admit_due, _next_due),)

    async def make_place(self, request: Request) -> Card:
        """Make a private place near where somebody asks, and post the plan there."""
        plan = await self.store.read(lambda conn: led_plan(conn, request))
        if request.place.private or not await self.store.write(partial(_claim, request=request, plan=plan)):
            return await self.store.read(lambda conn: _shown(conn, plan))
        adapter = self.adapters[platform_of(request.place.space)]
        try:
            made = await adapter.open_private(request.place.root, plan.team)
        except PlatformError as error:
            log.info("no private place in %s: %s", request.place.space, error.code)
            made = None
        return await self.store.write(partial(self._take, request=request, plan=plan, made=made))

    def _take(self, conn: Connection, request: Request, plan: TeamPlan, made: Place | None) -> Card:
        conn.execute(update(plan_place).where(_c.team_id == plan.team_id).values(making_at=None))
        if made is None:
            return place_cards.not_made_card(plan)
        where = self.pages.move(conn, plan.community_id, plan.team_id, made, request.now)
        where = places.change_place(conn, where.team_id, made=True, admitted=None, admit_at=None)
        note_change(conn, request, "placed a plan", plan.team, None, {"channel": made.channel})
        return place_cards.made_card(plan, where)

    async def admit_due(self) -> int:
        """Let in and show out whoever came to a team or left it; how many places there were."""
        now = self.clock.now()
        due = await self.store.read(partial(_list_due, now=now))
        for one in due:
            done = await self._admit(one)
            values = {"admitted": one.state, "admit_at": None} if done else {"admit_at": now + LATER}
            await self.store.write(partial(_note, where=one.where, values=values))
        return len(due)

    async def _admit(self, one: RoomPeople) -> bool:
        adapter = self.adapters.get(platform_of(one.where.place.space))
        if adapter is None:
            return False
        try:
            await adapter.admit(one.where.place, one.come, one.go)
        except PlatformError as error:
            log.warning("people are not let into a place of %s: %s", one.where.place.space, error.code)
            return False
        return True


def _claim(conn: Connection, request: Request, plan: TeamPlan) -> bool:
    """Whether nobody else makes a place for this team just now, and it has none that was made."""
    there = places.place_of(conn, plan.team_id)
    if there is not None and there.made and there.problem is None:
        return False
    places.keep_row(conn, plan.community_id, plan.team_id, request.place.space)
    free = or_(_c.making_at.is_(None), _c.making_at < request.now - MAKING)
    taken = update(plan_place).where(_c.team_id == plan.team_id, free).values(making_at=request.now)
    return conn.execute(taken).rowcount > 0


def _shown(conn: Connection, plan: TeamPlan) -> Card:
    return place_cards.place_card(plan, places.place_of(conn, plan.team_id), None)


def _note(conn: Connection, where: PlanPlace, values: Mapping[str, object]) -> None:
    """Note what became of it, unless the plan moved away meanwhile."""
    conn.execute(
        update(plan_place).where(_c.team_id == where.team_id, _c.serial == where.serial).values(dict(values))
    )


def _changed(conn: Connection) -> Sequence[tuple[RoomPeople, datetime | None]]:
    """The private places in which others are to be than were let in, each with when to try again."""
    rows = conn.execute(select(plan_place).where(_c.made, _c.channel.is_not(None))).all()
    found = ((_people(conn, places.read_place(row)), row) for row in rows)
    return [(one, row.admit_at) for one, row in found if one.state != row.admitted]


def _list_due(conn: Connection, now: datetime) -> list[RoomPeople]:
    return [one for one, at in _changed(conn) if at is None or at <= now]


def _next_due(conn: Connection) -> datetime | None:
    return min((at or datetime.fromtimestamp(0, UTC) for _one, at in _changed(conn)), default=None)


def _people(conn: Connection, where: PlanPlace) -> RoomPeople:
    here = and_(account.c.space == where.place.space, account.c.left_at.is_(None))
    mine = select(account.c.person).join(teammate, teammate.c.member_id == account.c.member_id)
    mine = mine.where(here, teammate.c.team_id == where.team_id).order_by(account.c.person)
    come = conn.execute(mine.where(teammate.c.left_at.is_(None))).scalars()
    go = conn.execute(mine.where(teammate.c.left_at.is_not(None))).scalars()
    return RoomPeople(where, tuple(come), tuple(go))
