"""Servers, their members and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.discord import shapes
from tests.fakes.discord.errors import Complaints, missing_access, missing_permissions, not_found
from tests.fakes.discord.permissions import May, in_guild
from tests.fakes.discord.routes import Answer, Routes
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord.world import Guild, Member, Role

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]


def _mine(rig: Rig, call: Call, needed: May | None = None) -> Guild:
    """The server, if the bot is in it and may do this there."""
    guild = rig.world.guild(call.args[0])
    if rig.world.bot.id not in guild.members:
        raise missing_access()
    if needed and not in_guild(guild, rig.world.bot.id) & needed:
        raise missing_permissions()
    return guild


def _member(guild: Guild, id: str) -> Member:
    found = guild.members.get(int(id))
    if found is None:
        raise not_found("Member")
    return found


def look(rig: Rig, call: Call) -> Answer:
    guild = _mine(rig, call)
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return shapes.guild(rig.world, guild) | (counts if call.query.get("with_counts") else {})


def mine(rig: Rig, call: Call) -> Answer:
    me = rig.world.bot.id
    return [shapes.my_guild(rig.world, g) for g in rig.world.guilds.values() if me in g.members]


def leave(rig: Rig, call: Call) -> Answer:
    rig.remove_bot(_mine(rig, call))
    return None


def members(rig: Rig, call: Call) -> Answer:
    """All members in order of id; needs the members intent to be switched on for the application."""
    guild = _mine(rig, call)
    if not rig.gateway.portal & Intent.GUILD_MEMBERS:
        raise missing_access()
    after = int(call.query.get("after", 0))
    limit = int(call.query.get("limit", 1))
    wrong = Complaints()
    wrong.whole("limit", limit, 1, 1000)
    wrong.refuse_if_any()
    page = sorted(u for u in guild.members if u > after)[:limit]
    return [shapes.member(rig.world, guild, guild.members[u]) for u in page]


def member(rig: Rig, call: Call) -> Answer:
    guild = _mine(rig, call)
    return shapes.member(rig.world, guild, _member(guild, call.args[1]))


def search(rig: Rig, call: Call) -> Answer:
    guild = _mine(rig, call)
    start, limit = call.query.get("query", "").lower(), int(call.query.get("limit", 1))
    named = [
        m
        for u, m in guild.members.items()
        if (m.nick or "").lower().startswith(start) or rig.world.users[u].name.lower().startswith(start)
    ]
    return [shapes.member(rig.world, guild, m) for m in named[:limit]]


def _highest(guild: Guild, user_id: int) -> int:
    return max((guild.roles[r].position for r in guild.members[user_id].roles), default=0)


def give_role(rig: Rig, call: Call) -> Answer:
    guild = _mine(rig, call, May.MANAGE_ROLES)
    it, role = _member(guild, call.args[1]), guild.roles.get(int(call.args[2]))
    if role is None:
        raise not_found("Role")
    if role.position >= _highest(guild, rig.world.bot.id) and guild.owner_id != rig.world.bot.id:
        raise missing_permissions()
    if role.id not in it.roles:
        it.roles.append(role.id)
        rig.news.member("GUILD_MEMBER_UPDATE", guild, it.user_id)
    return None


def take_role(rig: Rig, call: Call) -> Answer:
    guild = _mine(rig, call, May.MANAGE_ROLES)
    it, role_id = _member(guild, call.args[1]), int(call.args[2])
    if role_id in it.roles:
        it.roles.remove(role_id)
        rig.news.member("GUILD_MEMBER_UPDATE", guild, it.user_id)
    return None


def roles(rig: Rig, call: Call) -> Answer:
    return [shapes.role(r) for r in _mine(rig, call).roles.values()]


def make_role(rig: Rig, call: Call) -> Answer:
    guild = _mine(rig, call, May.MANAGE_ROLES)
    role = Role(
        rig.world.ids.next(),
        call.json.get("name", "new role"),
        int(call.json.get("permissions", 0)),
        position=1,
        mentionable=call.json.get("mentionable", False),
    )
    guild.roles[role.id] = role
    rig.news.role("GUILD_ROLE_CREATE", guild, role)
    return shapes.role(role)


def change_me(rig: Rig, call: Call) -> Answer:
    guild = _mine(rig, call, May.CHANGE_NICKNAME)
    it = guild.members[rig.world.bot.id]
    it.nick = call.json.get("nick", it.nick)
    rig.news.member("GUILD_MEMBER_UPDATE", guild, it.user_id)
    return shapes.member(rig.world, guild, it)


ROUTES: Routes = {
    "GET /guilds/{}": look,
    "GET /users/@me/guilds": mine,
    "DELETE /users/@me/guilds/{}": leave,
    "GET /guilds/{}/members": members,
    "GET /guilds/{}/members/search": search,
    "GET /guilds/{}/members/{}": member,
    "PATCH /guilds/{}/members/@me": change_me,
    "PUT /guilds/{}/members/{}/roles/{}": give_role,
    "DELETE /guilds/{}/members/{}/roles/{}": take_role,
    "GET /guilds/{}/roles": roles,
    "POST /guilds/{}/roles": make_role,
}
