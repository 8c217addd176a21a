"""What a Discord user reads: a message or a form as plain lines, its title, and whom it really notifies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.fakes.discord.markup import plain
from tests.fakes.discord.speech import texts

Json = dict[str, Any]
NOBODY: Mapping[str, str] = {}
POINTED = {5: "people", 6: "roles", 7: "people and roles", 8: "channels"}


def text(
    message: Json, *, names: Mapping[str, str] = NOBODY, zone: str = "UTC", now: datetime | None = None
) -> str:
    """The lines of a message: its words, `[Button]`, `(Button that is off)`, `Select: a / b`, `[picture: alt]`, `[file: name]`.

    `message` is Discord's own JSON. `names` are those of people, roles and channels by id; `now` is for
    relative times.
    """
    reader = _Reader(names, zone, now)
    lines = [reader.read(message.get("content") or "")]
    for embed in message.get("embeds") or []:
        lines += reader.embed(embed)
    lines += reader.parts(message.get("components") or [])
    shown_in = str(message.get("components") or [])
    lines += [_attached(a) for a in message.get("attachments") or [] if a["url"] not in shown_in]
    return "\n".join(line for line in lines if line.strip())


def form(modal: Json) -> str:
    """The lines of a form: title, then each field with its options, `*` where something is required."""
    lines = [modal["title"]]
    for part in modal["components"]:
        if part["type"] == 10:
            lines.append(plain(part["content"], NOBODY, "UTC"))
            continue
        field = part.get("component") or part["components"][0]
        name = part.get("label") or field.get("label")
        star = "*" if field.get("required", True) and field["type"] != 23 else ""
        options = " / ".join(o["label"] for o in field.get("options") or []) or POINTED.get(field["type"], "")
        lines.append(f"{name}{star}" + (f": {options}" if options else ""))
        if part.get("description"):
            lines.append(f"  {part['description']}")
    return "\n".join(lines)


def title(message: Json, *, names: Mapping[str, str] = NOBODY, zone: str = "UTC") -> str:
    """The first heading; without one, the first line."""
    said = "\n".join(
        [message.get("content") or "", *texts(message.get("components") or [])]
        + [f"# {e['title']}" for e in message.get("embeds") or [] if e.get("title")]
    )
    heading = re.search(r"^#{1,3} (.+)$", said, re.MULTILINE)
    lines = [heading.group(1)] if heading else [line for line in said.splitlines() if line.strip()]
    return plain(lines[0], names, zone).strip() if lines else ""


def live_mentions(message: Json) -> tuple[str, ...]:
    """Whom a message would notify, in order: `@everyone`, `@here`, `<@id>`, `<@&id>`.

    Words in the content and in text displays count, and everything pings where `allowed_mentions` was left out;
    so does the author of what is replied to. Permissions of the author are not asked for: this is the worst case.
    """
    said = "\n".join([message.get("content") or "", *texts(message.get("components") or [])])
    rules = message.get("allowed_mentions")
    parse = ("users", "roles", "everyone") if rules is None else tuple(rules.get("parse") or ())
    users = {str(u) for u in (rules or {}).get("users") or ()}
    roles = {str(r) for r in (rules or {}).get("roles") or ()}
    found: dict[str, None] = {}
    for match in re.finditer(r"@(everyone|here)\b|<@(&?)!?(\d+)>", said):
        word, role, id = match.groups()
        if word:
            live = "everyone" in parse
        elif role:
            live = "roles" in parse or id in roles
        else:
            live = "users" in parse or id in users
        if live:
            found[f"@{word}" if word else f"<@{role}{id}>"] = None
    replied = (message.get("referenced_message") or {}).get("author", {}).get("id")
    if replied and message.get("type") == 19 and (rules is None or rules.get("replied_user")):
        found[f"<@{replied}>"] = None
    return tuple(found)


class _Reader:
    def __init__(self, names: Mapping[str, str], zone: str, now: datetime | None) -> None:
        self._names, self._zone, self._now = names, zone, now

    def read(self, words: str) -> str:
        return plain(words, self._names, self._zone, self._now)

    def parts(self, components: list[Json]) -> list[str]:
        lines: list[str] = []
        for part in components:
            lines += self._part(part)
        return lines

    def _part(self, part: Json) -> list[str]:
        kind = part["type"]
        if kind == 1:
            return [" ".join(self._control(c) for c in part["components"])]
        if kind == 9:
            beside = part["accessory"]
            extra = self._control(beside) if beside["type"] == 2 else _picture(beside.get("description"))
            return [*self.parts(part["components"]), extra]
        if kind == 10:
            return [self.read(part["content"])]
        if kind == 12:
            return [_picture(item.get("description")) for item in part["items"]]
        if kind == 13:
            return [f"[file: {part.get('name') or part['file']['url'].rsplit('/', 1)[-1]}]"]
        return self.parts(part["components"]) if kind == 17 else []

    def _control(self, part: Json) -> str:
        if part["type"] == 2:
            emoji = (part.get("emoji") or {}).get("name") or ""
            name = " ".join(w for w in (emoji, part.get("label") or "") if w)
            return f"({name})" if part.get("disabled") else f"[{name}]"
        options = " / ".join(o["label"] for o in part.get("options") or []) or POINTED.get(part["type"], "")
        return f"{part.get('placeholder') or 'Make a selection'}: {options}"

    def embed(self, embed: Json) -> list[str]:
        lines = [self.read(embed.get(key) or "") for key in ("title", "description")]
        lines += [f"{self.read(f['name'])}: {self.read(f['value'])}" for f in embed.get("fields") or []]
        return [*lines, self.read((embed.get("footer") or {}).get("text") or "")]


def _picture(alt: str | None) -> str:
    return f"[picture: {alt}]" if alt else "[picture]"


def _attached(it: Json) -> str:
    if str(it.get("content_type") or "").startswith("image/"):
        return _picture(it.get("description"))
    return f"[file: {it['filename']}]"
