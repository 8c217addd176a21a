"""Markdown, mentions and moments as Slack's rich text, in which nobody's words can do anything.

Rich text is a tree, not a language: a text element is shown as it is, so there is nothing to escape, and a name,
a link or a date is live only where we put one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from adapters.slack.rich_text import Json, join_texts, section, text_of
from bot.chat.cards import ChannelLink, LinkedPart, Mention, Moment, Words

SAFE = ("http://", "https://", "mailto:")
EMOJI = 60
"""Emoji in one block that are shown as such; a flood stays text."""

# A part that is no text travels through the Markdown parser as its number between two private-use characters.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PRIVATE_USE = str.maketrans("", "", _OPEN + _CLOSE)
_PART = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_BARE_LINK = re.compile(r"https?://[^\s<>|\"'`]+[^\s<>|\"'`.,;:!?)\]}*_]")
_EMOJI = re.compile(r"(?<![\w:]):((?=[\w+'-]*[a-z+])[a-z0-9_+'-]{2,60}):(?![\w:])")
_FORMATS = {
    "date": "{date_long}",
    "time": "{time}",
    "full": "{date_long} at {time}",
    "relative": "{date_pretty} at {time}",
}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("image")


@lru_cache(maxsize=32)
def _read(text: str) -> SyntaxTreeNode:
    """Markdown as a tree, which nobody changes. Remembered: a card is counted, cut into parts and shown, each by itself."""
    return SyntaxTreeNode(_MARKDOWN.parse(text))


class Prose:
    """Turns words into rich text for one reader.

    `reader` is the person who alone sees it, or empty. A mention notifies on Slack, so it is one only where it
    cannot notify anybody but its reader, who is looking at it anyway; elsewhere it is the plain name.
    """

    def __init__(self, reader: str = "") -> None:
        self._reader = reader
        self._parts: tuple[LinkedPart, ...] = ()

    def markdown(self, words: Words) -> list[Json]:
        """Markdown as sections, lists, quotes and code of rich text."""
        text, self._parts = _apart(words)
        return merge_elements(self._blocks(_read(text).children))

    def plain(self, words: Words) -> list[Json]:
        """Words that are no Markdown, as the elements of one section."""
        if isinstance(words, str):
            return replace_emoji(words.translate(_PRIVATE_USE), {})
        found: list[Json] = []
        for part in words:
            found += replace_emoji(part, {}) if isinstance(part, str) else [self._part(part, {})]
        return found

    # ── blocks ────────────────────────────────────────────────────────────────

    def _blocks(self, nodes: Iterable[SyntaxTreeNode]) -> list[Json]:
        found: list[Json] = []
        for node in nodes:
            match node.type:
                case "paragraph":
                    found.append(section(self._inline(node.children, {})))
                case "heading":
                    found.append(section(self._inline(node.children, {"bold": True})))
                case "bullet_list" | "ordered_list":
                    found += self._list(node, 0)
                case "blockquote":
                    found.append({"type": "rich_text_quote", "elements": self._lines(node.children)})
                case "fence" | "code_block":
                    code = node.content.rstrip("\n") or " "
                    found.append({"type": "rich_text_preformatted", "elements": [text_of(self._bare(code))]})
                case "hr":
                    found.append(section([text_of("———")]))
        return found

    def _list(self, node: SyntaxTreeNode, indent: int) -> list[Json]:
        """A list and the lists in it: Slack wants them side by side, the inner ones indented."""
        style = "ordered" if node.type == "ordered_list" else "bullet"
        first = int(node.attrs.get("start", 1) or 1)
        found: list[Json] = []
        for number, item in enumerate(node.children, first):
            inner = [child for child in item.children if child.type in ("bullet_list", "ordered_list")]
            own = [child for child in item.children if child not in inner]
            last = found[-1] if found else None
            if last is None or last["indent"] != indent or last["style"] != style:
                last = {"type": "rich_text_list", "style": style, "indent": indent, "elements": []}
                if style == "ordered" and number > 1:
                    last["offset"] = number - 1
                found.append(last)
            last["elements"].append(section(self._lines(own)))
            for child in inner:
                found += self._list(child, min(indent + 1, 8))
        return found

    def _lines(self, nodes: Sequence[SyntaxTreeNode]) -> list[Json]:
        """Blocks as the lines of one section: what a list item or a quote may hold."""
        found: list[Json] = []
        for number, block in enumerate(self._blocks(nodes)):
            if number:
                found.append(text_of("\n"))
            if block["type"] == "rich_text_list":
                for item in block["elements"]:
                    found += [text_of("\n• "), *item["elements"]]
            else:
                found += block["elements"]
        return join_texts(found) or [text_of(" ")]

    # ── inside a line ─────────────────────────────────────────────────────────

    def _inline(self, nodes: Iterable[SyntaxTreeNode], style: Json) -> list[Json]:
        found: list[Json] = []
        for node in nodes:
            match node.type:
                case "text":
                    found += self._text(node.content, style)
                case "softbreak" | "hardbreak":
                    found.append(text_of("\n"))
                case "code_inline":
                    found.append(text_of(self._bare(node.content), style | {"code": True}))
                case "strong":
                    found += self._inline(node.children, style | {"bold": True})
                case "em":
                    found += self._inline(node.children, style | {"italic": True})
                case "s":
                    found += self._inline(node.children, style | {"strike": True})
                case "link":
                    found += self._link(node, style)
                case _:
                    found += self._inline(node.children, style)
        return found

    def _link(self, node: SyntaxTreeNode, style: Json) -> list[Json]:
        url = str(node.attrs.get("href", ""))
        label = "".join(one.get("text", "") for one in self._inline(node.children, style))
        if not url.startswith(SAFE):
            return [text_of(f"{label} ({url})", style)] if label else []
        if "<" in label:  # no label may look like an entity of Slack's, whoever reads it one day
            return [text_of(f"{label} ", style), {"type": "link", "url": url[:3000], "text": url}]
        link = {"type": "link", "url": url[:3000], "text": label or url}
        return [link | ({"style": style} if style else {})]

    def _text(self, text: str, style: Json) -> list[Json]:
        found: list[Json] = []
        for number, piece in enumerate(_PART.split(text)):
            if number % 2:
                found += [self._part(self._parts[int(piece)], style)]
            else:
                found += link_addresses(piece, style)
        return found

    def _bare(self, text: str) -> str:
        """Code shows parts as their plain text."""
        return _PART.sub(lambda found: self._parts[int(found[1])].plain, text)

    def _part(self, part: LinkedPart, style: Json) -> Json:
        match part:
            case Mention(person=person) if person and person == self._reader:
                return {"type": "user", "user_id": person}
            case ChannelLink(channel=channel) if re.fullmatch(r"[CG][A-Z0-9]{2,}", channel):
                return {"type": "channel", "channel_id": channel}
            case Moment(at=at, in_words=False):
                return {
                    "type": "date",
                    "timestamp": int(at.timestamp()),
                    "format": _FORMATS[part.style],
                    "fallback": part.plain,
                }
            case _:
                return text_of(part.plain, style)


def _apart(words: Words) -> tuple[str, tuple[LinkedPart, ...]]:
    if isinstance(words, str):
        return words.translate(_PRIVATE_USE), ()
    texts: list[str] = []
    parts: list[LinkedPart] = []
    for part in words:
        if isinstance(part, str):
            texts.append(part.translate(_PRIVATE_USE))
        else:
            texts.append(f"{_OPEN}{len(parts)}{_CLOSE}")
            parts.append(part)
    return "".join(texts), tuple(parts)


# ── elements ──────────────────────────────────────────────────────────────────


def link_addresses(text: str, style: Json) -> list[Json]:
    """A text in which addresses of the web are links that show where they lead."""
    found: list[Json] = []
    at = 0
    for link in _BARE_LINK.finditer(text):
        found += replace_emoji(text[at : link.start()], style)
        found.append({"type": "link", "url": link[0][:3000], "text": link[0]})
        at = link.end()
    return found + replace_emoji(text[at:], style)


def replace_emoji(text: str, style: Json) -> list[Json]:
    """A text in which `:seedling:` is an emoji, as it was when somebody picked it on Slack."""
    names = _EMOJI.split(text)
    if len(names) > 2 * EMOJI + 1:
        return [text_of(text, style)]
    found: list[Json] = []
    for number, piece in enumerate(names):
        if number % 2:
            found.append({"type": "emoji", "name": piece})
        elif piece:
            found.append(text_of(piece, style))
    return found


def merge_elements(blocks: list[Json]) -> list[Json]:
    """Neighboring paragraphs as one section with empty lines in it, because Slack leaves no space between two."""
    found: list[Json] = []
    for block in blocks:
        last = found[-1] if found else None
        if last is not None and last["type"] == block["type"] == "rich_text_section":
            last["elements"] += [text_of("\n\n"), *block["elements"]]
        else:
            found.append(block)
    return found
