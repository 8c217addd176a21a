"""Discord's Markdown, mentions and times as plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

HIDDEN = 0xE000
"""Characters that must not be read as markup are moved to Unicode's private area meanwhile."""
TIME = re.compile(r"<t:(-?\d+)(?::([tTdDfFsSR]))?>")
MENTION = re.compile(r"<@([!&]?)(\d+)>|<#(\d+)>|<a?:(\w+):\d+>|</([^:>]+):\d+>|<(https?://[^\s>]+)>")
# In one pass, from left to right: a backtick that is escaped begins no code, and code knows no escapes.
LITERAL = re.compile(r"\\([\\!-/:-@\[-`{-~])|```(?:[\w+-]*\n)?(.*?)```|(`+)(.+?)\3(?!`)", re.DOTALL)
LINE = re.compile(r"^(?:#{1,3} |-# )", re.MULTILINE)
BULLET = re.compile(r"^(\s*)[-*] ", re.MULTILINE)
LINK = re.compile(r"\[([^\[\]]+)\]\((<?)[^\s()]+(?:\([^\s()]*\)[^\s()]*)*>?(?: \"[^\"]*\")?\)")
SPANS = (
    re.compile(r"\|\|(.+?)\|\|", re.DOTALL),
    re.compile(r"\*\*\*(.+?)\*\*\*", re.DOTALL),
    re.compile(r"\*\*(.+?)\*\*", re.DOTALL),
    re.compile(r"__(.+?)__", re.DOTALL),
    re.compile(r"~~(.+?)~~", re.DOTALL),
    re.compile(r"\*([^\s*](?:.*?[^\s*])?)\*", re.DOTALL),
    re.compile(r"(?<!\w)_([^\s_](?:.*?[^\s_])?)_(?!\w)", re.DOTALL),
)


def plain(text: str, names: Mapping[str, str], zone: str, now: datetime | None = None) -> str:
    """What a person in a zone reads. `names` are those of people, roles and channels by id."""
    text = LITERAL.sub(lambda m: _hide(next(g for g in m.group(1, 2, 4) if g is not None)), text)
    text = TIME.sub(lambda m: _hide(spoken_time(int(m.group(1)), m.group(2) or "f", zone, now)), text)
    text = MENTION.sub(lambda m: _hide(_mention(m, names)), text)
    text = BULLET.sub(r"\1• ", LINE.sub("", text))
    text = LINK.sub(r"\1", text)
    for span in SPANS:
        text = span.sub(r"\1", text)
    return "".join(chr(ord(c) - HIDDEN) if HIDDEN <= ord(c) < HIDDEN + 128 else c for c in text)


def _hide(text: str) -> str:
    return "".join(chr(ord(c) + HIDDEN) if ord(c) < 128 and c != "\n" else c for c in text)


def _mention(found: re.Match[str], names: Mapping[str, str]) -> str:
    sign, person, channel, emoji, command, link = found.groups()
    if person:
        return "@" + names.get(person, "unknown-role" if sign == "&" else "unknown-user")
    if channel:
        return "#" + names.get(channel, "unknown")
    if emoji:
        return f":{emoji}:"
    return f"/{command}" if command else str(link)


def spoken_time(seconds: int, style: str, zone: str, now: datetime | None = None) -> str:
    """One of Discord's time styles as a British client shows it, in a 24-hour clock."""
    at = datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))
    day = f"{at.day} {at:%B %Y}"
    styles: dict[str, Callable[[], str]] = {
        "t": lambda: f"{at:%H:%M}",
        "T": lambda: f"{at:%H:%M:%S}",
        "d": lambda: f"{at:%d/%m/%Y}",
        "D": lambda: day,
        "f": lambda: f"{day} at {at:%H:%M}",
        "F": lambda: f"{at:%A} {day} at {at:%H:%M}",
        "s": lambda: f"{at:%d/%m/%Y}, {at:%H:%M}",
        "S": lambda: f"{at:%d/%m/%Y}, {at:%H:%M:%S}",
        "R": lambda: _distance((at - (now or datetime.now(UTC))).total_seconds()),
    }
    return styles[style]()


def _distance(seconds: float) -> str:
    size = abs(seconds)
    units = (
        ("year", 31536000),
        ("month", 2592000),
        ("day", 86400),
        ("hour", 3600),
        ("minute", 60),
        ("second", 1),
    )
    name, length = next((u for u in units if size >= u[1]), units[-1])
    count = round(size / length)
    words = f"{'a' if name != 'hour' else 'an'} {name}" if count == 1 else f"{count} {name}s"
    return f"in {words}" if seconds >= 0 else f"{words} ago"
