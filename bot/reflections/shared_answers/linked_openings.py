"""Openings by linked accounts: what one account opened of the other's is no reader's look any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from bot.people.link_journal import set_row_aside
from bot.people.links import MemberLink
from bot.reflections.answers import linked_answers
from bot.reflections.answers.tables import answer
from bot.reflections.shared_answers.tables import opening


def join_answers(conn: Connection, link: MemberLink, now: datetime) -> None:
    """Join answers, and count nobody among the readers of their own."""
    both = (link.keeper, link.joined)
    own = (
        select(opening)
        .join(answer, answer.c.id == opening.c.answer_id)
        .where(opening.c.member_id.in_(both), answer.c.member_id.in_(both))
    )
    for row in conn.execute(own).mappings().all():
        set_row_aside(conn, link, opening, row)
    linked_answers.join_answers(conn, link, now)


RULES = replace(linked_answers.RULES, join=join_answers)
