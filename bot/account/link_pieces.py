"""The linking of two members who are one person: begun in one piece, and brought to its end in as many as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.account.link_rules import plan_again
from bot.feature import Feature
from bot.people import links
from bot.people.accounts import account
from bot.people.link_moves import list_moves, list_moves_of, move_rows
from bot.people.linked_settings import join_settings
from bot.people.links import JoinStep, MemberLink
from bot.runtime.clock import Clock
from bot.store.slices import work_through, wrap
from bot.store.store import Store


@dataclass(frozen=True, slots=True)
class MemberLinking:
    """Joins members, piece by piece, in such an order that whoever asks between two of them finds one person.

    With the first piece the account is the keeper's, and so is whatever is said through it from then on; the narrower and
    quieter of both settings hold. What the other one brings follows: until then it is found where it was, as before. The
    mark that something is left goes with the last piece, so a link that was begun comes to its end, whoever ends it; and
    the journal says at each moment what was done, so that it can be taken back at each.
    """

    store: Store
    clock: Clock
    features: Callable[[], Sequence[Feature]]
    tell: Callable[[Connection, object], None]

    def begin(
        self, conn: Connection, community_id: int, keeper: int, joined: int, who: tuple[str, str]
    ) -> MemberLink:
        """Begin to make the member behind the account `who` one with the keeper; `go_on` ends it."""
        now = self.clock.now()
        link = links.begin_link(conn, community_id, keeper, joined, who, now)
        join_settings(conn, link, now)
        for move in list_moves_of(conn, link, account, account.c.member_id):
            move_rows(conn, link, move, now)
        return link

    async def go_on(self) -> int:
        """Bring every link that was begun to its end; how many there were."""
        begun = await self.store.read(links.list_joining)
        for link in begun:
            await self._join(link, self.clock.now())
        return len(begun)

    async def _join(self, link: MemberLink, now: datetime) -> None:
        rules = [one.links for one in self.features()]
        moving = JoinStep(list_moves, move_rows)
        steps = [step for one in rules for step in one.join]
        for step in (*steps, moving, *(step for one in rules for step in one.follow)):
            things = await self.store.read(partial(_find_things, step=step, link=link))
            await work_through(self.store, things, _join_one(step, link, now))
        await self.store.write(partial(self._end, link=link, now=now))

    def _end(self, conn: Connection, link: MemberLink, now: datetime) -> None:
        if links.is_joining(conn, link):  # else somebody was faster, or parted them meanwhile
            links.end_joining(conn, link)
            plan_again(conn, link.community_id, link.keeper, self.tell, now)


def _find_things(conn: Connection, step: JoinStep, link: MemberLink) -> Sequence[object]:
    return step.find(conn, link)


def _join_one(step: JoinStep, link: MemberLink, now: datetime) -> Callable[[Connection, object], None]:
    """A piece of work that does a step with one thing, while the link is not at its end."""

    def work(conn: Connection, thing: object) -> None:
        if links.is_joining(conn, link):
            step.join(conn, link, thing, now)

    return wrap(work, step.join)
