"""Openings by linked accounts: what one account opened of the other's is no reader's look any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from bot.people.link_journal import set_row_aside
from bot.people.links import JoinStep, MemberLink
from bot.reflections.answers import linked_answers
from bot.reflections.answers.tables import answer
from bot.reflections.shared_answers.tables import opening


def set_opening_aside(conn: Connection, link: MemberLink, key: tuple[int, int], _now: datetime) -> None:
    """Count nobody among the readers of their own answers."""
    own = select(opening).where(opening.c.answer_id == key[0], opening.c.member_id == key[1])
    for row in conn.execute(own).mappings().all():
        set_row_aside(conn, link, opening, row)


def list_own(conn: Connection, link: MemberLink) -> list[tuple[int, int]]:
    """(answer, member) of what either account opened of what either said."""
    both = (link.keeper, link.joined)
    own = (
        select(opening.c.answer_id, opening.c.member_id)
        .join(answer, answer.c.id == opening.c.answer_id)
        .where(opening.c.member_id.in_(both), answer.c.member_id.in_(both))
    )
    return [(row[0], row[1]) for row in conn.execute(own)]


RULES = replace(
    linked_answers.RULES, join=(JoinStep(list_own, set_opening_aside), *linked_answers.RULES.join)
)
