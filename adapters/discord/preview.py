"""A sketch of a card on Discord as HTML, for the gallery, so that nobody needs a server to see it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from adapters.discord.blocks import BUTTON, CONTAINER, FILE, GALLERY, ROW, TEXT
from adapters.discord.say import RenderedMessage, card_pages
from bot.chat.cards import Card, Moment
from bot.chat.language import format_moment

Json = dict[str, Any]
_CODE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_SPAN = re.compile(
    r"\\(?P<kept>[^\w\s]|_)|`(?P<code>[^`]+)`|\*\*(?P<bold>.+?)\*\*|\*(?P<soft>[^*\s][^*]*)\*|<t:(?P<time>-?\d+):?\w?>"
    r"|<(?P<named>[@#]&?\d+)>|\[(?P<label>[^\]]+)\]\((?P<url>[^)\s]+)\)"
)
_ZONES: ContextVar[Mapping[int, str]] = ContextVar("zones")
"""The zone of each instant of the card that is drawn, by its seconds: Discord's own text has none, each reader's is taken."""
_STYLES = {1: "primary", 4: "danger"}


def draw_card(card: Card) -> Markup:
    """A card as the messages it becomes, read where the community is: its times are in the zones that the card names."""
    token = _ZONES.set({int(one.at.timestamp()): one.zone for one in _moments(card)})
    try:
        return _join(
            _box("sketch discord", _join(map(partial(_part, files=_files(page)), page.components)))
            for page in card_pages(card, 4)
        )
    finally:
        _ZONES.reset(token)


def _moments(thing: object) -> Iterator[Moment]:
    """Every instant that is named somewhere in a card."""
    if isinstance(thing, Moment):
        yield thing
    elif isinstance(thing, tuple):
        for one in thing:
            yield from _moments(one)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from _moments(getattr(thing, one.name))


def _files(page: RenderedMessage) -> Mapping[str, bytes]:
    return {f"attachment://{one.name}": one.data for one in page.files}


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _box(kind: str, inner: Markup) -> Markup:
    return Markup('<div class="{}">{}</div>').format(kind, inner)


def _part(part: Json, files: Mapping[str, bytes]) -> Markup:
    kind = part["type"]
    if kind == CONTAINER:
        return _join(map(partial(_part, files=files), part["components"]))
    if kind == TEXT:
        return _join(_words(part["content"]))
    if kind == ROW:
        return _box("row", _join(map(_control, part["components"])))
    if kind == GALLERY:
        return _join(_picture(files[one["media"]["url"]], one["description"]) for one in part["items"])
    if kind == FILE:
        return Markup("<p class='aside'>[file: {}]</p>").format(part["file"]["url"].rpartition("/")[2])
    return Markup("<p class='aside'>[{}]</p>").format(kind)


def _picture(png: bytes, about: str) -> Markup:
    """A picture inside the page itself: it is on no platform yet."""
    return Markup("<img src='data:image/png;base64,{}' alt='{}'>").format(b64encode(png).decode(), about)


def _control(control: Json) -> Markup:
    if control["type"] == BUTTON:
        style = _STYLES.get(control["style"], "")
        return Markup("<span class='button {}'>{}</span>").format(style, control["label"])
    chosen = [one["label"] for one in control["options"] if one.get("default")]
    return Markup("<span class='button select'>{} ▾</span>").format(
        chosen[0] if chosen else control["placeholder"]
    )


def _words(content: str) -> Iterator[Markup]:
    """A text display: code blocks, and paragraphs of lines that belong together."""
    for number, piece in enumerate(_CODE.split(content)):
        if number % 2:
            yield Markup("<pre>{}</pre>").format(piece)
            continue
        # The line breaks around a code block are its own margin.
        for kind, lines in groupby(piece.strip("\n").split("\n"), _kind):
            those = list(lines)
            inner = Markup("<br>").join(_line(line.removeprefix(kind)) for line in those)
            match kind:
                case "## ":
                    yield Markup("<p class='head'>{}</p>").format(inner)
                case "-# ":
                    yield Markup("<p class='aside'>{}</p>").format(inner)
                case "- ":
                    items = _join(Markup("<li>{}</li>").format(_line(line[2:])) for line in those)
                    yield Markup("<ul>{}</ul>").format(items)
                case "> ":
                    yield Markup("<blockquote>{}</blockquote>").format(inner)
                case _ if inner.strip():
                    yield Markup("<p>{}</p>").format(inner)


def _kind(line: str) -> str:
    return next((mark for mark in ("## ", "-# ", "> ", "- ") if line.startswith(mark)), "")


def _line(text: str) -> Markup:
    """A line with what is written in it: emphasis, code, links, names and times."""
    done, at = Markup(""), 0
    for found in _SPAN.finditer(text):
        done += escape(text[at : found.start()]) + _span(found)
        at = found.end()
    return done + escape(text[at:])


def _span(found: re.Match[str]) -> Markup:
    said = found[found.lastgroup or 0]
    match found.lastgroup:
        case "kept":
            return escape(said)
        case "code":
            return Markup("<code>{}</code>").format(said)
        case "bold":
            return Markup("<b>{}</b>").format(_line(said))
        case "soft":
            return Markup("<i>{}</i>").format(_line(said))
        case "time":
            at = datetime.fromtimestamp(int(said), ZoneInfo(_ZONES.get().get(int(said), "UTC")))
            return Markup("<span class='live'>{}</span>").format(format_moment(at))
        case "named":
            return Markup("<span class='live'>{}</span>").format(said)
        case _:
            return Markup("<u>{}</u>").format(found["label"])
