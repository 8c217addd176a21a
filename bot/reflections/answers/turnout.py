"""The turnout of a prompt: how many answered in time, and the few answers that its digest quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Text, and_, case, exists, func, or_, select, type_coerce

from bot.people.audience import public_reader
from bot.people.small_groups import may_correct, may_tell
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers, part
from bot.reflections.answers.told_counts import ToldCount, find_told, store_told, told_count
from bot.reflections.schedule.asked_prompts import AskedPrompt, asking

QUOTED = 6
"""Answers quoted in a digest; the others are counted."""


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many answered in time, how many of them shared it with everyone, and the first `QUOTED` of those.

    `answered` is None where those who did not share are too few to be told; `at_least`: a few more may have answered since
    the card said this number. `worded` counts the shared ones with words in them, and `elsewhere` those of them that nobody
    can read in the prompt's own thread.
    """

    answered: int | None
    shared: int
    elsewhere: int
    quoted: Sequence[Answer]
    at_least: bool = False
    worded: int = 0


_THREADED = exists().where(part.c.answer_id == answer.c.id, part.c.via == "thread")
"""Their authors are seen in the thread, whatever they say of their answer afterwards."""


HAS_WORDS = exists().where(
    part.c.answer_id == answer.c.id,
    or_(part.c.value.is_(None), type_coerce(part.c.value, Text).not_like('%"reason":""}')),
)
"""Answers with words in them: who tapped and gave no reason is counted, and never named beside a number."""


def count_answered(conn: Connection, here: AskedPrompt) -> int | None:
    """How many answered a prompt in time; None where too few of them did so unseen.

    What its card said last stays, unless so many are there besides that the difference tells of nobody.
    """
    answered, named = _count_seen(conn, here)
    if not may_tell(answered, named):
        return None
    told = find_told(conn, here.id)
    return answered if told is None or may_correct(told.unseen, answered - named) else told.answered


def has_answered_prompt(conn: Connection, member_id: int, prompt_id: int) -> bool:
    """Whether a member's answer to a prompt of the bank is there, whenever it was asked."""
    query = (
        select(answer.c.id)
        .join(asking, asking.c.occurrence_id == answer.c.occurrence_id)
        .where(
            answer.c.member_id == member_id, asking.c.prompt_id == prompt_id, answer.c.withdrawn_at.is_(None)
        )
    )
    return conn.execute(query.limit(1)).first() is not None


def tell_count(conn: Connection, here: AskedPrompt) -> None:
    """Let the card of an open prompt say how many have answered by now, where that may be told."""
    answered, named = _count_seen(conn, here)
    told = find_told(conn, here.id)
    if may_tell(answered, named) and (told is None or may_correct(told.unseen, answered - named)):
        store_told(conn, here.community_id, here.id, ToldCount(answered, answered - named))


def told_now(conn: Connection, here: AskedPrompt) -> int | None:
    """How many answered in time, as it was counted at the end; None where too few of them are left unseen by now."""
    return None if here.answered is None else _told(here, _count_seen(conn, here)[1])


def _told(here: AskedPrompt, named: int) -> int | None:
    return here.answered if here.answered is not None and may_tell(here.answered, named) else None


def _count_seen(conn: Connection, here: AskedPrompt) -> list[int]:
    """How many answered in time, and how many of them are seen to have."""
    return _count(conn, here.id, is_seen(here.community_id))[:2]


def read_turnout(conn: Connection, here: AskedPrompt) -> Turnout:
    """What a digest says of a prompt; it reads no more answers than are quoted."""
    everyone = _is_public(here.community_id)
    worded = and_(everyone, HAS_WORDS)
    groups = (everyone, worded, and_(worded, ~_THREADED), is_seen(here.community_id))
    _, shared, readable, elsewhere, named, on_card = _count(conn, here.id, *groups)
    quoted = load_answers(conn, in_time(here.id), worded, limit=QUOTED, oldest=True)
    at_least = here.answered is not None and here.answered == on_card
    return Turnout(_told(here, named), shared, elsewhere, quoted, at_least, readable)


def is_threaded() -> ColumnElement[bool]:
    """Answers of which a message stands in the thread, so that whoever reads that sees their authors."""
    return _THREADED


def list_threaded(conn: Connection, answer_ids: Sequence[int]) -> set[int]:
    """Those of these answers of which a message stands in the thread."""
    there = select(part.c.answer_id).where(part.c.answer_id.in_(answer_ids), part.c.via == "thread")
    return set(conn.execute(there).scalars())


def is_seen(community_id: int) -> ColumnElement[bool]:
    """Answers whose authors are seen to have answered: by the answer itself, or by their message in the thread."""
    return or_(_is_public(community_id), _THREADED)


def _is_public(community_id: int) -> ColumnElement[bool]:
    return public_reader(community_id).condition(SHARED)


def in_time(occurrence_id: int) -> ColumnElement[bool]:
    """Answers to a prompt that came in time and stand."""
    return and_(answer.c.occurrence_id == occurrence_id, answer.c.late.is_(False), IS_GIVEN)


def _count(conn: Connection, occurrence_id: int, *groups: ColumnElement[bool]) -> list[int]:
    """How many answered in time, how many of them are in each of these groups, and the number on the card (0: none)."""
    counts = (func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in groups)
    said = select(told_count.c.answered).where(told_count.c.occurrence_id == occurrence_id).scalar_subquery()
    found = select(func.count(), *counts, func.coalesce(said, 0)).where(in_time(occurrence_id))
    row = conn.execute(found).one()
    return [int(each) for each in row]
