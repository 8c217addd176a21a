"""Spaces that change hands: a community whose data is empty moves, with its spaces and people, into another one."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from bot.people.tables import space
from bot.store.schema import metadata

MOVED = (
    "space", "member", "account", "presence", "preferences", "away", "seen_note", "audit", "place_look", "outbox",
    "link_code", "link_try",
)  # fmt: skip
"""Tables of who is there and what they chose; all of it moves."""
LEFT = ("community_option", "alert")
"""What is set anew where the space goes; it is removed."""
CONTENT = {"prompt": "origin", "course": ""}
"""What every community has from the content files; of a table with an origin, only what came from a file."""


def find_data(conn: Connection, community_id: int) -> str | None:
    """The first table in which a community has data of its own; None where it has none yet."""
    for name, table in sorted(metadata.tables.items()):
        if name in (*MOVED, *LEFT) or "community_id" not in table.c:
            continue
        found = select(table.c.community_id).where(table.c.community_id == community_id)
        if origin := CONTENT.get(name):
            found = found.where(table.c[origin] != "file")
        elif name in CONTENT:
            continue
        if conn.execute(found.limit(1)).first() is not None:
            return name
    return None


def move_spaces(conn: Connection, community_id: int, into: int) -> list[str]:
    """Move the spaces of a community without data into another one, and everybody in them; the spaces."""
    keys = list(conn.execute(select(space.c.key).where(space.c.community_id == community_id)).scalars())
    for name in LEFT:
        table = metadata.tables[name]
        conn.execute(delete(table).where(table.c.community_id == community_id))
    for name in MOVED:
        table = metadata.tables[name]
        conn.execute(update(table).where(table.c.community_id == community_id).values(community_id=into))
    return keys


def space_name(conn: Connection, space_key: str) -> str:
    """The name of a space, as its platform shows it."""
    name: str | None = conn.execute(select(space.c.name).where(space.c.key == space_key)).scalar_one_or_none()
    return name or space_key
