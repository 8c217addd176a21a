"""What somebody in the fake Slack has in front of them, as lines and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.slack import FakeSlack, reading
from tests.fakes.slack.inputs import KEYS, MANY, interactive
from tests.fakes.slack.mrkdwn import unescape
from tests.stories.room import Blank, Line, Selector, Sheet

Json = dict[str, Any]
SPOKEN = {None, "thread_broadcast", "file_share", "me_message", "bot_message"}
"""Subtypes of messages that somebody said; the others are joins, topics and the like."""
ZONE = "Europe/Dublin"
"""The zone in which a picker shows its time to the people of a story."""
FIELD = "field:"


def line(slack: FakeSlack, message: Json, logical: Callable[[str], str]) -> Line:
    """A message, or what only one person sees, as they see it. `logical` names people and channels."""
    own = message.get("user") == slack.bot or message.get("bot_id") == slack.world.bot_id
    root = message.get("thread_ts")
    names = slack.names()
    return Line(
        message["ts"],
        logical(message["channel"]),
        reading.text({**message, "files": []} if message.get("files") else message, names),
        _title(message) if own else "",
        root if root and root != message["ts"] else None,
        None if own else logical(message["user"]),
        tuple(reading.buttons(message)),
        tuple(selectors(message.get("blocks") or [])),
        dict(files(slack, message)),
        tuple(pictures(slack, message)),
        bool(message.get("is_ephemeral")),
        bool(message.get("edited")),
    )


def _title(message: Json) -> str:
    """What a notification shows: the first line of the plain text."""
    return unescape(str(message.get("text") or "")).partition("\n")[0]


def page(slack: FakeSlack, view: Json) -> Line:
    """A view without inputs (the bot's own page, or a card in a modal) as a line that stands nowhere."""
    return Line(
        view["id"],
        "",
        reading.text(view, slack.names()),
        reading.title(view),
        None,
        None,
        tuple(reading.buttons(view)),
        tuple(selectors(view["blocks"])),
        private=True,
    )


def said(messages: list[Json]) -> list[Json]:
    return [one for one in messages if one.get("subtype") in SPOKEN]


def selectors(blocks: list[Json]) -> Iterator[Selector]:
    for _, element in interactive(blocks):
        if element["type"] == "static_select":
            chosen = (element.get("initial_option") or {}).get("text", {}).get("text", "")
            labels = tuple(option["text"]["text"] for option in element["options"])
            yield Selector(element["placeholder"]["text"], labels, chosen)


def files(slack: FakeSlack, message: Json) -> Iterator[tuple[str, bytes]]:
    """The files of a message, and those the bot handed over in the thread that hangs from it."""
    own = message.get("user") == slack.bot
    threads = (
        slack.replies(message["channel"], message["ts"]) if own and not message.get("is_ephemeral") else []
    )
    for one in (message, *(reply for reply in threads if reply["user"] == slack.bot)):
        for file in one.get("files") or []:
            stored = slack.file(file["id"])
            if stored.data is not None and not stored.deleted:
                yield stored.name, stored.data


def pictures(slack: FakeSlack, message: Json) -> Iterator[bytes]:
    for block in message.get("blocks") or []:
        if block["type"] == "image" and "slack_file" in block:
            data = slack.file(block["slack_file"]["id"]).data
            assert data is not None
            yield data


# ── forms ─────────────────────────────────────────────────────────────────────


def sheet(slack: FakeSlack, who: str, view: Json, logical: Callable[[str], str]) -> Sheet:
    """The form on somebody's screen."""
    blanks = tuple(
        _blank(block, element, view["state"]["values"], logical)
        for block, element in interactive(view["blocks"])
        if block["type"] == "input"
    )
    return Sheet(view["title"]["text"], blanks, reading.text(view, slack.names()), handle=who)


def _blank(block: Json, element: Json, values: Json, logical: Callable[[str], str]) -> Blank:
    state = values.get(block["block_id"], {}).get(element["action_id"])
    key, initial = KEYS[element["type"]]
    value = state.get(key) if state else element.get(initial)
    return Blank(
        block["block_id"].removeprefix(FIELD),
        block["label"]["text"],
        _value(element["type"], value, logical),
        tuple((option["value"], option["text"]["text"]) for option in element.get("options") or ()),
        not block.get("optional"),
        element["type"] in MANY,
    )


def _value(kind: str, value: Any, logical: Callable[[str], str]) -> str | tuple[str, ...]:
    if kind == "file_input":
        return ""
    if kind in MANY:
        return tuple(option["value"] for option in value or ())
    if value in (None, ""):
        return ""
    if kind == "datetimepicker":
        return f"{datetime.fromtimestamp(value, UTC).astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}"
    if kind in ("users_select", "conversations_select", "channels_select"):
        return logical(value)
    return str(value["value"]) if isinstance(value, dict) else str(value)


def entries(view: Json, fields: Mapping[str, Any], real: Callable[[str], str]) -> dict[str, Any]:
    """What somebody puts into the fields, as the fake's modal wants it: by block."""
    found = {}
    for name, entry in fields.items():
        [element] = [e for b, e in interactive(view["blocks"]) if b["block_id"] == f"{FIELD}{name}"]
        match element["type"]:
            case "users_select" | "conversations_select" | "channels_select":
                entry = real(entry)
            case "datetimepicker":
                entry = datetime.fromisoformat(entry).replace(tzinfo=ZoneInfo(ZONE))
            case "file_input":
                entry = {entry.name: entry.data} if entry else {}
            case kind if kind in MANY:
                entry = list(entry)
            case _ if entry is not None:
                entry = str(entry)
        found[f"{FIELD}{name}"] = entry
    return found
