"""Removed entries of plans: what nobody brought back goes for good, as long after that as the history goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.chat.language import N_
from bot.store.retention import Retention
from bot.team_plans.check_ins.tables import plan_check, plan_question
from bot.team_plans.model import DEPENDENT
from bot.team_plans.tables import HISTORY_KEPT, plan_entry, plan_revision

_c = plan_entry.c


def retention() -> tuple[Retention, ...]:
    """What was removed from plans long ago, with whatever is nothing without it."""
    words = N_("what you remove from your team’s plan")
    kind = Retention(
        "removed parts of plans", HISTORY_KEPT, _find, _remove, words, tables=(plan_entry,), whole=False
    )
    return (kind,)


def _find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
    query = select(_c.id).where(_c.gone_at < before).order_by(_c.id).limit(limit)
    return list(conn.execute(query).scalars())


def _remove(conn: Connection, found: Sequence[Any], before: datetime) -> int:
    gone = set(conn.execute(select(_c.id).where(_c.id.in_(found), _c.gone_at < before)).scalars())
    hanging = select(_c.id).where(_c.about_id.in_(gone), _c.part.in_(DEPENDENT))
    every = gone | set(conn.execute(hanging).scalars())
    for table in (plan_question, plan_check, plan_revision):
        conn.execute(delete(table).where(table.c.entry_id.in_(every)))
    conn.execute(delete(plan_entry).where(_c.id.in_(every)))
    return len(gone)
