"""What a payload looks like on Discord, roughly, as HTML: for the gallery, so that nobody needs a server to see it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from adapters.discord.say import BUTTON, CONTAINER, FILE, GALLERY, ROW, SELECT, TEXT, Json, pages
from bot.chat.cards import Card

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable("image")
_LIVE = re.compile(r"&lt;(?:t:(?P<moment>\d+):(?P<style>\w)|(?P<sign>[#@]&amp;?)(?P<id>\d+))&gt;")
_LOOKS = {
    "F": "%A %-d %B %Y at %H:%M",
    "D": "%-d %B %Y",
    "t": "%H:%M",
    "R": "in a while (%-d %B %Y)",
}
_STYLES = {1: "primary", 4: "danger"}


def sketch(card: Card) -> Markup:
    """A card as the messages it becomes. Moments are shown in UTC, because nobody in particular reads them here."""
    found = pages(card, 5)
    boxes = (
        Markup('<div class="sketch discord">{}</div>').format(_join(map(_part, page.components)))
        for page in found
    )
    return _join(boxes)


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _part(part: Json) -> Markup:
    match part["type"]:
        case kind if kind == CONTAINER:
            return _join(map(_part, part["components"]))
        case kind if kind == TEXT:
            return _words(part["content"])
        case kind if kind == ROW:
            return Markup('<div class="row">{}</div>').format(_join(map(_part, part["components"])))
        case kind if kind == BUTTON:
            return Markup("<span class='button {}'>{}</span>").format(
                _STYLES.get(part["style"], ""), part["label"]
            )
        case kind if kind == SELECT:
            chosen = [one["label"] for one in part["options"] if one.get("default")]
            return Markup("<span class='button select'>{} ▾</span>").format((*chosen, part["placeholder"])[0])
        case kind if kind == GALLERY:
            about = " ".join(item["description"] for item in part["items"])
            return Markup("<p class='aside'>[picture: {}]</p>").format(about)
        case kind if kind == FILE:
            return Markup("<p class='aside'>[file {}]</p>").format(
                part["file"]["url"].removeprefix("attachment://")
            )
        case other:
            return Markup("<p class='aside'>[component {}]</p>").format(other)


def _words(text: str) -> Markup:
    """Discord's Markdown: CommonMark with small lines (`-#`), moments and mentions, and no HTML."""
    paragraphs: list[str] = []
    for line in text.split("\n"):
        if line.startswith("-# "):
            paragraphs.append(f"\n\ue000{line[3:]}\n")
        else:
            paragraphs.append(line)
    html = _MARKDOWN.render("\n".join(paragraphs))
    html = re.sub("<p>\ue000", "<p class='aside'>", html).replace("\ue000", "")
    html = html.replace("<h2>", "<p class='head'>").replace("</h2>", "</p>")
    return Markup(_LIVE.sub(_live, html))  # noqa: S704 - rendered with HTML switched off


def _live(found: re.Match[str]) -> str:
    if found["moment"] is not None:
        at = datetime.fromtimestamp(int(found["moment"]), UTC)
        said = at.strftime(_LOOKS.get(found["style"], _LOOKS["F"]))
    else:
        said = f"{'#' if found['sign'] == '#' else '@'}{found['id']}"
    return str(Markup("<span class='live'>{}</span>").format(escape(said)))
