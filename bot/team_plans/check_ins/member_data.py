"""A member's check-ins: what is forgotten, what is handed over, and how long they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.courses.teams.tables import team
from bot.store.retention import Retention
from bot.team_plans.check_ins.tables import KEPT, plan_check, plan_question

_check, _question = plan_check.c, plan_question.c


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget what a member was asked; what they said in a plan stays, and nobody said it."""
    mine = (_question.community_id == community_id) & (_question.member_id == member_id)
    conn.execute(delete(plan_question).where(mine, _question.shown.is_(False)))
    conn.execute(update(plan_question).where(mine).values(member_id=None, again_at=None))


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """What a member was asked, and what they said."""
    mine = (_question.community_id == community_id) & (_question.member_id == member_id)
    query = (
        select(plan_question, _check.day, team.c.name)
        .join(plan_check, _check.id == _question.check_id)
        .join(team, team.c.id == _question.team_id)
    )
    return [
        {
            "team": row.name, "day": row.day.isoformat(), "said": row.state.value if row.state is not None else None,
            "line": row.words.get("line"), "in the plan": row.shown,
            "said at": row.said_at.isoformat() if row.said_at is not None else None,
        }
        for row in conn.execute(query.where(mine).order_by(_question.id))
    ]  # fmt: skip


def retention() -> tuple[Retention, ...]:
    """Check-ins of long ago, with their questions."""

    def find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
        return list(
            conn.execute(
                select(_check.id).where(_check.made_at < before).order_by(_check.id).limit(limit)
            ).scalars()
        )

    def remove(conn: Connection, found: Sequence[Any], before: datetime) -> int:
        old = select(_check.id).where(_check.id.in_(found), _check.made_at < before)
        conn.execute(delete(plan_question).where(_question.check_id.in_(old)))
        return conn.execute(delete(plan_check).where(_check.id.in_(found), _check.made_at < before)).rowcount

    return (Retention("check-ins", KEPT, find, remove, tables=(plan_check, plan_question)),)
