"""Options that a community set in chat, such as where moderators are told of trouble."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, delete, select

from bot.store.dialect import upsert
from bot.store.schema import metadata
from bot.store.types import Json

community_option = Table(
    "community_option",
    metadata,
    Column("community_id", ForeignKey("community.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
)

_CHOOSE = upsert(community_option, by=("community_id", "name"), change=("value",))


def set_option(conn: Connection, community_id: int, name: str, value: Any) -> None:
    """Store an option as JSON; None removes it."""
    if value is None:
        ours = (community_option.c.community_id == community_id) & (community_option.c.name == name)
        conn.execute(delete(community_option).where(ours))
        return
    conn.execute(_CHOOSE, {"community_id": community_id, "name": name, "value": value})


def option_of(conn: Connection, community_id: int, name: str) -> Any:
    """The value of an option, or None where the community set none."""
    ours = (community_option.c.community_id == community_id) & (community_option.c.name == name)
    return conn.execute(select(community_option.c.value).where(ours)).scalar_one_or_none()
