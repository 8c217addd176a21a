"""The elements of rich text, cut into pieces that Slack takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

PIECE = 2800
"""Characters in one rich text block: well under the 3,000 of every other text on Slack."""
MANY = 300
"""Elements in one section, and sections in one block."""


def text_of(text: str, style: Json | None = None) -> Json:
    """A text element. Slack refuses an empty one."""
    return {"type": "text", "text": text or " "} | ({"style": style} if style else {})


def join_texts(elements: Sequence[Json]) -> list[Json]:
    """Neighboring texts of one style as one text: a thousand line breaks are no thousand elements."""
    found: list[Json] = []
    for one in elements:
        last = found[-1] if found else None
        if (
            last is not None
            and last["type"] == one["type"] == "text"
            and last.get("style") == one.get("style")
        ):
            found[-1] = {**last, "text": last["text"] + one["text"]}
        else:
            found.append(one)
    return found


def section(elements: Sequence[Json]) -> Json:
    elements = join_texts(elements)
    return {"type": "rich_text_section", "elements": elements or [text_of(" ")]}


def size(element: Json) -> int:
    """Characters that a part of a rich text shows."""
    inner = element.get("elements")
    if inner is not None:
        return sum(size(one) for one in inner) + 1
    if element["type"] == "emoji":
        return len(element["name"]) + 2
    return len(element.get("text") or element.get("fallback") or "") or 12


def cut_pieces(parts: Sequence[Json], limit: int = PIECE) -> list[list[Json]]:
    """Parts of rich text in groups of at most `limit` characters; one that is longer is cut in several."""
    groups: list[list[Json]] = [[]]
    room = limit
    for part in (piece for one in parts for piece in _cut(one, limit)):
        if groups[-1] and (size(part) > room or len(groups[-1]) >= MANY):
            groups.append([])
            room = limit
        groups[-1].append(part)
        room -= size(part)
    return [group for group in groups if group]


def _cut(part: Json, limit: int) -> list[Json]:
    if size(part) <= limit and len(part["elements"]) <= MANY:
        return [part]
    if part["type"] == "rich_text_list":
        items = [piece for item in part["elements"] for piece in _cut(item, limit - 1)]
        return [
            {**part, "elements": group, **_offset(part, items, group)}
            for group in cut_pieces(items, limit - 1)
        ]
    elements = [piece for one in part["elements"] for piece in _cut_text(one, limit - 1)]
    groups: list[list[Json]] = [[]]
    room = limit - 1
    for one in elements:
        if groups[-1] and (size(one) > room or len(groups[-1]) >= MANY):
            groups.append([])
            room = limit - 1
        groups[-1].append(one)
        room -= size(one)
    return [{**part, "elements": group} for group in groups if group]


def _offset(part: Json, items: list[Json], group: list[Json]) -> Json:
    if part["style"] != "ordered":
        return {}
    before = next(number for number, item in enumerate(items) if item is group[0])
    return {"offset": part.get("offset", 0) + before}


def _cut_text(element: Json, limit: int) -> list[Json]:
    if element["type"] not in ("text", "link") or len(element["text"]) <= limit:
        return [element]
    return [{**element, "text": piece} for piece in split_text(element["text"], limit)]


def split_text(text: str, limit: int) -> list[str]:
    """A text in pieces of at most `limit`, cut at a paragraph, a line, a sentence or a word, whichever is there.

    Joined, the pieces are the text.
    """
    pieces: list[str] = []
    while len(text) > limit:
        cut = _end_of(text, limit)
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text else pieces


def _end_of(text: str, limit: int) -> int:
    head = text[:limit]
    for mark in ("\n\n", "\n", ". ", " "):
        cut = head.rfind(mark)
        if cut > limit // 2:
            return cut + len(mark)
    # Never between a letter and what modifies it.
    cut = limit
    while cut > limit - 16 and (0x300 <= ord(text[cut]) <= 0x36F or text[cut] in "\u200d\ufe0f"):
        cut -= 1
    return cut
