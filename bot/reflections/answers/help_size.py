"""How much help a member sees with a prompt: all hints, half of them, or none."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.reflections.answers import tables

HALF_FROM, BARE_FROM = 4, 12
"""How many answers a member has given when they see fewer hints, and when they see none."""


def choose_help_size(chosen: str | None, count: int) -> str:
    """How much help a member sees: what they chose, else less as they grow.

    It does not depend on how long their answers are: a card that asks for ten words, or for a tap, gets them.
    """
    if chosen in {"full", "half", "bare"}:
        return chosen
    return "full" if count < HALF_FROM else "half" if count < BARE_FROM else "bare"


def find_help_size(conn: Connection, community_id: int, member_id: int, chosen: str | None) -> str:
    """How much help this member sees now."""
    return choose_help_size(chosen, tables.count_answers(conn, community_id, member_id))
