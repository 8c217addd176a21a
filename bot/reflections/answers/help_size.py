"""How much help a member sees with a prompt: all hints, half of them, or none."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.reflections.answers import tables


def choose_help_size(chosen: str | None, count: int, recent: list[str]) -> str:
    """How much help a member sees: what they chose, else less as they grow, one size more when answers get thin.

    Shorter answers warn before fewer answers do. `recent` are the texts of their last answers.
    """
    if chosen in {"full", "half", "bare"}:
        return chosen
    sizes = ("full", "half", "bare")
    step = 0 if count < 4 else 1 if count < 12 else 2
    if recent and sum(len(text.split()) for text in recent) / len(recent) < 12:
        step = max(step - 1, 0)
    return sizes[step]


def find_help_size(conn: Connection, community_id: int, member_id: int, chosen: str | None) -> str:
    """How much help this member sees now."""
    recent = tables.list_own_answers(conn, community_id, member_id, since=None, find="", offset=0, limit=3)
    count = tables.count_answers(conn, community_id, member_id)
    return choose_help_size(chosen, count, [one.text for one in recent])
