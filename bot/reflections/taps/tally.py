"""The tally of taps: how often each option was picked, counted once when a prompt closes, and when it may be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select

from bot.people.small_groups import may_tell
from bot.reflections.answers.tables import answer, part
from bot.reflections.answers.turnout import in_time, is_seen
from bot.reflections.prompts.model import Question
from bot.reflections.schedule.asked_prompts import AskedPrompt

picked = part.alias("picked")
"""The parts that hold a pick: not those by which an answer counts as given."""
_QUESTION = func.coalesce(picked.c.question, 0)


def is_of(numbers: Collection[int]) -> ColumnElement[bool]:
    """Whether a part belongs to one of these questions; what names none belongs to the first.

    The column itself is compared, for PostgreSQL knows what stands in a column and not what `coalesce` makes of it.
    """
    named = picked.c.question.in_(numbers)
    return or_(named, picked.c.question.is_(None)) if 0 in numbers else named


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """How often each option of a question was picked, in the order of the options."""

    question: int
    counts: tuple[int, ...]


def count_picks(conn: Connection, here: AskedPrompt) -> Mapping[str, Sequence[int]]:
    """The tallies that may be told, by the number of their question: each counts every member's last pick once.

    Nothing is left of the others: what is told of a prompt later is never more than what may be told when it closes.
    """
    tapped = [number for number, one in enumerate(here.prompt.questions) if one.answer.taps()]
    if not tapped:
        return {}
    rows = conn.execute(
        select(picked.c.answer_id, _QUESTION.label("question"), picked.c.value)
        .join(answer, answer.c.id == picked.c.answer_id)
        .where(in_time(here.id), picked.c.value.is_not(None), is_of(tapped))
        .order_by(func.coalesce(picked.c.edited_at, picked.c.said_at), picked.c.id)
    )
    last = {(row.question, row.answer_id): str(row.value["pick"]) for row in rows if "pick" in row.value}
    found = {}
    for number in tapped:
        picks = Counter(pick for (question, _answer), pick in last.items() if question == number)
        counts = _in_order(here.prompt.questions[number], picks)
        if may_tell(sum(counts), count_seen(conn, here, number)):
            found[str(number)] = counts
    return found


def _in_order(question: Question, picks: Mapping[str, int]) -> list[int]:
    return [picks.get(value, 0) for value, _label in question.answer.taps()]


def count_seen(conn: Connection, here: AskedPrompt, number: int) -> int:
    """How many of those who picked something are seen to have answered."""
    return conn.execute(
        select(func.count(func.distinct(answer.c.id)))
        .join(picked, picked.c.answer_id == answer.c.id)
        .where(in_time(here.id), is_seen(here.community_id))
        .where(picked.c.value.is_not(None), is_of((number,)))
    ).scalar_one()


def list_tallies(conn: Connection, here: AskedPrompt) -> tuple[QuestionTally, ...]:
    """What may be told now: what was counted when it closed, where enough of those people are still unseen."""
    return tuple(
        QuestionTally(int(number), tuple(counts))
        for number, counts in here.picked.items()
        if may_tell(sum(counts), count_seen(conn, here, int(number)))
    )
