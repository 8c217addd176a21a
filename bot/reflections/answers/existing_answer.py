"""What there is of a member's answer before another message is taken in, and opening an answer for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, exists, select, update

from bot.chat.models import Sharing
from bot.reflections.answers.tables import answer, part
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert


@dataclass(frozen=True, slots=True)
class ExistingAnswer:
    """What is there of a member's answer before another message is taken in.

    `part_of` is (answer id, occurrence id) of the answer this message is already a part of. The others are of the
    member's answer to the prompt, if there is one: `has_parts` is false when it has no part left.
    """

    part_of: tuple[int, int] | None
    answer_id: int | None
    first_at: datetime | None
    withdrawn_at: datetime | None
    replaced_at: datetime | None
    has_parts: bool
    sharing: Sharing | None

    @property
    def ended(self) -> bool:
        """Whether nothing of it is read any more: another message begins it anew, shared as is chosen then."""
        return self.withdrawn_at is not None or not self.has_parts

    @property
    def settled_at(self) -> datetime | None:
        """When it was last taken back or replaced by the form: no message from before may be a part of it again."""
        return max(filter(None, (self.withdrawn_at, self.replaced_at)), default=None)

    def has_settled(self, said_at: datetime, chosen_at: datetime | None) -> bool:
        """Whether a message came too early to be a part. One that was chosen was chosen after the form was sent."""
        if chosen_at is not None:
            return self.withdrawn_at is not None and chosen_at <= self.withdrawn_at
        return self.settled_at is not None and said_at <= self.settled_at


def _found() -> Select[Any]:
    given, whose = part.alias("given"), answer.alias("whose")
    return (
        select(
            *WHOLE,
            answer.c.id,
            answer.c.first_at,
            answer.c.withdrawn_at,
            answer.c.replaced_at,
            answer.c.sharing,
            exists().where(part.c.answer_id == answer.c.id).label("has_parts"),
            whose.c.id.label("given_to"),
            whose.c.occurrence_id.label("given_in"),
        )
        .select_from(
            asking.outerjoin(
                answer,
                and_(
                    answer.c.occurrence_id == asking.c.occurrence_id,
                    answer.c.member_id == bindparam("member_id"),
                ),
            )
            .outerjoin(given, given.c.source == bindparam("source"))
            .outerjoin(whose, whose.c.id == given.c.answer_id)
        )
        .where(
            asking.c.community_id == bindparam("community_id"),
            asking.c.occurrence_id == bindparam("occurrence_id"),
        )
    )


_FOUND = CompiledStatement(_found(), "community_id", "occurrence_id", "member_id", "source")


def find_existing_answer(
    conn: Connection, community_id: int, occurrence_id: int, member_id: int, source: str
) -> tuple[AskedPrompt, ExistingAnswer] | None:
    """A prompt that was asked, and what there is of a member's answer to it and of this source."""
    row = _FOUND.row(
        conn,
        {
            "community_id": community_id,
            "occurrence_id": occurrence_id,
            "member_id": member_id,
            "source": source,
        },
    )
    if row is None:
        return None
    given = None if row.given_to is None else (row.given_to, row.given_in)
    return asked_from(row), ExistingAnswer(
        given,
        row.id,
        row.first_at,
        row.withdrawn_at,
        row.replaced_at,
        row.has_parts,
        row.sharing and Sharing(row.sharing),
    )


_NEW_ANSWER = CompiledStatement(
    insert(answer).values(withdrawn_at=None, replaced_at=None).returning(answer.c.id),
    *("community_id", "occurrence_id", "member_id", "sharing", "first_at", "shared_at", "late"),
)


def open_answer(
    conn: Connection, here: AskedPrompt, member_id: int, sharing: Sharing, at: datetime, now: datetime
) -> tuple[int, bool]:
    """(id, whether it is new) of the member's one answer; an answer that was withdrawn is taken up again.

    `at` is when this was said, and `now` when it is shared with whoever may read it. What was said earlier may be heard later: the answer then begins earlier.
    """
    found = find_existing_answer(conn, here.community_id, here.id, member_id, "")
    if found is None:
        raise LookupError(f"occurrence {here.id} was never asked")
    return open_known_answer(conn, here, member_id, found[1], sharing, at, now)


def open_known_answer(
    conn: Connection,
    here: AskedPrompt,
    member_id: int,
    before: ExistingAnswer,
    sharing: Sharing,
    at: datetime,
    now: datetime,
) -> tuple[int, bool]:
    """`open_answer` for a caller that already knows what is there."""
    late = at > here.closes_at
    if before.answer_id is None:
        values = {
            "community_id": here.community_id,
            "occurrence_id": here.id,
            "member_id": member_id,
            "sharing": sharing.value,
            "first_at": at,
            "shared_at": now,
            "late": late,
        }
        made = _NEW_ANSWER.row(conn, values)
        if made is None:
            raise LookupError(f"no id came back for an answer to {here.id}")
        return made.id, True
    ours = update(answer).where(answer.c.id == before.answer_id)
    if before.ended:
        conn.execute(delete(part).where(part.c.answer_id == before.answer_id))
        settled = {"withdrawn_at": None, "replaced_at": before.settled_at}
        conn.execute(ours.values(sharing=sharing.value, first_at=at, shared_at=now, late=late, **settled))
        return before.answer_id, True
    begin_earlier(conn, here, before, at)
    return before.answer_id, False


def begin_earlier(conn: Connection, here: AskedPrompt, before: ExistingAnswer, at: datetime) -> None:
    """An answer begins with what was said first, also when that is heard last."""
    if before.first_at is not None and at < before.first_at:
        ours = update(answer).where(answer.c.id == before.answer_id)
        conn.execute(ours.values(first_at=at, late=at > here.closes_at))
