"""What other services are told of a discussion that was posted, drawn when they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bot.chat.parsing.button_values import read_number
from bot.discussions import tables


def draw_discussion(conn: Connection, community_id: int, about: str) -> Mapping[str, Any] | None:
    """A discussion (`12`) with its place and its meeting; None: it is gone, or its meeting is called off."""
    row = tables.find_discussion(conn, community_id, read_number(about))
    if row is None or row.called_off_at is not None:
        return None
    return {
        "discussion": str(row.id), "title": row.name or "", "space": row.space, "channel": row.channel,
        "meets_at": None if row.meets_at is None else row.meets_at.isoformat(),
        "ends_at": None if row.ends_at is None else row.ends_at.isoformat(),
    }  # fmt: skip
