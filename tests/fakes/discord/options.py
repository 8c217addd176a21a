"""The options of a slash command as Discord's client sends them: typed, checked, and with what they point at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import shapes, speech
from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.world import Channel, Message, Role, User

if TYPE_CHECKING:
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
SUB, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, ANYBODY, NUMBER, FILE = range(1, 12)


def descend(command: Json, path: list[str]) -> tuple[list[Json], list[Json]]:
    """The sub-commands along a path, outermost first, and the options of the last one."""
    chain: list[Json] = []
    options = command.get("options") or []
    for word in path:
        found = next((o for o in options if o["type"] in (SUB, GROUP) and o["name"] == word), None)
        if found is None:
            raise Impossible(f"/{command['name']} has no sub-command {word!r}")
        chain.append(found)
        options = found.get("options") or []
    if any(o["type"] in (SUB, GROUP) for o in options):
        raise Impossible(
            f"/{command['name']} {' '.join(path)} needs a sub-command: {[o['name'] for o in options]}"
        )
    return chain, options


def filled(rig: Rig, options: list[Json], values: Mapping[str, Any], focus: str | None = None) -> list[Json]:
    """Option values in the order of the command; `focus` is the one being typed, which is not checked."""
    names = {o["name"] for o in options}
    given = {_name(k, names): v for k, v in values.items()}
    result: list[Json] = []
    for option in options:
        name = option["name"]
        if name not in given:
            if option.get("required") and focus is None:
                raise Impossible(f"the option {name} is required")
            continue
        if name == focus:
            result.append({"name": name, "type": option["type"], "value": given[name], "focused": True})
        else:
            value = _value(rig, option, given[name])
            result.append({"name": name, "type": option["type"], "value": value})
    return result


def _name(name: str, known: set[str]) -> str:
    for candidate in (name, name.replace("_", "-"), name.rstrip("_")):
        if candidate in known:
            return candidate
    raise Impossible(f"there is no option {name!r}, only {sorted(known)}")


def _value(rig: Rig, option: Json, value: Any) -> Any:
    kind, name = option["type"], option["name"]
    choices = option.get("choices") or []
    if choices:
        for choice in choices:
            if value in (choice["value"], choice["name"]):
                return choice["value"]
        raise Impossible(f"{value!r} is no choice of {name}: {[c['name'] for c in choices]}")
    if kind == STRING:
        most, least = option.get("max_length") or 6000, option.get("min_length") or 0
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise Impossible(f"{name} takes {least} to {most} characters")
    elif kind in (INTEGER, NUMBER):
        if isinstance(value, bool) or not isinstance(value, int if kind == INTEGER else int | float):
            raise Impossible(f"{name} takes a number")
        low, high = option.get("min_value"), option.get("max_value")
        if (low is not None and value < low) or (high is not None and value > high):
            raise Impossible(f"{name} takes {low} to {high}")
    elif kind == BOOLEAN:
        if not isinstance(value, bool):
            raise Impossible(f"{name} takes True or False")
    elif kind == FILE:
        filename, data = value
        return _uploaded(rig, filename, data)
    else:
        return str(_pointed(kind, name, value).id)
    return value


def _pointed(kind: int, name: str, value: Any) -> User | Role | Channel:
    fits: tuple[type[Any], ...] = {USER: (User,), CHANNEL: (Channel,), ROLE: (Role,), ANYBODY: (User, Role)}[
        kind
    ]
    if not isinstance(value, fits):
        raise Impossible(f"{name} takes a {' or '.join(f.__name__.lower() for f in fits)}")
    found: User | Role | Channel = value
    return found


def _uploaded(rig: Rig, filename: str, data: bytes) -> str:
    id = str(rig.world.ids.next())
    path = f"/attachments/0/{id}/{filename}"
    rig.uploads[path] = data
    rig.attached[id] = {
        "id": id,
        "filename": filename,
        "size": len(data),
        "url": rig.base + path,
        "proxy_url": rig.base + path,
        "content_type": "application/octet-stream",
    }
    return id


def resolved(rig: Rig, place: Channel, by: User, pairs: list[tuple[int, str]]) -> Json:
    """What ids of these kinds point at, as Discord sends it along."""
    world, guild = rig.world, rig.world.guilds.get(place.guild_id or 0)
    found: dict[str, dict[str, Json]] = {}
    for kind, id in pairs:
        number = int(id)
        if kind in (USER, ANYBODY) and number in world.users:
            found.setdefault("users", {})[id] = shapes.user(world.users[number])
            if guild and number in guild.members:
                it = shapes.interaction_member(world, guild, guild.members[number], place)
                del it["user"]
                found.setdefault("members", {})[id] = it
        elif kind in (ROLE, ANYBODY) and guild and number in guild.roles:
            found.setdefault("roles", {})[id] = shapes.role(guild.roles[number])
        elif kind == CHANNEL:
            it = shapes.partial_channel(world, world.channels[number], by.id)
            found.setdefault("channels", {})[id] = it
        elif kind == FILE:
            found.setdefault("attachments", {})[id] = rig.attached[id]
    return found


def resolved_message(rig: Rig, message: Message) -> Json:
    """The target of a message command is whole, whatever the bot's intents are."""
    return {"messages": {str(message.id): speech.message(rig.world, message)}}
