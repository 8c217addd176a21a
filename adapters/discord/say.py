"""Cards as Discord's messages of components, with their files. Pure.

Discord's limits (docs components/reference, resources/message): 40 components and 4000 characters of text in a
message, five buttons in a row, ten files. What does not fit goes into further messages where there may be some, and
otherwise into a file beside the shortened text: nothing is lost, and one message stays one message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.blocks import CONTAINER, FILE, TEXT, Attached, Piece, card_pieces
from adapters.discord.markdown import (
    clip_text,
    escape_markdown,
    size,
)
from adapters.discord.markers import Mark
from bot.chat import plain_text
from bot.chat.cards import Card
from bot.chat.language import N_, _, drawn_in_own_language

Json = dict[str, Any]
COMPONENTS = 40
LETTERS = 4000
FILES = 10
SPARE, SPARE_LETTERS = 3, 150
"""Kept free for the container, and for the note and the file about what did not fit."""
REST = N_("The whole text is in the file.")


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One message. `pings` is the id of the one role it may notify."""

    components: tuple[Json, ...]
    files: tuple[Attached, ...] = ()
    pings: str = ""


@drawn_in_own_language
def message_payload(card: Card, mark: Mark | None = None) -> RenderedMessage:
    """A card as one message."""
    return card_pages(card, 1, mark)[0]


@drawn_in_own_language
def card_pages(card: Card, most: int, mark: Mark | None = None) -> tuple[RenderedMessage, ...]:
    """A card as up to `most` messages; the first carries the mark, and pings."""
    left = list(card_pieces(card))
    said: list[RenderedMessage] = []
    while left or not said:
        last = len(said) + 1 == most
        taken, left = _fit(left, last=last)
        if last and left:
            taken += _whole(card)
            left = []
        first = not said
        said.append(_message(taken, mark if first else None, card.pings if first else ""))
    return tuple(said)


def without_files(said: RenderedMessage) -> RenderedMessage:
    """The same message where files may not be attached: words stand for them."""
    if not said.files:
        return said
    about = {f"attachment://{one.name}": f"{one.name}: {one.about}" for one in said.files}

    def worded(part: Json) -> Json:
        match part["type"]:
            case 12:
                url = part["items"][0]["media"]["url"]
            case 13:
                url = part["file"]["url"]
            case _:
                return part
        note = "-# " + _(
            "[{file}] (I may not attach files here.)", file=escape_markdown(clip_text(about[url], 100))
        )
        return {"type": TEXT, "content": note} | ({"id": part["id"]} if "id" in part else {})

    boxes = tuple(
        {**box, "components": [worded(part) for part in box["components"]]} for box in said.components
    )
    return RenderedMessage(boxes, (), said.pings)


def _message(pieces: Sequence[Piece], mark: Mark | None, pings: str) -> RenderedMessage:
    parts = [piece.part or {"type": TEXT, "content": piece.text} for piece in pieces]
    box: Json = {"type": CONTAINER, "components": parts}
    if mark is not None:
        box["id"] = mark[0]
        parts[0] = {**parts[0], "id": mark[1]}
    return RenderedMessage((box,), tuple(piece.file for piece in pieces if piece.file is not None), pings)


# ── what fits ─────────────────────────────────────────────────────────────────


def _fit(pieces: Sequence[Piece], *, last: bool) -> tuple[list[Piece], list[Piece]]:
    """What goes into one message, and what is left. In the last one, buttons are kept before text is."""
    room, letters, files = COMPONENTS - SPARE, LETTERS - SPARE_LETTERS, FILES - 1
    taken: list[Piece] = []
    left: list[Piece] = []
    for piece in pieces:
        if left and not last:
            left.append(piece)
        elif piece.part is None:
            head, tail = _cut(piece.text, letters if room else 0)
            letters -= size(head)
            room -= bool(head)
            taken += [Piece(head)] if head else []
            if tail:
                left.append(Piece(tail))
                letters = 0
        elif piece.cost <= room and (piece.file is None or files):
            taken.append(piece)
            room, files = room - piece.cost, files - (piece.file is not None)
        else:
            left.append(piece)
    return taken, left


def _cut(text: str, limit: int) -> tuple[str, str]:
    """As much of a text as fits, cut at a paragraph, a line or a word; and the rest of it."""
    if size(text) <= limit:
        return text, ""
    head = text[:limit]
    while size(head) > limit:
        head = head[:-1]
    for between in ("\n\n", "\n", " "):
        at = head.rfind(between)
        if at > limit // 2:
            break
    else:
        at = len(head) if limit == LETTERS - SPARE_LETTERS else 0
    head = head[:at].removesuffix("\\")
    rest = text[len(head) :].strip("\n")
    if head.count("```") % 2:
        head, rest = f"{head}\n```", f"```\n{rest}"
    return head.rstrip(), rest


def _whole(card: Card) -> list[Piece]:
    note = Piece(f"-# {_(REST)}")
    about = _("{title}: the whole text", title=clip_text(card.title, 200))
    name = "the-whole-text.txt"
    file = Attached(name, plain_text.card_text(card).encode(), about)
    return [note, Piece(part={"type": FILE, "file": {"url": f"attachment://{name}"}}, file=file)]
