"""The lead hears that somebody is stuck, where they said so: once, in working hours, in the lead's language.

It is what another person wants them to know and no reminder, so it does not count among the two a week; nothing else
comes at the same time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    delete,
    select,
    update,
)

from bot.chat.cards import Card
from bot.chat.parsing.button_values import read_number
from bot.courses.teams.tables import team_members
from bot.delivery import outbox
from bot.delivery.facts import EXPIRED, Draft, Failed, Sent, Verb
from bot.people.departures import present_among
from bot.people.languages import speaking_to
from bot.reminders.notices import find_notice_turn
from bot.runtime.clock import Clock
from bot.store.dialect import upsert
from bot.store.next_due import earliest
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.store import Store
from bot.store.types import UtcDateTime
from bot.team_plans import tables as plans
from bot.team_plans.access import names_in
from bot.team_plans.check_ins import cards, tables

KIND = "plan-stuck"
BATCH = 50

stuck_notice = Table(
    "stuck_notice",
    metadata,
    Column("question_id", Integer, primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True, index=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("tell_at", UtcDateTime, nullable=False, index=True),
    Column("key", Text, index=True),
    Column("told_at", UtcDateTime),
)
"""`member_id`, who leads the team, is told of what was said to a question. `key`: the outbox row that tells it."""

_n = stuck_notice.c
_PUT = upsert(stuck_notice, by=("question_id", "member_id"), change=("tell_at", "key", "told_at"))
_OWED = _n.told_at.is_(None)


def leads_but(conn: Connection, team_id: int, member_id: int | None) -> list[int]:
    """Who leads a team and is here, beside this member."""
    leads = [one.member_id for one in team_members(conn, team_id) if one.lead and one.member_id != member_id]
    here = present_among(conn, leads)
    return [one for one in leads if one in here]


def owe_notices(
    conn: Connection, community_id: int, question_id: int, leads: Collection[int], now: datetime
) -> None:
    """The leads are to be told of what was said to a question, in the place of what they were to be told before."""
    withdraw_notices(conn, question_id)
    for lead in leads:
        row = {
            "question_id": question_id, "member_id": lead, "community_id": community_id, "tell_at": now,
            "key": None, "told_at": None,
        }  # fmt: skip
        conn.execute(_PUT, row)


def list_told(conn: Connection, question_id: int) -> list[int]:
    """Leads who were told already of what was said to a question."""
    return _members(conn, question_id, _n.told_at.is_not(None))


def list_owed(conn: Connection, question_id: int) -> list[int]:
    """Leads who are to be told of it yet."""
    return _members(conn, question_id, _OWED)


def _members(conn: Connection, question_id: int, those: ColumnElement[bool]) -> list[int]:
    query = select(_n.member_id).where(_n.question_id == question_id, those)
    return list(conn.execute(query.order_by(_n.member_id)).scalars())


def withdraw_notices(conn: Connection, question_id: int) -> None:
    """Tell nobody of it who was not told yet; what is on its way just now stays known."""
    mine = (_n.question_id == question_id) & _OWED
    for row in conn.execute(select(_n.member_id, _n.key).where(mine)).all():
        if row.key is None or outbox.cancel_draft(conn, row.key):
            conn.execute(delete(stuck_notice).where(mine, _n.member_id == row.member_id))


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget what a member was to be told, and what others were to be told of them."""
    mine = (tables.plan_question.c.community_id == community_id) & (
        tables.plan_question.c.member_id == member_id
    )
    for question_id in conn.execute(select(tables.plan_question.c.id).where(mine)).scalars().all():
        withdraw_notices(conn, question_id)
    conn.execute(delete(stuck_notice).where(_n.community_id == community_id, _n.member_id == member_id))


class StuckNotices:
    """Tells leads of whoever is stuck and wants them to know."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def tell_due(self) -> int:
        """Tell everything that is due, or put it off; how much there was."""
        now = self._clock.now()
        found = await self._store.read(lambda conn: _list_due(conn, now))
        for question_id, member_id in found:
            await self._store.write(partial(_tell, question_id=question_id, lead=member_id, now=now))
        return len(found)

    def sent(self, conn: Connection, fact: Sent) -> None:
        """A notice arrived."""
        if fact.kind == KIND:
            conn.execute(update(stuck_notice).where(_n.key == fact.key).values(told_at=fact.at))

    def failed(self, conn: Connection, fact: Failed) -> None:
        """A notice did not arrive: told anew where its time was over, else given up."""
        if fact.kind == KIND and fact.code == EXPIRED:
            again = {"key": None, "tell_at": self._clock.now()}
            conn.execute(update(stuck_notice).where(_n.key == fact.key).values(again))
        elif fact.kind == KIND:
            conn.execute(delete(stuck_notice).where(_n.key == fact.key))


next_due = earliest(_n.tell_at, _n.key.is_(None), _OWED)
"""When a lead is next to be told something."""


def _list_due(conn: Connection, now: datetime) -> Sequence[tuple[int, int]]:
    due = select(_n.question_id, _n.member_id).where(_n.tell_at <= now, _n.key.is_(None), _OWED)
    return [(row[0], row[1]) for row in conn.execute(due.order_by(_n.tell_at).limit(BATCH))]


def _tell(conn: Connection, question_id: int, lead: int, now: datetime) -> None:
    """Queue the message to one lead, or put it off to their next free hour."""
    mine = (_n.question_id == question_id) & (_n.member_id == lead)
    home = conn.execute(
        select(_n.community_id).where(mine, _n.key.is_(None)).with_for_update()
    ).scalar_one_or_none()
    if home is None:
        return
    turn = find_notice_turn(conn, home, lead, now)
    if turn is None or draw_notice(conn, home, _ref(question_id, lead)) is None:
        conn.execute(delete(stuck_notice).where(mine))
        return
    if turn.expires is None:
        conn.execute(update(stuck_notice).where(mine).values(tell_at=turn.at))
        return
    key = f"{KIND}:{question_id}:{lead}:{now:%Y%m%d%H%M%S}"
    draft = Draft(
        community_id=home, space=turn.space, person=turn.person, verb=Verb.DIRECT, kind=KIND, priority=3, key=key,
        drawn=True, not_before=turn.at, expires_at=turn.expires, ref=_ref(question_id, lead),
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)
    conn.execute(update(stuck_notice).where(mine).values(key=key))


def _ref(question_id: int, lead: int) -> str:
    return f"q{question_id}/{lead}"


def draw_notice(conn: Connection, community_id: int, ref: str) -> Card | None:
    """What a lead is told, as it stands when it is said; None where nobody wants that any more."""
    head, _slash, lead = ref.partition("/")
    said = tables.find_question(conn, community_id, read_number(head, "q"))
    if said is None or said.member_id is None or not said.is_told:
        return None
    plan = plans.load_plan(conn, said.team_id)
    entry = plan.find(said.entry_id)
    reader = read_number(lead)
    if entry is None or reader not in leads_but(conn, plan.team_id, said.member_id):
        return None
    who = names_in(conn, plan, said.member_id).get(said.member_id, "")
    with speaking_to(conn, reader):
        return cards.stuck_notice_card(plan, entry, who, said.line)


def retention() -> tuple[Retention, ...]:
    """Who was told, of long ago."""
    return (old_rows("told leads", tables.KEPT, stuck_notice, lambda before: _n.tell_at < before),)
