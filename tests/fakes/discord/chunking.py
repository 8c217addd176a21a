"""Members on request over the gateway, a thousand at a time (op 8)."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import shapes
from tests.fakes.discord.sessions import Intent, Session
from tests.fakes.discord.world import World

Json = dict[str, Any]
SIZE = 1000


def send_members(world: World, session: Session, data: Json) -> None:
    """GUILD_MEMBERS_CHUNK events. All members are listed only to those with the members intent."""
    guild = world.guilds.get(int(data.get("guild_id") or 0))
    if guild is None:
        return
    found, missing = list(guild.members.values()), []
    if data.get("user_ids"):
        asked = data["user_ids"] if isinstance(data["user_ids"], list) else [data["user_ids"]]
        found = [guild.members[int(u)] for u in asked if int(u) in guild.members]
        missing = [str(u) for u in asked if int(u) not in guild.members]
    else:
        query = (data.get("query") or "").lower()
        if not query and not session.intents & Intent.GUILD_MEMBERS:
            return  # Discord does not say what it does then; an answer never comes
        found = [m for m in found if world.users[m.user_id].username.startswith(query)]
        found = found[: data.get("limit") or None]
    pages = [found[i : i + SIZE] for i in range(0, len(found), SIZE)] or [[]]
    for i, page in enumerate(pages):
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": [shapes.member(world, guild, m) for m in page],
            "chunk_index": i,
            "chunk_count": len(pages),
        }
        if missing:
            chunk["not_found"] = missing
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.tell("GUILD_MEMBERS_CHUNK", chunk)
