"""From a request body to a message in a channel: files get addresses, components get numbers."""

from __future__ import annotations

import copy
import mimetypes
import struct
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import speech
from tests.fakes.discord.component_limits import FILE, GALLERY, THUMBNAIL, walk
from tests.fakes.discord.errors import Complaints, DiscordError, archived, cannot_message, missing_access
from tests.fakes.discord.errors import missing_permissions as not_allowed
from tests.fakes.discord.message_limits import SETTABLE
from tests.fakes.discord.permissions import May, in_channel
from tests.fakes.discord.world import CATEGORY, EPHEMERAL, FORUM, Channel, Message, World

if TYPE_CHECKING:
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
REPLY = 19


def need(world: World, place: Channel, *needed: May) -> None:
    """Refuse unless the bot sees the place and has every permission there."""
    has = in_channel(world, place, world.bot.id)
    if not has & May.VIEW_CHANNEL:
        raise missing_access()
    if any(not has & one for one in needed):
        raise not_allowed()


def need_to_speak(world: World, place: Channel, files: list[Json]) -> None:
    """Refuse unless the bot may write here; an archived thread is refused only when it is locked."""
    if place.type in (FORUM, CATEGORY):
        raise DiscordError(400, 50008, "Cannot send messages in a non-text channel")
    if place.guild_id is None:
        user = next(world.users[r] for r in place.recipients if r != world.bot.id)
        if not user.direct_open or not shares_guild(world, user.id):
            raise cannot_message()
        return
    need(world, place, May.SEND_MESSAGES_IN_THREADS if place.is_thread else May.SEND_MESSAGES)
    if files:
        need(world, place, May.ATTACH_FILES)
    if place.locked and place.archived:
        raise archived()
    if place.locked and not in_channel(world, place, world.bot.id) & May.MANAGE_THREADS:
        raise DiscordError(403, 160005, "Thread is locked")


def need_open(place: Channel) -> None:
    """Refuse what an archived thread does not allow: everything but sending."""
    if place.is_thread and place.archived:
        raise archived()


def shares_guild(world: World, user_id: int) -> bool:
    return any(user_id in g.members and world.bot.id in g.members for g in world.guilds.values())


def compose(
    rig: Rig, place: Channel, author_id: int, body: Json, files: list[Json], *, id: int | None = None
) -> Message:
    """A message from a checked body. It is not in the channel yet."""
    world = rig.world
    message = Message(
        id=id or world.ids.next(),
        channel_id=place.id,
        author_id=author_id,
        content=body.get("content") or "",
        flags=(body.get("flags") or 0) & (SETTABLE | EPHEMERAL),
        embeds=[{"type": "rich", **e} for e in body.get("embeds") or []],
        nonce=body.get("nonce"),
        allowed_mentions=body.get("allowed_mentions"),
    )
    message.attachments = _attach(rig, place, body, files)
    message.components = _numbered(body.get("components") or [], message.attachments)
    _refer(world, place, message, body.get("message_reference"))
    speech.settle_mentions(world, place, message)
    return message


def put(rig: Rig, place: Channel, message: Message) -> None:
    """Put a message into its channel and tell of it; a sleeping thread wakes up."""
    if place.is_thread:
        if place.archived:
            wake(rig, place)
        place.sent += 1
        place.active_at = rig.world.now()
        if message.author_id not in place.thread_members and message.type != 21:
            place.thread_members[message.author_id] = rig.world.now()
            rig.news.thread_members(place, [message.author_id], [])
    place.messages[message.id] = message
    place.last_message_id = message.id
    rig.news.message("MESSAGE_CREATE", place, message)


def wake(rig: Rig, thread: Channel) -> None:
    thread.archived, thread.archive_time = False, rig.world.now()
    thread.active_at = rig.world.now()
    rig.news.thread("THREAD_UPDATE", thread)


def revise(rig: Rig, place: Channel, message: Message, body: Json, files: list[Json]) -> None:
    """Apply a checked edit: only what is given changes."""
    message.allowed_mentions = body.get("allowed_mentions", message.allowed_mentions)
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = [{"type": "rich", **e} for e in body["embeds"] or []]
    if "attachments" in body or files:
        message.attachments = _attach(rig, place, body, files, message.attachments)
    if "components" in body:
        message.components = _numbered(body["components"] or [], message.attachments)
    if body.get("flags") is not None:
        message.flags = message.flags & ~SETTABLE | body["flags"] & SETTABLE
    message.edited = rig.world.now()
    speech.settle_mentions(rig.world, place, message)


def _attach(
    rig: Rig, place: Channel, body: Json, files: list[Json], old: list[Json] | None = None
) -> list[Json]:
    old = old or []
    uploads = {f["name"].removeprefix("files[").removesuffix("]"): f for f in files}
    if "attachments" not in body:
        return old + [_stored(rig, place, f, {}) for f in files]
    kept = {a["id"]: a for a in old}
    result: list[Json] = []
    for one in body["attachments"] or []:
        key = str(one.get("id"))
        if key in uploads:
            result.append(_stored(rig, place, uploads.pop(key), one))
        elif key in kept:
            result.append(kept[key])
        else:
            wrong = Complaints()
            wrong.add("attachments", "ATTACHMENT_NOT_FOUND", f"No upload or attachment {key}.")
            wrong.refuse_if_any()
    return result + [_stored(rig, place, f, {}) for f in uploads.values()]


def _stored(rig: Rig, place: Channel, upload: Json, listed: Json) -> Json:
    """Keep an upload where its URL finds it."""
    id = str(rig.world.ids.next())
    name = listed.get("filename") or upload["filename"]
    url = f"{rig.base}/attachments/{place.id}/{id}/{name}"
    rig.uploads[f"/attachments/{place.id}/{id}/{name}"] = upload["data"]
    shape: Json = {
        "id": id,
        "filename": name,
        "size": len(upload["data"]),
        "url": url,
        "proxy_url": url,
        "content_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
    }
    if listed.get("description"):
        shape["description"] = listed["description"]
    size = _png_size(upload["data"])
    return shape | ({"width": size[0], "height": size[1]} if size else {})


def _png_size(data: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", data[16:24]) if data[:8] == b"\x89PNG\r\n\x1a\n" else None


def _numbered(components: list[Json], attachments: list[Json]) -> list[Json]:
    """Components as Discord gives them back: with ids, and with addresses for attached files."""
    result = copy.deepcopy(components)
    everything = [part for _, part in walk(result)]
    taken = {part["id"] for part in everything if part.get("id")}
    number = 0
    by_name = {a["filename"]: a for a in attachments}
    for part in everything:
        if not part.get("id"):
            number += 1
            while number in taken:
                number += 1
            part["id"] = number
        for item in part.get("items") or [] if part.get("type") == GALLERY else [part]:
            key = "media" if part.get("type") in (GALLERY, THUMBNAIL) else "file"
            if part.get("type") in (GALLERY, THUMBNAIL, FILE):
                item[key] = _media(item[key], by_name)
        if part.get("type") == FILE:
            source = by_name.get(str(part["file"]["url"]).rsplit("/", 1)[-1], {})
            part |= {"name": source.get("filename", "file"), "size": source.get("size", 0)}
    return result


def _media(media: Json, by_name: dict[str, Json]) -> Json:
    url = str(media["url"])
    source = by_name.get(url.removeprefix("attachment://")) if url.startswith("attachment://") else None
    if source is None:
        return {"proxy_url": url, "loading_state": 2, "width": None, "height": None} | media
    shape = {k: source.get(k) for k in ("url", "proxy_url", "width", "height", "content_type")}
    return shape | {"attachment_id": source["id"], "loading_state": 2, "flags": 0}


def _refer(world: World, place: Channel, message: Message, reference: Json | None) -> None:
    """Make a message a reply; to a message that is not there only where that is allowed."""
    if not reference:
        return
    target = place.messages.get(int(reference["message_id"]))
    if target is None:
        if reference.get("fail_if_not_exists", True):
            wrong = Complaints()
            wrong.add("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            wrong.refuse_if_any()
        return
    message.type = REPLY
    message.reference = {"type": 0, "channel_id": str(place.id), "message_id": str(target.id)}
    if place.guild_id is not None:
        message.reference["guild_id"] = str(place.guild_id)
