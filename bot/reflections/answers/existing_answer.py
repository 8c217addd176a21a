"""What there is of a member's answer before another message is taken in, and opening an answer for it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from bot.chat.models import Sharing
from bot.reflections.answers.tables import answer, part
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.foresight import OWN_ROWS, LaterWork, SetQuestion, do_later, remember, take_answer
from bot.store.wanted import Key, SetStatement, reserve_ids


@dataclass(frozen=True, slots=True)
class ExistingAnswer:
    """What is there of a member's answer before another message is taken in.

    `part_of` is (answer id, occurrence id) of the answer this message is already a part of. `picked` is the source of the
    part that holds what it picked in words, and `pick_of` the answer of that. The others are of the
    member's answer to the prompt, if there is one: `has_parts` is false when it has no part left.
    """

    part_of: tuple[int, int] | None
    pick_of: tuple[int, int] | None
    picked: str
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


_GIVEN = ("community_id", "occurrence_id", "member_id", "source")


def _found(key: Key, rows: FromClause) -> Select[Any]:
    """A prompt that was asked, a member's answer to it, and the answer that a source is in, or picks something of."""
    given, whose, picked = part.alias("given"), answer.alias("whose"), part.alias("picked")
    has_parts = exists().where(part.c.answer_id == answer.c.id).correlate(answer).label("has_parts")
    told = (answer.c.first_at, answer.c.withdrawn_at, answer.c.replaced_at, answer.c.sharing, has_parts)
    theirs = and_(answer.c.occurrence_id == asking.c.occurrence_id, answer.c.member_id == key["member_id"])
    return select(
        *WHOLE,
        answer.c.id,
        *told,
        whose.c.id.label("given_to"),
        whose.c.occurrence_id.label("given_in"),
        picked.c.source.label("picked_as"),
    ).select_from(
        rows.outerjoin(answer, theirs)
        .outerjoin(given, given.c.source == key["source"])
        .outerjoin(picked, picked.c.said_in == key["source"])
        .outerjoin(whose, whose.c.id == func.coalesce(given.c.answer_id, picked.c.answer_id))
    )


def _is_asked(key: Key) -> ColumnElement[bool]:
    same_home = asking.c.community_id == key["community_id"]
    return and_(same_home, asking.c.occurrence_id == key["occurrence_id"])


def _for_one() -> Select[Any]:
    key: Key = {name: bindparam(name) for name in _GIVEN}
    return _found(key, asking).where(_is_asked(key))


def _for_many(wanted: CTE) -> Select[Any]:
    return _found(wanted.c, wanted.outerjoin(asking, _is_asked(wanted.c))).add_columns(wanted.c.n)


_FOUND = CompiledStatement(_for_one(), *_GIVEN)
_FOUND_OF_MANY = SetStatement(
    _for_many, community_id=Integer, occurrence_id=Integer, member_id=Integer, source=Text
)
_ANSWER_OF = SetQuestion.about(asking, answer, part)
_ID_FOR = SetQuestion.about(answer)


def find_existing_answer(
    conn: Connection, community_id: int, occurrence_id: int, member_id: int, source: str
) -> tuple[AskedPrompt, ExistingAnswer] | None:
    """A prompt that was asked, and what there is of a member's answer to it and of this source."""
    key = (community_id, occurrence_id, member_id, source)
    known: tuple[AskedPrompt, ExistingAnswer] | None = take_answer(conn, _ANSWER_OF, key)
    if known is not None:
        return known
    row = _FOUND.row(conn, dict(zip(_GIVEN, key, strict=True)))
    return None if row is None else (asked_from(row), _existing_in(row))


def foresee_answers(conn: Connection, keys: Sequence[tuple[int, int, int, str]]) -> None:
    """Let `find_existing_answer` know what it is going to be asked, and new answers their ids."""
    prompts: dict[int, AskedPrompt] = {}
    found: dict[Hashable, Any] = {}
    new: list[Hashable] = []
    for row in _FOUND_OF_MANY.rows(conn, keys):
        if (here := row.occurrence_id) is None:
            continue
        key = keys[row.n]
        prompt = prompts.get(here) or prompts.setdefault(here, asked_from(row))
        found[key] = prompt, _existing_in(row)
        if row.id is None:
            new.append(key[1:3])
    remember(conn, _ANSWER_OF, found)
    if new:
        remember(conn, _ID_FOR, dict(zip(new, reserve_ids(conn, answer, len(new)), strict=True)))


def _existing_in(row: Any) -> ExistingAnswer:
    given = None if row.given_to is None else (row.given_to, row.given_in)
    part_of, pick_of = (given, None) if row.picked_as is None else (None, given)
    return ExistingAnswer(
        part_of, pick_of, row.picked_as or "", row.id, row.first_at, row.withdrawn_at, row.replaced_at, row.has_parts, row.sharing and Sharing(row.sharing)
    )  # fmt: skip


_OF_ANSWER = ("community_id", "occurrence_id", "member_id", "sharing", "first_at", "shared_at", "late")
_NEW = insert(answer).values(withdrawn_at=None, replaced_at=None)
_NEW_ANSWER = CompiledStatement(_NEW.returning(answer.c.id), *_OF_ANSWER)
_NEW_WITH_ID = CompiledStatement(_NEW.inline(), "id", *_OF_ANSWER)
_NEW_LATER = LaterWork(2, _NEW_WITH_ID.run_all)


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
        made_id: int | None = take_answer(conn, _ID_FOR, (here.id, member_id))
        if made_id is not None:
            do_later(conn, _NEW_LATER, {**values, "id": made_id})
            return made_id, True
        made = _NEW_ANSWER.row(conn, values)
        if made is None:
            raise LookupError(f"no id came back for an answer to {here.id}")
        return made.id, True
    if before.ended:
        ours = update(answer).where(answer.c.id == before.answer_id)
        conn.execute(delete(part).where(part.c.answer_id == before.answer_id))
        settled = {"withdrawn_at": None, "replaced_at": before.settled_at}
        conn.execute(ours.values(sharing=sharing.value, first_at=at, shared_at=now, late=late, **settled))
        return before.answer_id, True
    begin_earlier(conn, here, before, at)
    return before.answer_id, False


def begin_earlier(conn: Connection, here: AskedPrompt, before: ExistingAnswer, at: datetime) -> None:
    """An answer begins with what was said first, also when that is heard last."""
    if before.first_at is not None and at < before.first_at:
        ours = update(answer).execution_options(**OWN_ROWS).where(answer.c.id == before.answer_id)
        conn.execute(ours.values(first_at=at, late=at > here.closes_at))
