"""The pairs of buddies: found among those who wait, ended when one of them goes, and told to both in their own language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.courses.buddies import cards, tables
from bot.courses.buddies.tables import Buddy
from bot.courses.lessons import catalog
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.people.accounts import name_of
from bot.people.hours import hours_of
from bot.people.languages import speaking_to
from bot.people.reach import writable_account
from bot.runtime.clock import Clock
from bot.store.store import Store

KIND = "buddy"
"""The kind of its rows in the outbox. `ref` names the other one, so that erasing them finds it."""


class BuddyPairs:
    """The periodic job that ends pairs which are none any more, and pairs those who wait."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def run(self) -> int:
        """Settle all pairs, where something is to be settled; how many members that concerned."""
        now = self._clock.now()
        if not await self._store.read(_is_unsettled):
            return 0
        return await self._store.write(lambda conn: settle_pairs(conn, now))

    def next_due(self, conn: Connection) -> datetime | None:
        """Now, where a pair is to be ended or made."""
        return self._clock.now() if _is_unsettled(conn) else None


def _is_unsettled(conn: Connection) -> bool:
    return bool(tables.broken_pairs(conn)) or _next_pair(tables.waiting(conn), conn) is not None


def settle_pairs(conn: Connection, now: datetime, asker: int | None = None) -> int:
    """End what is no pair any more and make new ones, tell both; the `asker` reads it in the answer instead."""
    settled = 0
    while broken := tables.broken_pairs(conn):
        for one in broken:
            _end(conn, one, now)
            settled += 1
    while (pair := _next_pair(tables.waiting(conn), conn)) is not None:
        one, other = pair
        tables.pair_up(conn, one, other)
        for mine, theirs in ((one, other), (other, one)):
            if mine.member_id != asker:
                _tell_found(conn, mine, theirs.member_id, now)
        settled += 2
    return settled


def _next_pair(waiting: list[Buddy], conn: Connection) -> tuple[Buddy, Buddy] | None:
    """The first two who wait in one course, meet in a space, and were not each other's buddy just before."""
    for at, one in enumerate(waiting):
        for other in waiting[at + 1 :]:
            apart = one.last_id == other.member_id or other.last_id == one.member_id
            if one.course_id != other.course_id or apart:
                continue
            if tables.spaces_of(conn, one.member_id) & tables.spaces_of(conn, other.member_id):
                return one, other
    return None


def _end(conn: Connection, one: Buddy, now: datetime) -> None:
    """Let somebody wait again whose buddy is gone; whoever left or finished the course is not looked for any more."""
    tables.let_wait(conn, one, now)
    takes, learns = tables.is_taking(conn, one), tables.is_learning(conn, one)
    if not learns:
        tables.drop_buddy(conn, one.member_id, one.course_id)
    if takes and one.mate_id is not None:
        _tell_ended(conn, one, now, looks=learns)


def _tell_found(conn: Connection, one: Buddy, mate_id: int, now: datetime) -> None:
    name = name_of(conn, mate_id)
    listed = catalog.find_course(conn, one.community_id, one.course_id)
    if name is not None and listed is not None:
        _tell(conn, one, now, f"/{mate_id}/", lambda: cards.paired_card(listed, name))


def _tell_ended(conn: Connection, one: Buddy, now: datetime, *, looks: bool) -> None:
    """Tell somebody, without a name, that they have no buddy any more, and whether I look for another one."""
    listed = catalog.find_course(conn, one.community_id, one.course_id)
    if listed is not None:
        _tell(conn, one, now, "", lambda: cards.ended_card(listed) if looks else cards.over_card(listed))


def _tell(conn: Connection, one: Buddy, now: datetime, ref: str, card: Callable[[], Card]) -> None:
    """Write to one of them directly, in their language, in their next free hour: they asked for it."""
    to = writable_account(conn, one.community_id, one.member_id)
    if to is None:
        return
    free = hours_of(conn, one.community_id, one.member_id, now).free_from(now)
    with speaking_to(conn, one.member_id):
        said = card()
    draft = Draft(
        community_id=one.community_id, space=to[0], person=to[1], verb=Verb.DIRECT, kind=KIND, priority=1, card=said, ref=ref,
        key=f"{KIND}:{one.member_id}:{one.course_id}:{now:%Y%m%d%H%M%S}:{'found' if ref else 'ended'}",
        not_before=free, expires_at=(free or now) + timedelta(days=7),
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)


def forget(conn: Connection, community_id: int, member_id: int, now: datetime) -> None:
    """Forget a member's pairs: their buddies are told without a name, and wait for somebody else."""
    for key in outbox.naming(conn, community_id, KIND, f"/{member_id}/"):
        outbox.cancel_draft(conn, key)
    for one in tables.forget(conn, community_id, member_id):
        _end(conn, one, now)
    tables.forget_last(conn, community_id, member_id)


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """A member's buddies, for their own copy."""
    found = tables.buddies_of(conn, community_id, member_id)
    listed = catalog.courses_by_id(conn, community_id, [one.course_id for one in found])
    return [
        {
            "course": listed[one.course_id].course.title,
            "buddy": None if one.mate_id is None else name_of(conn, one.mate_id),
            "asked at": one.asked_at.isoformat(),
        }
        for one in found
    ]
