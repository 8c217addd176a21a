"""Scheduled events of a server (docs resources/guild-scheduled-event)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import shapes
from tests.fakes.discord.errors import (
    Complaints,
    DiscordError,
    missing_access,
    missing_permissions,
    not_found,
)
from tests.fakes.discord.permissions import May, in_guild
from tests.fakes.discord.routes import Answer, Routes
from tests.fakes.discord.world import Guild

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
EXTERNAL = 3
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
FIELDS = (
    "name",
    "description",
    "channel_id",
    "scheduled_start_time",
    "scheduled_end_time",
    "entity_type",
    "entity_metadata",
    "privacy_level",
    "status",
)


def _may(rig: Rig, call: Call, *, own: bool) -> Guild:
    guild = rig.world.guild(call.args[0])
    if rig.world.bot.id not in guild.members:
        raise missing_access()
    enough = May.MANAGE_EVENTS | (May.CREATE_EVENTS if own else 0)
    if not in_guild(guild, rig.world.bot.id) & enough:
        raise missing_permissions()
    return guild


def _event(guild: Guild, call: Call) -> Json:
    found = guild.events.get(int(call.args[1]))
    if found is None:
        raise not_found("Guild Scheduled Event")
    return found


def _check(rig: Rig, event: Json, given: Json) -> None:
    wrong = Complaints()
    wrong.longest("name", event.get("name"), 100, 1)
    if event.get("description") is not None:
        wrong.longest("description", event["description"], 1000)
    if event.get("privacy_level") != 2:
        wrong.add("privacy_level", "BASE_TYPE_CHOICES", "Value must be one of (2,).")
    starts, ends = _time(wrong, event, "scheduled_start_time"), _time(wrong, event, "scheduled_end_time")
    if starts is None:
        wrong.add("scheduled_start_time", "BASE_TYPE_REQUIRED", "This field is required")
    elif "scheduled_start_time" in given and starts <= rig.world.now():
        code = "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST"
        wrong.add("scheduled_start_time", code, "Cannot schedule event in the past.")
    if starts and ends and ends <= starts:
        wrong.add("scheduled_end_time", "GUILD_SCHEDULED_EVENT_END_TIME_BEFORE_START", "End before start.")
    if event.get("entity_type") == EXTERNAL:
        location = (event.get("entity_metadata") or {}).get("location")
        wrong.longest("entity_metadata.location", location, 100, 1)
        if ends is None:
            wrong.add("scheduled_end_time", "BASE_TYPE_REQUIRED", "This field is required")
    elif not event.get("channel_id"):
        wrong.add("channel_id", "BASE_TYPE_REQUIRED", "This field is required")
    wrong.refuse_if_any()


def _time(wrong: Complaints, event: Json, key: str) -> datetime | None:
    text = event.get(key)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        wrong.add(key, "DATETIME_TYPE_PARSE", "Not a valid ISO8601 timestamp.")
        return None
    return found


def create(rig: Rig, call: Call) -> Answer:
    guild = _may(rig, call, own=True)
    event: Json = dict.fromkeys(FIELDS)
    event |= {k: v for k, v in call.json.items() if k in FIELDS} | {"status": SCHEDULED}
    _check(rig, event, call.json)
    if sum(e["status"] in (SCHEDULED, ACTIVE) for e in guild.events.values()) >= 100:
        raise DiscordError(400, 30038, "Maximum number of uncompleted guild scheduled events reached (100)")
    id = rig.world.ids.next()
    event |= {
        "id": str(id),
        "guild_id": str(guild.id),
        "creator_id": str(rig.world.bot.id),
        "creator": shapes.user(rig.world.bot),
        "entity_id": None,
        "user_count": 0,
        "image": None,
    }
    guild.events[id] = event
    rig.news.event("GUILD_SCHEDULED_EVENT_CREATE", guild.id, event)
    return event


def change(rig: Rig, call: Call) -> Answer:
    guild = rig.world.guild(call.args[0])
    event = _event(guild, call)
    _may(rig, call, own=event["creator_id"] == str(rig.world.bot.id))
    old, new = event["status"], call.json.get("status", event["status"])
    if new != old and (old, new) not in ((SCHEDULED, ACTIVE), (ACTIVE, COMPLETED), (SCHEDULED, CANCELED)):
        raise DiscordError(400, 180000, "Cannot update a finished event")
    if new == old and old in (COMPLETED, CANCELED):
        raise DiscordError(400, 180000, "Cannot update a finished event")
    after = event | {k: v for k, v in call.json.items() if k in FIELDS}
    _check(rig, after, call.json)
    event.update(after)
    rig.news.event("GUILD_SCHEDULED_EVENT_UPDATE", guild.id, event)
    return event


def remove(rig: Rig, call: Call) -> Answer:
    guild = rig.world.guild(call.args[0])
    event = _event(guild, call)
    _may(rig, call, own=event["creator_id"] == str(rig.world.bot.id))
    del guild.events[int(event["id"])]
    rig.news.event("GUILD_SCHEDULED_EVENT_DELETE", guild.id, event)
    return None


def look(rig: Rig, call: Call) -> Answer:
    return _event(rig.world.guild(call.args[0]), call)


def listed(rig: Rig, call: Call) -> Answer:
    return list(rig.world.guild(call.args[0]).events.values())


ROUTES: Routes = {
    "POST /guilds/{}/scheduled-events": create,
    "GET /guilds/{}/scheduled-events": listed,
    "GET /guilds/{}/scheduled-events/{}": look,
    "PATCH /guilds/{}/scheduled-events/{}": change,
    "DELETE /guilds/{}/scheduled-events/{}": remove,
}
