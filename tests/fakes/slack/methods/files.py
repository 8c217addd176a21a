"""files.*: the three steps of an upload, and what is known of a file."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.slack import events
from tests.fakes.slack.access import in_channel, write_channel
from tests.fakes.slack.answers import Args, SlackError, method, page
from tests.fakes.slack.content import message_content
from tests.fakes.slack.inputs import NotPossible
from tests.fakes.slack.responses import post
from tests.fakes.slack.world import StoredFile

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Channel, Json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def shown(s: FakeSlack, file: StoredFile) -> Json:
    """The file object, or what is left of a deleted one."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    mime = "" if file.pending else mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    kinds: dict[str, list[str]] = {"channel": [], "group": [], "im": [], "mpim": []}
    shares: Json = {}
    for place, times in file.shares.items():
        kind = s.world.channels[place].kind
        kinds[kind].append(place)
        visibility = "public" if kind == "channel" else "private"
        shares.setdefault(visibility, {})[place] = [{"ts": ts} for ts in times]
    url = f"{s.base}/files-pri/{file.id}/{file.name}"
    answer: Json = {
        "id": file.id,
        "created": s.world.seconds(),
        "timestamp": s.world.seconds(),
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": mime,
        "filetype": mime and (file.name.rpartition(".")[2] or "binary"),
        "user": file.owner,
        "user_team": s.team,
        "mode": "hosted",
        "size": file.length,
        "is_external": False,
        "is_public": bool(kinds["channel"]),
        "url_private": url,
        "url_private_download": url,
        "permalink": f"https://{s.world.domain}.slack.com/files/{file.owner}/{file.id}/{file.name}",
        "channels": kinds["channel"],
        "groups": kinds["group"] + kinds["mpim"],
        "ims": kinds["im"],
        "shares": shares,
    }
    return answer | ({"alt_txt": file.alt} if file.alt else {})


MOST_CHOSEN = 10 * 1024 * 1024
"""Bytes of a file in a modal (docs, File input element; a newer copy says 100 MB)."""


def choose_file(s: FakeSlack, user: str, element: Json, name: str, data: bytes) -> Json:
    """Somebody chooses a file of theirs in a modal: Slack's client uploads it, and holds its file object."""
    kinds = element.get("filetypes")
    if kinds and name.rpartition(".")[2].lower() not in kinds:
        raise NotPossible(f"only files of the kinds {kinds} can be chosen here")
    if len(data) > MOST_CHOSEN:
        raise NotPossible("files in a modal have up to 10 MB")
    file = StoredFile(s.world.id("F"), name, user, len(data), data=data, complete=True)
    s.world.files[file.id] = file
    return shown(s, file)


def refresh_messages(s: FakeSlack, file: StoredFile) -> None:
    """Messages carry the file as it is now."""
    for place, times in file.shares.items():
        for ts in times:
            message = s.world.channels[place].messages.get(ts)
            for n, one in enumerate(message.get("files", []) if message else []):
                if one["id"] == file.id and message:
                    message["files"][n] = shown(s, file)


@method("files.getUploadURLExternal", "files:write")
def upload_url(s: FakeSlack, args: Args) -> Json:
    name, length = args.text("filename"), args.number("length", 0)
    if not name or length < 1:
        raise SlackError("missing_argument")
    file = StoredFile(s.world.id("F"), name, s.bot, length, alt=args.text("alt_txt"))
    s.world.files[file.id] = file
    return {"upload_url": f"{s.base}/upload/{file.id}", "file_id": file.id}


def receive(s: FakeSlack) -> Handler:
    """Takes the bytes of an upload."""

    async def answer(request: web.Request) -> web.StreamResponse:
        with s.delivery.busy("upload"):
            file = s.world.files.get(request.match_info["file"])
            if file is None or file.complete:
                return web.Response(status=404, text="not found")
            if request.content_type == "multipart/form-data":
                field = next(iter((await request.post()).values()))
                data = field.file.read() if isinstance(field, web.FileField) else str(field).encode()
            else:
                data = await request.read()
            if len(data) != file.length:
                return web.Response(status=400, text="length mismatch")
            file.data = data
            return web.Response(text=f"OK - {len(data)}")

    return answer


def download(s: FakeSlack) -> Handler:
    """Hands the bytes of a file to whoever has the token."""

    async def answer(request: web.Request) -> web.StreamResponse:
        file = s.world.files.get(request.match_info["file"])
        if request.headers.get("Authorization") != f"Bearer {s.bot_token}":
            return web.Response(status=302, headers={"Location": f"https://{s.world.domain}.slack.com/"})
        if not s.manifest.allows("files:read"):  # Slack shows its login page, with 200 (bolt-js #2585)
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        if file is None or file.deleted or file.data is None:
            return web.Response(status=404)
        return web.Response(body=file.data, content_type=mimetypes.guess_type(file.name)[0])

    return answer


@method("files.completeUploadExternal", "files:write")
def complete(s: FakeSlack, args: Args) -> Json:
    done: list[StoredFile] = []
    for given in args.parsed("files") or []:
        file = s.world.files.get(given.get("id", ""))
        if file is None or file.data is None or file.complete or file.deleted:
            raise SlackError("file_not_found")
        file.title = given.get("title") or file.name
        done.append(file)
    if not done:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    places = [args.text("channel_id")] if args.text("channel_id") else args.listed("channels")
    channels = [write_channel(s, Args(channel=place)) for place in places]
    for file in done:
        file.complete, file.pending = True, s.slow_files
    for channel in channels:
        content = message_content(s, Args(args | {"text": args.text("initial_comment")}), needed=False)
        if thread := args.text("thread_ts"):
            content["thread_ts"] = thread
        if s.slow_files:
            s.delivery.spawn(_share_later(s, channel, done, content))
        else:
            share(s, channel, done, content)
    return {"files": [shown(s, file) for file in done]}


async def _share_later(s: FakeSlack, channel: Channel, files: list[StoredFile], content: Json) -> None:
    """Slack looks at a file before it shows it; what is posted meanwhile stands above."""
    await asyncio.sleep(0.05)
    for file in files:
        file.pending = 0
    share(s, channel, files, content)


def share(s: FakeSlack, channel: Channel, files: list[StoredFile], content: Json) -> Json:
    """The bot's message that carries files."""
    ts = s.world.ts()
    attach(channel, files, ts)
    message = post(
        s,
        channel,
        content | {"ts": ts, "subtype": "file_share", "upload": False, "files": [shown(s, f) for f in files]},
    )
    s.tell(file_events(s, channel, files))
    return message


def attach(channel: Channel, files: list[StoredFile], ts: str) -> None:
    for file in files:
        file.shares.setdefault(channel.id, []).append(ts)


def file_events(s: FakeSlack, channel: Channel, files: list[StoredFile]) -> list[Json]:
    return [
        {
            "type": "file_shared",
            "file_id": file.id,
            "user_id": file.owner,
            "file": {"id": file.id},
            "channel_id": channel.id,
            "event_ts": s.world.ts(),
        }
        for file in files
    ]


def _file(s: FakeSlack, args: Args) -> StoredFile:
    file = s.world.files.get(args.need("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return file


@method("files.info", "files:read")
def info(s: FakeSlack, args: Args) -> Json:
    file = _file(s, args)
    answer = shown(s, file)
    file.pending = max(0, file.pending - 1)
    return {"file": answer, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.list", "files:read")
def list_all(s: FakeSlack, args: Args) -> Json:
    if args.text("channel"):
        in_channel(s, args)
    found = [
        shown(s, f)
        for f in s.world.files.values()
        if f.complete and not f.deleted and (not args.text("channel") or args["channel"] in f.shares)
    ]
    items, _ = page(args, found)
    return {"files": items, "paging": {"count": 100, "total": len(found), "page": 1, "pages": 1}}


@method("files.delete", "files:write")
def delete(s: FakeSlack, args: Args) -> Json:
    file = _file(s, args)
    if file.owner != s.bot:
        raise SlackError("cant_delete_file")
    told = []
    for place, times in file.shares.items():
        channel = s.world.channels[place]
        for ts in times:
            if message := channel.messages.get(ts):
                previous = events.bare(message)
                message["files"] = [
                    {"id": f["id"], "mode": "tombstone"} if f["id"] == file.id else f
                    for f in message["files"]
                ]
                told.append(events.changed(s, channel, message, previous))
    file.deleted, file.data = True, None
    s.tell([*told, {"type": "file_deleted", "file_id": file.id, "event_ts": s.world.ts()}])
    return {}
