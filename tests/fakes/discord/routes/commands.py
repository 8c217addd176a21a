"""Application commands: overwritten in bulk, or one at a time; making new ones is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.command_limits import SLASH, check_command, check_commands
from tests.fakes.discord.errors import DiscordError, missing_access, not_found
from tests.fakes.discord.routes import Answer, Routes

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
CREATES_A_DAY = 200


def _scope(rig: Rig, call: Call) -> int | None:
    """None for global commands, else the server."""
    if int(call.args[0]) != rig.world.app_id:
        raise missing_access()
    if "/guilds/" not in call.route:
        return None
    guild = rig.world.guild(call.args[1])
    if rig.world.bot.id not in guild.members:
        raise missing_access()
    return guild.id


def _one(rig: Rig, call: Call) -> Json:
    scope, id = _scope(rig, call), call.args[-1]
    for command in rig.commands.get(scope, []):
        if command["id"] == id:
            return command
    raise not_found("application command")


def listed(rig: Rig, call: Call) -> Answer:
    return list(rig.commands.get(_scope(rig, call), []))


def overwrite(rig: Rig, call: Call) -> Answer:
    """Replace all commands of a scope. Those whose kind and name existed keep their id and are not counted."""
    scope = _scope(rig, call)
    check_commands(call.body)
    old = {(c["type"], c["name"]): c for c in rig.commands.get(scope, [])}
    fresh = [c for c in call.body if (c.get("type", SLASH), c["name"]) not in old]
    _count(rig, scope, len(fresh))
    rig.commands[scope] = [
        _kept(rig, scope, c, old.get((c.get("type", SLASH), c["name"]))) for c in call.body
    ]
    return rig.commands[scope]


def _count(rig: Rig, scope: int | None, new: int) -> None:
    """Refuse more than 200 new commands in a day (code 30034)."""
    day = rig.world.now() - timedelta(days=1)
    made = [at for at in rig.command_creates.get(scope, []) if at > day]
    if len(made) + new > CREATES_A_DAY:
        raise DiscordError(
            429, 30034, "Max number of daily application command creates has been reached (200)"
        )
    rig.command_creates[scope] = made + [rig.world.now()] * new


def _kept(rig: Rig, scope: int | None, command: Json, old: Json | None) -> Json:
    shape: Json = {
        "type": SLASH,
        "description": "",
        "options": [],
        "default_member_permissions": None,
        "nsfw": False,
        "integration_types": [0],
        "contexts": None,
        "name_localizations": None,
        "description_localizations": None,
    }
    shape |= {k: v for k, v in command.items() if v is not None}
    shape |= {
        "id": old["id"] if old else str(rig.world.ids.next()),
        "application_id": str(rig.world.app_id),
        "version": str(rig.world.ids.next()),
    }
    if scope is not None:
        shape["guild_id"] = str(scope)
    return shape


def create(rig: Rig, call: Call) -> Answer:
    """A new command; one with the same kind and name is replaced."""
    scope = _scope(rig, call)
    check_command(call.json)
    same = [c for c in rig.commands.get(scope, []) if _key(c) == _key(call.json)]
    rest = [c for c in rig.commands.get(scope, []) if c not in same]
    check_commands([*rest, call.json])
    _count(rig, scope, 0 if same else 1)
    command = _kept(rig, scope, call.json, same[0] if same else None)
    rig.commands[scope] = [*rest, command]
    return command


def _key(command: Json) -> tuple[int, str]:
    return command.get("type", SLASH), command.get("name", "")


def look(rig: Rig, call: Call) -> Answer:
    return _one(rig, call)


def change(rig: Rig, call: Call) -> Answer:
    command = _one(rig, call)
    after = command | call.json
    check_command(after)
    command.update(after)
    return command


def remove(rig: Rig, call: Call) -> Answer:
    command = _one(rig, call)
    rig.commands[_scope(rig, call)].remove(command)
    return None


ROUTES: Routes = {}
for _path in ("/applications/{}/commands", "/applications/{}/guilds/{}/commands"):
    ROUTES |= {
        f"GET {_path}": listed,
        f"PUT {_path}": overwrite,
        f"POST {_path}": create,
        f"GET {_path}/{{}}": look,
        f"PATCH {_path}/{{}}": change,
        f"DELETE {_path}/{{}}": remove,
    }
