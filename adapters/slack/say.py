"""Cards as Block Kit payloads, within every published limit. Pure.

A card that is too long for one message becomes several pages: the first carries the marker and stands where the
card belongs, the others follow in its thread. Where there can be only one (an update, a view), the page is cut
after its last whole block and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.blocks import (
    Look,
    block_alone,
    context_block,
    numbered_blocks,
    ping_group,
    shorten_text,
)
from adapters.slack.charts import chart_block, charted_pictures, long_table
from adapters.slack.rich_text import Json, size
from bot.chat import plain_text
from bot.chat.cards import Card, Picture, Table
from bot.chat.language import _, drawn_in_own_language

BLOCKS = 50
"""Blocks in a message; a view takes 100."""
VIEW_BLOCKS = 100
PAGE = 12_000
"""Characters in all blocks of a message; Slack refuses at about 13,200 (bolt-js issue 2509)."""
TEXT = 3_000
"""Characters of the text for notifications and screen readers; chat.update refuses more than 4,000."""
PAGES = 10
"""Messages that one card may become; what is longer than 120,000 characters is cut."""
MARK = "tilth:"
"""What the block_id begins with that carries a marker."""


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message's worth: the plain text and the blocks."""

    text: str
    blocks: list[Json]


PUBLIC = Look()


def escape_text(text: str) -> str:
    """A text in which nothing is live: Slack's three characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@drawn_in_own_language
def fallback_text(card: Card) -> str:
    """What a notification, a screen reader and an old client get: the title, then the card as plain words."""
    said = plain_text.card_text(card)
    if not said.startswith(card.title):
        said = f"{card.title}\n{said}"
    whole = escape_text(said)
    return whole if len(whole) <= TEXT else _escaped_head(said, TEXT - 2) + " …"


def _escaped_head(text: str, limit: int) -> str:
    head = text[:limit]
    while len(escape_text(head)) > limit:
        head = head[: len(head) - max(1, (len(escape_text(head)) - limit) // 5)]
    return escape_text(head)


@drawn_in_own_language
def card_pages(card: Card, marker: str = "", look: Look = PUBLIC) -> tuple[MessagePage, ...]:
    """A card as messages; at least one, at most `PAGES`. All but the last say that more follows."""
    return tuple(page for part in _parts(card, marker, look, 0) for page in part)


@drawn_in_own_language
def count_parts(card: Card) -> int:
    """How many messages a card takes: the same whenever it is asked, and whatever a workspace knows."""
    return len(_split(card, PUBLIC))


@drawn_in_own_language
def part_pages(card: Card, part: int, marker: str, look: Look) -> tuple[MessagePage, ...]:
    """One part of a card: a message with the marker. More follow only where a workspace knows no tables."""
    return _parts(card, marker, look, part)[part]


def _parts(card: Card, marker: str, look: Look, marked: int) -> list[tuple[MessagePage, ...]]:
    """Every part of a card as messages. The first message of the part `marked` carries the marker."""
    shown = [
        [block for number, made in part for block in _shown(card, number, made, look)]
        for part in _split(card, look)
    ]
    parts = [_grouped([(0, block) for block in blocks], BLOCKS - 1, PAGE) for blocks in shown]
    total, said = sum(map(len, parts)), 0
    found: list[tuple[MessagePage, ...]] = []
    for part, groups in enumerate(parts):
        pages: list[MessagePage] = []
        for group in groups:
            said += 1
            blocks = [block for _, block in group] + (
                [context_block(_("More follows."))] if said < total else []
            )
            if marker and part == marked and not pages:
                blocks[0] = blocks[0] | {"block_id": f"{MARK}{marker}"}
            pages.append(MessagePage(_page_text(card, said, total), blocks))
        found.append(tuple(pages))
    return found


def _page_text(card: Card, number: int, total: int) -> str:
    if number == 1:
        return _pinged(card, fallback_text(card))
    return escape_text(
        shorten_text(_("{title} ({number} of {total})", title=card.title, number=number, total=total))
    )


def _split(card: Card, look: Look) -> list[list[tuple[int, Json]]]:
    """A card's blocks in parts of a message each, as if the workspace knew everything and had every picture."""
    pictures = {number: look.pictures.get(number, "?") for number in range(len(card.blocks))}
    groups = _grouped(
        list(numbered_blocks(card, replace(look, simple=False, pictures=pictures))), BLOCKS - 1, PAGE
    )
    if len(groups) > PAGES:
        groups = groups[:PAGES]
        groups[-1].append((-1, context_block(_("This is too long for Slack; the rest is left out."))))
    return groups


def _shown(card: Card, number: int, block: Json, look: Look) -> list[Json]:
    """A block as this workspace can show it: as Slack's own, or, where it is not known or there is no picture, in words."""
    if look.native and not look.simple and (own := _drawn_by_slack(card, number, block)):
        return [own]
    missing = block["type"] == "image" and (look.simple or block["slack_file"]["id"] == "?")
    if missing or (block["type"] == "table" and look.simple):
        return block_alone(card, number, look)
    return [block]


def _drawn_by_slack(card: Card, number: int, block: Json) -> Json | None:
    shown = card.blocks[number]
    if isinstance(shown, Picture) and shown.chart:
        pictured = sum(isinstance(one, Picture) for one in card.blocks[:number])
        return chart_block(shown.chart) if pictured in charted_pictures(card) else None
    return long_table(shown, card.title) if isinstance(shown, Table) and block["type"] == "table" else None


@drawn_in_own_language
def one_page(card: Card, marker: str = "", look: Look = PUBLIC) -> MessagePage:
    """A card as the one message it may be, cut where it is too long."""
    several = card_pages(card, marker, look)
    first = several[0]
    if len(several) > 1:
        first.blocks[-1] = context_block(_("There is more than fits here."))
    return first


@drawn_in_own_language
def view_blocks(card: Card, look: Look) -> list[Json]:
    """A card as the blocks of a modal or of App Home."""
    groups = _grouped(list(numbered_blocks(card, look)), VIEW_BLOCKS - 1, 60_000)
    rest = [context_block(_("There is more than fits here."))] if len(groups) > 1 else []
    return [block for _, block in groups[0]] + rest


def marker_of(message: Mapping[str, Any]) -> str | None:
    """The marker that one of our messages carries."""
    for block in message.get("blocks") or ():
        name = str(block.get("block_id") or "")
        if name.startswith(MARK):
            return name.removeprefix(MARK)
    return None


def _grouped(blocks: list[tuple[int, Json]], most: int, limit: int) -> list[list[tuple[int, Json]]]:
    """Numbered blocks in groups that fit a message; a heading goes with what follows it."""
    groups: list[list[tuple[int, Json]]] = [[]]
    room, tables = limit, 0
    for number, block in blocks:
        long, table = _length(block), block["type"] == "table"
        if groups[-1] and (long > room or len(groups[-1]) >= most or (table and tables)):
            parted = len(groups[-1]) > 1 and groups[-1][-1][1]["type"] == "header"
            heading = [groups[-1].pop()] if parted else []
            groups.append(heading)
            room, tables = limit - sum(_length(one) for _, one in heading), 0
        groups[-1].append((number, block))
        room -= long
        tables += table
    return groups


def _length(block: Json) -> int:
    """Characters that Slack counts in a block; a little more rather than less."""
    if block["type"] == "rich_text":
        return sum(map(size, block["elements"]))
    if block["type"] == "table":
        return sum(len(cell["text"]) for row in block["rows"] for cell in row)
    return sum(len(text) for text in _texts(block))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("text", "alt_text") and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _pinged(card: Card, text: str) -> str:
    """The plain text with the group that is to be notified in front of it."""
    return f"{ping_group(card.pings)} {text}" if card.pings else text
