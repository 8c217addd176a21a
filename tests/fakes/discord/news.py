"""What happened, told to the bot: each change of the world as the gateway event Discord sends for it."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import shapes, speech
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.ids import iso
from tests.fakes.discord.permissions import in_channel
from tests.fakes.discord.sessions import Intent, Session
from tests.fakes.discord.world import Channel, Guild, Message, Role, User, World

Json = dict[str, Any]


class News:
    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    # ── messages ──────────────────────────────────────────────────────────────

    def message(self, event: str, place: Channel, it: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, empty for sessions without the message-content intent."""
        if not self._sees(place):
            return

        def build(session: Session) -> Json:
            blind = not session.intents & Intent.MESSAGE_CONTENT
            hidden = blind and speech.is_hidden(self._world, place, it)
            data = speech.message(self._world, it, hidden=hidden) | self._where(place, it.author_id)
            own = it.author_id == self._world.bot.id
            return data | {"nonce": it.nonce} if own and it.nonce is not None else data

        self._gateway.tell(event, build, place.guild_id, _messages(place))

    def ephemeral(self, it: Message, place: Channel) -> None:
        """An ephemeral message comes back as if it were a direct one: without guild (docs gateway-events)."""
        data = speech.message(self._world, it)
        data["channel_type"] = place.type
        self._gateway.tell("MESSAGE_CREATE", data, None, Intent.DIRECT_MESSAGES)

    def message_gone(self, place: Channel, message_id: int) -> None:
        self._tell_here("MESSAGE_DELETE", {"id": str(message_id)}, place, _messages(place))

    def reaction(self, event: str, place: Channel, it: Message, user: User, emoji: str) -> None:
        data: Json = {
            "user_id": str(user.id),
            "message_id": str(it.id),
            "emoji": speech.emoji_shape(emoji),
            "burst": False,
            "type": 0,
        }
        if event.endswith("_ADD"):
            data["message_author_id"] = str(it.author_id)
            guild = self._world.guilds.get(place.guild_id or 0)
            if guild is not None and user.id in guild.members:
                data["member"] = shapes.member(self._world, guild, guild.members[user.id])
        direct = place.guild_id is None
        needs = Intent.DIRECT_MESSAGE_REACTIONS if direct else Intent.GUILD_MESSAGE_REACTIONS
        self._tell_here(event, data, place, needs)

    def pins(self, place: Channel) -> None:
        pinned = [m.pinned_at for m in place.messages.values() if m.pinned_at]
        data: Json = {"last_pin_timestamp": iso(max(pinned)) if pinned else None}
        self._tell_here("CHANNEL_PINS_UPDATE", data, place, None if place.guild_id is None else Intent.GUILDS)

    # ── channels and threads ──────────────────────────────────────────────────

    def channel(self, event: str, it: Channel) -> None:
        if it.guild_id is not None:
            data = shapes.channel(self._world, it)
            self._gateway.tell(event, data, it.guild_id, Intent.GUILDS)

    def thread(self, event: str, it: Channel, **more: Any) -> None:
        if self._sees(it):
            data = shapes.thread(self._world, it) | more
            self._gateway.tell(event, data, it.guild_id, Intent.GUILDS)

    def thread_gone(self, it: Channel) -> None:
        data = {
            "id": str(it.id),
            "guild_id": str(it.guild_id),
            "parent_id": str(it.parent_id),
            "type": it.type,
        }
        self._gateway.tell("THREAD_DELETE", data, it.guild_id, Intent.GUILDS)

    def thread_members(self, it: Channel, added: list[int], removed: list[int]) -> None:
        guild = self._world.guilds[it.guild_id or 0]

        def build(session: Session) -> Json | None:
            mine = self._world.bot.id in (*added, *removed)
            if not (mine or session.intents & Intent.GUILD_MEMBERS):
                return None
            told = [
                shapes.thread_member(it, u)
                | {"member": shapes.member(self._world, guild, guild.members[u]), "presence": None}
                for u in added
            ]
            return {
                "id": str(it.id),
                "guild_id": str(it.guild_id),
                "member_count": min(50, len(it.thread_members)),
                "added_members": told,
                "removed_member_ids": [str(u) for u in removed],
            }

        self._gateway.tell("THREAD_MEMBERS_UPDATE", build, it.guild_id)

    # ── servers and people ────────────────────────────────────────────────────

    def guild_joined(self, it: Guild, *, back: bool = False) -> None:
        """The bot was added to a server, or the server came `back`: only then `unavailable` is told."""

        def build(session: Session) -> Json:
            presences = bool(session.intents & Intent.GUILD_PRESENCES)
            data = shapes.guild_create(self._world, it, presences=presences)
            if not back:
                del data["unavailable"]
            return data

        self._gateway.tell("GUILD_CREATE", build, it.id, Intent.GUILDS)

    def guild_gone(self, it: Guild, *, outage: bool = False) -> None:
        """The bot was removed, or (`outage`) the server cannot be reached for now."""
        data: Json = {"id": str(it.id)} | ({"unavailable": True} if outage else {})
        self._gateway.tell("GUILD_DELETE", data, it.id, Intent.GUILDS)

    def guild_changed(self, it: Guild) -> None:
        self._gateway.tell("GUILD_UPDATE", shapes.guild(self._world, it), it.id, Intent.GUILDS)

    def member(self, event: str, guild: Guild, user_id: int) -> None:
        """GUILD_MEMBER_ADD, _UPDATE or _REMOVE. Without the members intent only about the bot itself."""
        if event == "GUILD_MEMBER_REMOVE":
            data: Json = {"user": shapes.user(self._world.users[user_id])}
        else:
            data = shapes.member(self._world, guild, guild.members[user_id])
        data["guild_id"] = str(guild.id)
        own = event == "GUILD_MEMBER_UPDATE" and user_id == self._world.bot.id
        self._gateway.tell(event, data, guild.id, None if own else Intent.GUILD_MEMBERS)

    def role(self, event: str, guild: Guild, it: Role) -> None:
        data: Json = {"guild_id": str(guild.id)}
        data |= {"role_id": str(it.id)} if event == "GUILD_ROLE_DELETE" else {"role": shapes.role(it)}
        self._gateway.tell(event, data, guild.id, Intent.GUILDS)

    def event(self, name: str, guild_id: int, data: Json) -> None:
        self._gateway.tell(name, data, guild_id, Intent.GUILD_SCHEDULED_EVENTS)

    def interaction(self, data: Json, guild_id: int | None) -> None:
        """Interactions need no intent."""
        self._gateway.tell("INTERACTION_CREATE", data, guild_id)

    # ── inside ────────────────────────────────────────────────────────────────

    def _sees(self, place: Channel) -> bool:
        return bool(in_channel(self._world, place, self._world.bot.id))

    def _tell_here(self, event: str, data: Json, place: Channel, needs: Intent | None) -> None:
        if not self._sees(place):
            return
        data["channel_id"] = str(place.id)
        if place.guild_id is not None:
            data["guild_id"] = str(place.guild_id)
        self._gateway.tell(event, data, place.guild_id, needs)

    def _where(self, place: Channel, author_id: int) -> Json:
        if place.guild_id is None:
            return {"channel_type": place.type}
        guild = self._world.guilds[place.guild_id]
        where: Json = {"guild_id": str(place.guild_id), "channel_type": place.type}
        if author_id in guild.members:
            member = guild.members[author_id]
            where["member"] = shapes.member(self._world, guild, member, with_user=False)
        return where


def _messages(place: Channel) -> Intent:
    return Intent.DIRECT_MESSAGES if place.guild_id is None else Intent.GUILD_MESSAGES
