"""Threads: from a message, on their own, as forum posts; their members and their archive."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import shapes
from tests.fakes.discord.errors import Complaints, DiscordError, archived, not_found
from tests.fakes.discord.message_limits import check_new
from tests.fakes.discord.permissions import May, in_channel
from tests.fakes.discord.routes import Answer, Routes
from tests.fakes.discord.routes.messages import shown
from tests.fakes.discord.saying import compose, need, put
from tests.fakes.discord.world import FORUM, HAS_THREAD, PRIVATE_THREAD, PUBLIC_THREAD, Channel, Message

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
THREAD_CREATED, THREAD_STARTER = 18, 21
DURATIONS = (60, 1440, 4320, 10080)


def open_thread(
    rig: Rig, parent: Channel, owner_id: int, body: Json, *, kind: int, id: int | None = None
) -> Channel:
    """A new thread with its owner in it, told to the bot."""
    world = rig.world
    now = world.now()
    thread = Channel(
        id or world.ids.next(),
        kind,
        body["name"],
        guild_id=parent.guild_id,
        parent_id=parent.id,
        owner_id=owner_id,
        auto_archive=body.get("auto_archive_duration") or 4320,
        archive_time=now,
        active_at=now,
        thread_members={owner_id: now},
    )
    thread.applied_tags = [int(t) for t in body.get("applied_tags") or []]
    world.channels[thread.id] = thread
    rig.news.thread("THREAD_CREATE", thread, newly_created=True)
    return thread


def check_thread(body: Json) -> None:
    wrong = Complaints()
    wrong.longest("name", body.get("name"), 100, 1)
    _check_duration(wrong, body)
    wrong.refuse_if_any()


def _check_duration(wrong: Complaints, body: Json) -> None:
    if body.get("auto_archive_duration") not in (None, *DURATIONS):
        wrong.add("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {DURATIONS}.")


def from_message(rig: Rig, call: Call) -> Answer:
    """The thread has the id of its message, and there can only be one (160004)."""
    parent = rig.world.channel(call.args[0])
    need(rig.world, parent, May.CREATE_PUBLIC_THREADS, May.READ_MESSAGE_HISTORY)
    message = rig.world.message(parent, call.args[1])
    if parent.is_thread or parent.type == FORUM or parent.guild_id is None:
        raise DiscordError(400, 50024, "Cannot execute action on this channel type")
    check_thread(call.json)
    if message.id in rig.world.channels:
        raise DiscordError(400, 160004, "A thread has already been created for this message")
    return shapes.thread(rig.world, start_from(rig, parent, message, rig.world.bot.id, call.json))


def start_from(rig: Rig, parent: Channel, message: Message, owner_id: int, body: Json) -> Channel:
    """Open a thread under a message: it begins with a message that points back at it."""
    thread = open_thread(rig, parent, owner_id, body, kind=PUBLIC_THREAD, id=message.id)
    message.flags |= HAS_THREAD
    rig.news.message("MESSAGE_UPDATE", parent, message)
    starter = Message(rig.world.ids.next(), thread.id, message.author_id, type=THREAD_STARTER)
    starter.reference = {
        "type": 0,
        "guild_id": str(parent.guild_id),
        "channel_id": str(parent.id),
        "message_id": str(message.id),
    }
    put(rig, thread, starter)
    return thread


def without_message(rig: Rig, call: Call) -> Answer:
    """A thread on its own, or a post in a forum. Without a type the thread is private."""
    parent = rig.world.channel(call.args[0])
    if parent.type == FORUM:
        return _post(rig, parent, call)
    kind = call.json.get("type", PRIVATE_THREAD)
    private = kind == PRIVATE_THREAD
    need(rig.world, parent, May.CREATE_PRIVATE_THREADS if private else May.CREATE_PUBLIC_THREADS)
    if parent.is_thread or parent.guild_id is None:
        raise DiscordError(400, 50024, "Cannot execute action on this channel type")
    check_thread(call.json)
    thread = open_thread(rig, parent, rig.world.bot.id, call.json, kind=kind)
    if not private:
        notice = Message(rig.world.ids.next(), parent.id, rig.world.bot.id, thread.name, type=THREAD_CREATED)
        notice.reference = {"type": 0, "guild_id": str(parent.guild_id), "channel_id": str(thread.id)}
        put(rig, parent, notice)
    return shapes.thread(rig.world, thread)


def _post(rig: Rig, forum: Channel, call: Call) -> Answer:
    """A forum post: a thread whose first message has the thread's id. There is no nonce."""
    need(rig.world, forum, May.SEND_MESSAGES)
    check_thread(call.json)
    body = call.json.get("message")
    wrong = Complaints()
    if not isinstance(body, dict):
        wrong.add("message", "BASE_TYPE_REQUIRED", "This field is required")
    _check_tags(rig, wrong, forum, call.json)
    wrong.refuse_if_any()
    assert isinstance(body, dict)
    check_new(body, call.files)
    thread = open_thread(rig, forum, rig.world.bot.id, call.json, kind=PUBLIC_THREAD)
    first = compose(rig, thread, rig.world.bot.id, body, call.files, id=thread.id)
    put(rig, thread, first)
    forum.last_message_id = thread.id
    return shapes.thread(rig.world, thread) | {"message": shown(rig, thread, first)}


def _check_tags(rig: Rig, wrong: Complaints, forum: Channel, body: Json) -> None:
    tags = body.get("applied_tags") or []
    wrong.count("applied_tags", tags, 5)
    known = {str(t["id"]): t for t in forum.tags}
    for i, tag in enumerate(tags):
        if str(tag) not in known:
            wrong.add(f"applied_tags.{i}", "CHANNEL_TAG_UNKNOWN", "Unknown tag")
        elif known[str(tag)].get("moderated"):
            need(rig.world, forum, May.MANAGE_THREADS)
    if forum.flags & 1 << 4 and not tags:
        raise DiscordError(400, 40067, "A tag is required to create a forum post in this channel")


def edit(rig: Rig, thread: Channel, body: Json) -> Json:
    """PATCH of a thread. An archived one only takes being opened (and what comes with that)."""
    world = rig.world
    need(world, thread)
    may = in_channel(world, thread, world.bot.id)
    if thread.archived and body.get("archived") is not False and set(body) - {"archived", "locked"}:
        raise archived()
    owns = thread.owner_id == world.bot.id
    if thread.archived and thread.locked and not may & May.MANAGE_THREADS:
        raise DiscordError(403, 50013, "Missing Permissions")
    reopening = body.get("archived") is False and set(body) <= {"archived"} and not thread.locked
    if not (owns or reopening) or "locked" in body:
        need(world, thread, May.MANAGE_THREADS)
    _check_edit(rig, thread, body)
    for key, name in (("name", "name"), ("locked", "locked"), ("auto_archive_duration", "auto_archive")):
        if key in body:
            setattr(thread, name, body[key])
    if "applied_tags" in body:
        thread.applied_tags = [int(t) for t in body["applied_tags"] or []]
    if "flags" in body:
        thread.flags = int(body["flags"])
    if "archived" in body and body["archived"] != thread.archived:
        thread.archived, thread.archive_time = body["archived"], world.now()
        thread.active_at = world.now()
    rig.news.thread("THREAD_UPDATE", thread)
    return shapes.thread(world, thread)


def _check_edit(rig: Rig, thread: Channel, body: Json) -> None:
    wrong = Complaints()
    if "name" in body:
        wrong.longest("name", body["name"], 100, 1)
    _check_duration(wrong, body)
    parent = rig.world.channels[thread.parent_id or 0]
    if "applied_tags" in body:
        _check_tags(rig, wrong, parent, body)
    wrong.refuse_if_any()


def active(rig: Rig, call: Call) -> Answer:
    guild = rig.world.guild(call.args[0])
    threads = [t for t in rig.world.threads_of(guild) if not t.archived]
    seen = [t for t in threads if in_channel(rig.world, t, rig.world.bot.id)]
    return _listed(rig, sorted(seen, key=lambda t: -t.id), more=False)


def archived_public(rig: Rig, call: Call) -> Answer:
    """The latest archived first; `before` is the ISO time of archiving."""
    parent = rig.world.channel(call.args[0])
    need(rig.world, parent, May.READ_MESSAGE_HISTORY)
    kinds = (PRIVATE_THREAD,) if call.route.endswith("private") else (10, PUBLIC_THREAD)
    if PRIVATE_THREAD in kinds:
        need(rig.world, parent, May.MANAGE_THREADS)
    before = datetime.fromisoformat(call.query["before"]) if "before" in call.query else None
    limit = int(call.query.get("limit", 50))
    found = [
        (t.archive_time, t)
        for t in rig.world.channels.values()
        if t.parent_id == parent.id and t.type in kinds and t.archived and t.archive_time
    ]
    found = [(at, t) for at, t in found if before is None or at < before]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return _listed(rig, [t for _, t in found[:limit]], more=len(found) > limit)


def _listed(rig: Rig, threads: list[Channel], *, more: bool) -> Json:
    me = rig.world.bot.id
    return {
        "threads": [shapes.thread(rig.world, t) for t in threads],
        "members": [shapes.thread_member(t, me) for t in threads if me in t.thread_members],
        "has_more": more,
    }


def join(rig: Rig, call: Call) -> Answer:
    thread, who = _membership(rig, call)
    if thread.archived:
        raise archived()
    if who not in thread.thread_members:
        thread.thread_members[who] = rig.world.now()
        rig.news.thread_members(thread, [who], [])
    return None


def leave(rig: Rig, call: Call) -> Answer:
    thread, who = _membership(rig, call)
    if thread.archived:
        raise archived()
    if thread.thread_members.pop(who, None):
        rig.news.thread_members(thread, [], [who])
    return None


def _membership(rig: Rig, call: Call) -> tuple[Channel, int]:
    thread = rig.world.channel(call.args[0])
    need(rig.world, thread)
    who = rig.world.bot.id if call.args[1:] in ((), ("@me",)) else int(call.args[1])
    guild = rig.world.guilds[thread.guild_id or 0]
    if who not in guild.members:
        raise not_found("Member")
    return thread, who


def members(rig: Rig, call: Call) -> Answer:
    thread = rig.world.channel(call.args[0])
    need(rig.world, thread)
    return [shapes.thread_member(thread, u) for u in sorted(thread.thread_members)]


ROUTES: Routes = {
    "POST /channels/{}/messages/{}/threads": from_message,
    "POST /channels/{}/threads": without_message,
    "GET /guilds/{}/threads/active": active,
    "GET /channels/{}/threads/archived/public": archived_public,
    "GET /channels/{}/threads/archived/private": archived_public,
    "PUT /channels/{}/thread-members/@me": join,
    "PUT /channels/{}/thread-members/{}": join,
    "DELETE /channels/{}/thread-members/@me": leave,
    "DELETE /channels/{}/thread-members/{}": leave,
    "GET /channels/{}/thread-members": members,
}
