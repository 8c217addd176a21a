"""The answers to some prompts that were shared last, of those a reader may read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from bot.people.audience import Reader
from bot.reflections.answers.tables import SHARED, answer


def list_newest(
    conn: Connection, reader: Reader, prompts: Iterable[int], fit: ColumnElement[bool], limit: int
) -> list[tuple[datetime, int]]:
    """Since when they are shared, and which answers, the latest first.

    Each circle of each prompt is read in the order of its index and no further than the page, however many there are.
    """
    at, number = answer.c.shared_at, answer.c.id
    found: list[tuple[datetime, int]] = []
    for occurrence_id in prompts:
        for circle in reader.circles(SHARED):
            page = select(at, number).where(answer.c.occurrence_id == occurrence_id, circle, fit)
            rows = conn.execute(page.order_by(at.desc(), number.desc()).limit(limit))
            found += [(row.shared_at, row.id) for row in rows]
    return sorted(found, reverse=True)[:limit]
