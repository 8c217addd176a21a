"""How Slack shows text: mrkdwn, rich text and Markdown as the plain words on the screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.slack.mrkdwn import unescape

Json = dict[str, Any]
ENTITY = re.compile(r"<([^<>\n]+)>")
MENTION = re.compile(r"<(?:@[UW]\w+|!(?:here|channel|everyone)|!subteam\^\w+)(?:\|[^>]*)?>")
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
STYLE = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")


class Words:
    """Decodes text with names by id, and times for a zone (None: their fallback text)."""

    def __init__(self, names: Mapping[str, str], zone: str | None) -> None:
        self.names = names
        self.zone: tzinfo | None = ZoneInfo(zone) if zone else None

    def name(self, key: str) -> str:
        return self.names.get(key, key)

    def object(self, given: Json) -> str:
        """A text object."""
        if given["type"] == "mrkdwn":
            return self.mrkdwn(given["text"])
        return INVISIBLE.sub("", unescape(given["text"]))

    # ── mrkdwn ────────────────────────────────────────────────────────────────

    def mrkdwn(self, text: str) -> str:
        """Entities as they are shown, without the marks of bold, italic, strike and code; quotes keep `> `."""
        text = re.sub(r"^&gt; ?", "> ", text, flags=re.MULTILINE)
        return INVISIBLE.sub("", self._outside_code(text, lambda t: _bare(ENTITY.sub(self._entity, t))))

    def _outside_code(self, text: str, show: Callable[[str], str]) -> str:
        parts, at = [], 0
        for code in CODE.finditer(text):
            parts += [unescape(show(text[at : code.start()])), unescape(code[1] or code[2])]
            at = code.end()
        return "".join([*parts, unescape(show(text[at:]))])

    def _entity(self, found: re.Match[str]) -> str:
        what, _, label = found[1].partition("|")
        if what.startswith("@"):
            return "@" + self.names.get(what[1:], label or what[1:])
        if what.startswith("#"):
            return "#" + self.names.get(what[1:], label or what[1:])
        if what.startswith("!date^"):
            _, stamp, style, *_ = what.split("^")
            return self.moment(int(stamp), style, label)
        if what.startswith("!subteam^"):
            key = what.removeprefix("!subteam^")
            return "@" + self.names.get(key, label or key)
        if what.startswith("!"):
            return "@" + what[1:]
        return label or what.removeprefix("mailto:")

    def mentions(self, text: str) -> list[str]:
        return [found[0] for found in MENTION.finditer(text)]

    def moment(self, stamp: int, style: str, fallback: str) -> str:
        """What Slack shows for a time: the fallback, or in a zone the style filled in."""
        if self.zone is None:
            return fallback
        at = datetime.fromtimestamp(stamp, UTC).astimezone(self.zone)
        clock = f"{at:%I:%M %p}".lstrip("0")
        day = _ordinal(at.day)
        shown = {
            "date_num": f"{at:%Y-%m-%d}",
            "date_slash": f"{at:%m/%d/%Y}",
            "date_long": f"{at:%A}, {at:%B} {day}, {at.year}",
            "date_long_pretty": f"{at:%A}, {at:%B} {day}, {at.year}",
            "date_long_full": f"{at:%A}, {at:%B} {at.day}, {at.year}",
            "date": f"{at:%B} {day}, {at.year}",
            "date_pretty": f"{at:%B} {day}, {at.year}",
            "date_short": f"{at:%b} {at.day}, {at.year}",
            "date_short_pretty": f"{at:%b} {at.day}, {at.year}",
            "day_divider_pretty": f"{at:%A}, {at:%B} {day}",
            "time": clock,
            "time_secs": f"{at:%I:%M:%S %p}".lstrip("0"),
            "ago": f"{at:%B} {day}, {at.year}",
        }
        return re.sub(r"\{(\w+)\}", lambda m: shown.get(m[1], m[0]), style)

    # ── rich text ─────────────────────────────────────────────────────────────

    def rich_part(self, part: Json) -> Iterator[str]:
        """A section, quote, preformatted text or list, in lines; quotes begin with `> `, list items with `• `."""
        if part["type"] == "rich_text_list":
            indent = "  " * part.get("indent", 0)
            for n, item in enumerate(part["elements"], start=part.get("offset", 0) + 1):
                bullet = f"{n}." if part.get("style") == "ordered" else "•"
                yield f"{indent}{bullet} {self._run(item['elements'])}"
            return
        quoted = part["type"] == "rich_text_quote"
        for line in self._run(part["elements"]).removesuffix("\n").split("\n"):
            yield f"> {line}" if quoted else line

    def _run(self, elements: list[Json]) -> str:
        return INVISIBLE.sub("", "".join(self._rich(element) for element in elements))

    def _rich(self, element: Json) -> str:
        kind = element["type"]
        if kind == "text":
            return str(element["text"])
        if kind == "link":
            return str(element.get("text") or element["url"])
        if kind == "user":
            return "@" + self.name(element["user_id"])
        if kind == "channel":
            return "#" + self.name(element["channel_id"])
        if kind == "usergroup":
            return "@" + self.name(element["usergroup_id"])
        if kind == "broadcast":
            return "@" + str(element["range"])
        if kind == "emoji":
            return f":{element['name']}:"
        if kind == "date":
            return self.moment(element["timestamp"], element["format"], element.get("fallback", ""))
        return ""

    def rich_mention(self, element: Json) -> list[str]:
        """A rich_text element that is an entity, written as in mrkdwn."""
        if element["type"] == "user":
            return [f"<@{element['user_id']}>"] if "user_id" in element else []
        if element["type"] == "usergroup":
            return [f"<!subteam^{element['usergroup_id']}>"] if "usergroup_id" in element else []
        return [f"<!{element['range']}>"] if "range" in element else []

    # ── Markdown ──────────────────────────────────────────────────────────────

    def markdown(self, text: str) -> str:
        """A markdown block: standard Markdown, in which entities work as well."""

        def show(outside: str) -> str:
            outside = ENTITY.sub(self._entity, outside)
            outside = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", outside)
            outside = re.sub(r"^#{1,6} ", "", outside, flags=re.MULTILINE)
            outside = re.sub(r"^(\s*)[-*] ", r"\1• ", outside, flags=re.MULTILINE)
            outside = re.sub(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1", r"\2", outside)
            outside = re.sub(r"(?<![\w*\\])([*_])(?=\S)([^\n*_]+?)(?<=\S)\1(?!\w)", r"\2", outside)
            return re.sub(r"\\([\\`*_{}\[\]()#+.!~>|-])", r"\1", outside)

        return INVISIBLE.sub("", self._outside_code(text, show))


def _bare(text: str) -> str:
    """Without the marks of bold, italic and strike, which may be inside each other."""
    before = None
    while before != text:
        before, text = text, STYLE.sub(r"\2", text)
    return text


def _ordinal(day: int) -> str:
    if 11 <= day <= 13:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"
