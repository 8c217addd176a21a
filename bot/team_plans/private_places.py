"""Private places for teams: made where a platform lets us, with whoever is in the team let in and who left shown out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.models import Place, platform_of
from bot.chat.port import Adapter, PlatformError
from bot.feature import ButtonHandler, PeriodicJob, Request, Waits, note_change
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import place_cards, places, rooms
from bot.team_plans.access import led_plan
from bot.team_plans.model import TeamPlan
from bot.team_plans.place_cards import MAKE
from bot.team_plans.posted_page import PlanPages
from bot.team_plans.rooms import RoomPeople

log = logging.getLogger(__name__)

LATER = timedelta(hours=1)
"""How long after a refusal people are let in again."""


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
        return (PeriodicJob("letting teams into their places", 30, self.admit_due, rooms.next_due),)

    async def make_place(self, request: Request) -> Card:
        """Make a private place near where somebody asks, and post the plan there; one that was made is used again."""
        plan = await self.store.read(lambda conn: led_plan(conn, request))
        known = await self.store.write(partial(self._begin, request=request, plan=plan))
        if known is not None:
            return known
        adapter = self.adapters[platform_of(request.place.space)]
        try:
            made = await adapter.open_private(request.place.root, plan.team)
        except PlatformError as error:
            log.info("no private place in %s: %s", request.place.space, error.code)
            made = None
        return await self.store.write(partial(self._take, request=request, plan=plan, made=made))

    def _begin(self, conn: Connection, request: Request, plan: TeamPlan) -> Card | None:
        """A card where no place is to be made: there is one, somebody makes one just now, or it cannot be here."""
        there, room = places.place_of(conn, plan.team_id), rooms.room_of(conn, plan.team_id)
        if there is not None and there.made and there.problem is None:
            return place_cards.place_card(plan, there, None)
        if room is not None and (there is None or not there.made):
            where = self.pages.move(conn, plan.community_id, plan.team_id, room, request.now)
            note_change(conn, request, "placed a plan", plan.team, None, {"channel": room.channel})
            return place_cards.placed_card(plan, where, there)
        space, now = request.place.space, request.now
        if request.place.private or not rooms.claim_room(conn, plan.community_id, plan.team_id, space, now):
            return place_cards.place_card(plan, there, None)
        return None

    def _take(self, conn: Connection, request: Request, plan: TeamPlan, made: Place | None) -> Card:
        rooms.put_room(conn, plan.team_id, made)
        if made is None:
            return place_cards.not_made_card(plan)
        where = self.pages.move(conn, plan.community_id, plan.team_id, made, request.now)
        note_change(conn, request, "placed a plan", plan.team, None, {"channel": made.channel})
        return place_cards.made_card(plan, where)

    # ── who is in it ──────────────────────────────────────────────────────────

    async def admit_due(self) -> int:
        """Let in and show out whoever came to a team, left it or was erased; how many places and people there were."""
        now = self.clock.now()
        changed = await self.store.read(rooms.list_changed)
        due = [one for one, at in changed if at is None or at <= now]
        for one in due:
            again = None if await self._admit(one) else now + LATER
            await self.store.write(partial(rooms.note_admitted, one=one, again=again))
        gone = await self.store.read(partial(rooms.due_farewells, now=now))
        for each in gone:
            out = each.back or await self._move(each.place, (), (each.person,))
            again = None if out else now + LATER
            await self.store.write(partial(rooms.settle_farewell, farewell_id=each.id, again=again))
        return len(due) + len(gone)

    async def _admit(self, one: RoomPeople) -> bool:
        """Move people one by one, those who leave first: who cannot be moved keeps nobody else from it."""
        moves = [((), (person,)) for person in one.go] + [((person,), ()) for person in one.come]
        moved = [await self._move(one.place, come, go) for come, go in moves]
        return all(moved)

    async def _move(self, place: Place, come: tuple[str, ...], go: tuple[str, ...]) -> bool:
        adapter = self.adapters.get(platform_of(place.space))
        if adapter is None:
            return False
        try:
            await adapter.admit(place, come, go)
        except PlatformError as error:
            log.warning("somebody is not let into a place of %s: %s", place.space, error.code)
            return False
        return True
