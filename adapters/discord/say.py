"""Cards as Discord's messages of components, with their files. Pure.

Discord's limits (docs components/reference, resources/message): 40 components and 4000 characters of text in a
message, five buttons in a row, ten files. What does not fit goes into further messages where there may be some, and
otherwise into a file beside the shortened text: nothing is lost, and one message stays one message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.markdown import (
    clip_text,
    code,
    escape_markdown,
    render_words,
    size,
    strip_unseen,
    width,
)
from adapters.discord.markers import Ids, Mark
from bot.chat import cards, plain_text
from bot.chat.cards import Block, Button, Card

Json = dict[str, Any]
COMPONENTS = 40
LETTERS = 4000
FILES = 10
ALT = 1024
"""Characters of a picture's or file's description."""
SPARE, SPARE_LETTERS = 3, 150
"""Kept free for the container, and for the note and the file about what did not fit."""
LINK = 512
ROW, BUTTON, SELECT, TEXT, GALLERY, FILE, CONTAINER = 1, 2, 3, 10, 12, 13, 17
_STYLES = {"main": 1, "plain": 2, "danger": 4}
_WORDY = (
    cards.Heading | cards.Markdown | cards.Note | cards.Facts | cards.Quote | cards.Table | cards.Progress
)
REST = "The whole text is in the file."


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a message; `about` is read out by screen readers."""

    name: str
    data: bytes
    about: str


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One message. `pings` is the id of the one role it may notify."""

    components: tuple[Json, ...]
    files: tuple[Attached, ...] = ()
    pings: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something that is never divided: a component with its file; text alone may be cut."""

    text: str = ""
    part: Json | None = None
    file: Attached | None = None

    @property
    def cost(self) -> int:
        return 1 + len(self.part.get("components", ()) if self.part else ())


def message_payload(card: Card, mark: Mark | None = None) -> RenderedMessage:
    """A card as one message."""
    return card_pages(card, 1, mark)[0]


def card_pages(card: Card, most: int, mark: Mark | None = None) -> tuple[RenderedMessage, ...]:
    """A card as up to `most` messages; the first carries the mark, and pings."""
    left = list(_pieces(card))
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
        note = f"-# [{escape_markdown(clip_text(about[url], 100))}] (I may not attach files here.)"
        return {"type": TEXT, "content": note} | ({"id": part["id"]} if "id" in part else {})

    boxes = tuple(
        {**box, "components": [worded(part) for part in box["components"]]} for box in said.components
    )
    return RenderedMessage(boxes, (), said.pings)


def _message(pieces: Sequence[_Piece], mark: Mark | None, pings: str) -> RenderedMessage:
    parts = [piece.part or {"type": TEXT, "content": piece.text} for piece in pieces]
    box: Json = {"type": CONTAINER, "components": parts}
    if mark is not None:
        box["id"] = mark[0]
        parts[0] = {**parts[0], "id": mark[1]}
    return RenderedMessage((box,), tuple(piece.file for piece in pieces if piece.file is not None), pings)


# ── what fits ─────────────────────────────────────────────────────────────────


def _fit(pieces: Sequence[_Piece], *, last: bool) -> tuple[list[_Piece], list[_Piece]]:
    """What goes into one message, and what is left. In the last one, buttons are kept before text is."""
    room, letters, files = COMPONENTS - SPARE, LETTERS - SPARE_LETTERS, FILES - 1
    taken: list[_Piece] = []
    left: list[_Piece] = []
    for piece in pieces:
        if left and not last:
            left.append(piece)
        elif piece.part is None:
            head, tail = _cut(piece.text, letters if room else 0)
            letters -= size(head)
            room -= bool(head)
            taken += [_Piece(head)] if head else []
            if tail:
                left.append(_Piece(tail))
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


def _whole(card: Card) -> list[_Piece]:
    note = _Piece(f"-# {REST}")
    about = f"{clip_text(card.title, 200)}: the whole text"
    name = "the-whole-text.txt"
    file = Attached(name, plain_text.text(card).encode(), about)
    return [note, _Piece(part={"type": FILE, "file": {"url": f"attachment://{name}"}}, file=file)]


# ── blocks ────────────────────────────────────────────────────────────────────


def _pieces(card: Card) -> Iterator[_Piece]:
    """The blocks of a card; text blocks that follow each other become one component."""
    ids, texts, names = Ids(), [], _FileNames()
    if card.pings.isdecimal():
        texts.append(f"<@&{card.pings}>")
    shows = any(_text(block).strip() or not isinstance(block, _WORDY) for block in card.blocks)
    for block in map(_titled(card), card.blocks) if shows else (cards.Heading(card.title or "…"),):
        if (text := _text(block)).strip():
            texts.append(text)
        parts = [*_parts(block, ids, names)]
        if parts and texts:
            yield _Piece(_joined(texts))
            texts = []
        yield from parts
    if texts:
        yield _Piece(_joined(texts))


def _titled(card: Card) -> Callable[[Block], Block]:
    """Discord shows no title beside a message, so "Lesson 1 of 3: Soil" stands where its heading "Soil" would."""

    def titled(block: Block) -> Block:
        longer = isinstance(block, cards.Heading) and card.title.endswith(f": {block.text}")
        return cards.Heading(card.title) if longer else block

    return titled


def _joined(texts: Sequence[str]) -> str:
    """Paragraphs below each other; a heading stands close to what it is about."""
    joined = ""
    for text in texts:
        close = joined.rpartition("\n")[2].startswith("## ")
        joined += ("\n" if close else "\n\n" if joined else "") + text
    return joined


def _text(block: Block) -> str:
    """What a block says in words."""
    match block:
        case cards.Heading():
            text = " ".join(strip_unseen(block.text).split())
            return f"## {escape_markdown(text)}" if text else ""
        case cards.Markdown():
            return render_words(block.words)
        case cards.Note():
            return "\n".join(
                f"-# {line}" for line in render_words(block.words, plain=True).splitlines() if line.strip()
            )
        case cards.Facts():
            return "\n".join(
                f"**{escape_markdown(label)}:** {render_words(value, plain=True)}"
                for label, value in block.rows
            )
        case cards.Quote():
            said = "\n".join(f"> {line}" for line in escape_markdown(block.text).splitlines() or ["…"])
            return f"{said}\n> — {escape_markdown(block.by)}" if block.by else said
        case cards.Table():
            return _table(block)
        case cards.Progress():
            return f"{escape_markdown(block.label)}: {block.bar} {block.done} of {block.total}"
        case cards.File():
            return escape_markdown(block.about)
        case cards.Select() if block.chosen:
            return f"**{escape_markdown(block.label)}**"  # a chosen option hides the placeholder
        case cards.Buttons():
            long = (one for one in block.buttons if one.link is not None and not _is_link(one.link))
            return "\n".join(escape_markdown(f"{one.label}: {one.link}") for one in long)
        case _:
            return ""


def _table(block: cards.Table) -> str:
    rows = [[code(cell) for cell in row] for row in (block.columns, *block.rows)]
    wide = [
        max(width(row[at]) for row in rows if at < len(row)) for at in range(max(len(row) for row in rows))
    ]
    lines = [
        "  ".join(cell + " " * (wide[at] - width(cell)) for at, cell in enumerate(row)).rstrip()
        for row in rows
    ]
    return "\n".join(["```", lines[0], "  ".join("─" * one for one in wide), *lines[1:], "```"])


def _parts(block: Block, ids: Ids, names: _FileNames) -> Iterator[_Piece]:
    """What a block shows besides words."""
    match block:
        case cards.Picture():
            file = Attached(names.give("picture.png"), block.png, strip_unseen(block.alt)[:ALT])
            media = {"media": {"url": f"attachment://{file.name}"}, "description": file.about or "Picture"}
            yield _Piece(part={"type": GALLERY, "items": [media]}, file=file)
        case cards.File():
            file = Attached(names.give(block.name), block.data, strip_unseen(block.about)[:ALT])
            yield _Piece(part={"type": FILE, "file": {"url": f"attachment://{file.name}"}}, file=file)
        case cards.Buttons():
            buttons = [_button(one, ids) for one in block.buttons if one.link is None or _is_link(one.link)]
            if buttons:
                yield _Piece(part={"type": ROW, "components": buttons})
        case cards.Select():
            yield _Piece(part={"type": ROW, "components": [_select(block, ids)]})


def _is_link(url: str) -> bool:
    return len(url) <= LINK and url.startswith(("https://", "http://"))


def _button(button: Button, ids: Ids) -> Json:
    if button.link is not None:
        return {"type": BUTTON, "style": 5, "label": button.label, "url": button.link}
    custom = ids.give(button.opens or button.does or "", button.value, opens=button.opens is not None)
    return {"type": BUTTON, "style": _STYLES[button.style], "label": button.label, "custom_id": custom}


def _select(select: cards.Select, ids: Ids) -> Json:
    options = [
        {"label": clip_text(label, 100) or value, "value": value}
        | ({"default": True} if value == select.chosen else {})
        for value, label in select.options
    ]
    custom = ids.give(select.does, select.value, opens=False)
    return {
        "type": SELECT,
        "custom_id": custom,
        "placeholder": clip_text(select.label, 150),
        "options": options,
    }


class _FileNames:
    """Names that Discord leaves as they are, each once in a message, so that `attachment://` finds them."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, wanted: str) -> str:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", wanted).strip("-.")[-80:] or "file"
        stem, dot, kind = name.rpartition(".") if "." in name else (name, "", "")
        number = 1
        while name in self._taken:
            number += 1
            name = f"{stem}-{number}{dot}{kind}"
        self._taken.add(name)
        return name
