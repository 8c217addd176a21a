"""What somebody on the pretended Discord has in front of them, as lines and forms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from bot.chat.cards import Moment
from bot.chat.language import speaking
from tests.fakes.discord import reading
from tests.fakes.discord.component_limits import walk
from tests.stories.room import Blank, Line, Selector, Sheet

Json = dict[str, Any]
ZONE = "Europe/Dublin"
"""The zone in which the people of a story read times."""
BUTTON, SELECT, TEXT, FILE, TEXT_INPUT, UPLOAD, RADIO, CHECKS = 2, 3, 10, 13, 4, 19, 21, 22
POINTERS = (5, 6, 8)
"""Selects of people and of channels."""
SPOKEN = (0, 19, 20, 23)
"""Types of messages that somebody said, or that answer a command; the others are Discord's own notices."""
PINNED = 6
"""The notice that something was pinned, which people see like a message."""
EPHEMERAL = 1 << 6
MOMENT = re.compile(r"<t:(-?\d{1,11})(?::([tDFfR]))?>")
COMMAND = re.compile(r"</([\w -]+):\d+>")
"""A command to tap, of which people see the name."""
STYLES: dict[str, Literal["date", "time", "full", "relative"]] = {
    "t": "time",
    "D": "date",
    "F": "full",
    "f": "full",
    "R": "relative",
}


def line(rig: Any, message: Json, where: tuple[str, str | None], author: str | None) -> Line:
    """A message as somebody sees it. `where` is the logical channel and the id of the thread's root."""
    own = author is None
    parts = [part for _, part in walk(message.get("components") or [])]
    handed = {part["file"]["attachment_id"] for part in parts if part["type"] == FILE}
    channel, thread = where
    return Line(
        message["id"],
        channel,
        read(rig, message),
        reading.title(message, names=rig.names, zone=ZONE) if own else "",
        thread if thread != message["id"] else None,
        author,
        tuple(part["label"] for part in parts if part["type"] == BUTTON),
        tuple(_selector(part) for part in parts if part["type"] == SELECT),
        {one["filename"]: _bytes(rig, one) for one in message["attachments"] if not _is_picture(one, handed)},
        tuple(_bytes(rig, one) for one in message["attachments"] if _is_picture(one, handed)),
        bool(message.get("flags", 0) & EPHEMERAL),
        bool(message.get("edited_timestamp")),
    )


def read(rig: Any, message: Json) -> str:
    """The words of a message as a reader in Dublin has them, with moments as plain text writes them."""
    told = json.loads(MOMENT.sub(_moment, json.dumps(message, default=str)))
    return COMMAND.sub(r"/\1", str(rig.text(told, ZONE))).replace("\u200b", "")


def _moment(found: re.Match[str]) -> str:
    style = STYLES[found[2] or "f"]
    with speaking("en_IE"):  # as a client there shows it
        return Moment(datetime.fromtimestamp(int(found[1]), UTC), ZONE, style).plain


def _selector(part: Json) -> Selector:
    chosen = next((option["label"] for option in part["options"] if option.get("default")), "")
    return Selector(part.get("placeholder") or "", tuple(o["label"] for o in part["options"]), chosen)


def _is_picture(attachment: Json, handed: Collection[str]) -> bool:
    """Whether it is shown; what is `handed` over in a component for files is a file, whatever is in it."""
    shows = str(attachment.get("content_type") or "").startswith("image/")
    return shows and attachment["id"] not in handed


def _bytes(rig: Any, attachment: Json) -> bytes:
    found: bytes = rig.uploads[attachment["url"].removeprefix(rig.base)]
    return found


# ── forms ─────────────────────────────────────────────────────────────────────


def sheet(modal: Json, logical: Callable[[str], str]) -> Sheet:
    """The form somebody has open."""
    blanks = tuple(_blank(part, logical) for part in modal["components"] if part["type"] != TEXT)
    return Sheet(modal["title"], blanks, reading.form(modal), handle=modal["custom_id"])


def _blank(part: Json, logical: Callable[[str], str]) -> Blank:
    field = part["component"]
    several = field["type"] == CHECKS
    value: str | tuple[str, ...]
    if field["type"] == TEXT_INPUT:
        value = field.get("value") or ""
    elif field["type"] in POINTERS:
        value = next((logical(one["id"]) for one in field.get("default_values") or ()), "")
    else:
        chosen = tuple(option["value"] for option in field.get("options", ()) if option.get("default"))
        value = chosen if several else next(iter(chosen), "")
    options = tuple((option["value"], option["label"]) for option in field.get("options") or ())
    return Blank(field["custom_id"], part["label"], value, options, field.get("required", True), several)


def entries(modal: Json, fields: Mapping[str, Any], real: Callable[[str], Any]) -> dict[str, Any]:
    """What somebody puts into the fields, as the rig's client wants it."""
    kinds = {
        part["component"]["custom_id"]: part["component"]["type"]
        for part in modal["components"]
        if "component" in part
    }
    found: dict[str, Any] = {}
    for name, entry in fields.items():
        if kinds[name] in POINTERS:
            found[name] = real(str(entry))
        elif kinds[name] == CHECKS:
            found[name] = list(entry or ())
        elif kinds[name] == UPLOAD:
            found[name] = {entry.name: entry.data} if entry else {}
        else:
            found[name] = "" if entry is None else str(entry)
    return found


def complaints(text: str, asked: Sheet) -> Iterator[tuple[str, str]]:
    """The errors a card tells, by field name: each stands behind the label of its field."""
    for said in text.splitlines():
        for blank in asked.blanks:
            if said.startswith(f"{blank.label}: "):
                yield blank.name, said.removeprefix(f"{blank.label}: ")
