"""Blocks of a card as Discord's components: words as text, the rest as parts of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.markdown import clip_text, code, escape_markdown, render_words, strip_unseen, width
from adapters.discord.markers import Ids
from bot.chat import cards
from bot.chat.cards import Block, Button, Card
from bot.chat.language import _

Json = dict[str, Any]
ALT = 1024
"""Characters of a picture's or file's description."""
LINK = 512
"""Characters of a link on a button."""
ROW, BUTTON, SELECT, TEXT, GALLERY, FILE, CONTAINER = 1, 2, 3, 10, 12, 13, 17
_STYLES = {"main": 1, "plain": 2, "danger": 4}
_WORDY = (
    cards.Heading | cards.Markdown | cards.Note | cards.Facts | cards.Quote | cards.Table | cards.Progress
)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a message; `about` is read out by screen readers."""

    name: str
    data: bytes
    about: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that is never divided: a component with its file; text alone may be cut."""

    text: str = ""
    part: Json | None = None
    file: Attached | None = None

    @property
    def cost(self) -> int:
        return 1 + len(self.part.get("components", ()) if self.part else ())


def card_pieces(card: Card) -> Iterator[Piece]:
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
            yield Piece(_joined(texts))
            texts = []
        yield from parts
    if texts:
        yield Piece(_joined(texts))


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
            return _(
                "{label}: {bar} {done} of {total}",
                label=escape_markdown(block.label),
                bar=block.bar,
                done=block.done,
                total=block.total,
            )
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


def _parts(block: Block, ids: Ids, names: _FileNames) -> Iterator[Piece]:
    """What a block shows besides words."""
    match block:
        case cards.Picture():
            file = Attached(names.give("picture.png"), block.png, strip_unseen(block.alt)[:ALT])
            media = {"media": {"url": f"attachment://{file.name}"}, "description": file.about or _("Picture")}
            yield Piece(part={"type": GALLERY, "items": [media]}, file=file)
        case cards.File():
            file = Attached(names.give(block.name), block.data, strip_unseen(block.about)[:ALT])
            yield Piece(part={"type": FILE, "file": {"url": f"attachment://{file.name}"}}, file=file)
        case cards.Buttons():
            buttons = [_button(one, ids) for one in block.buttons if one.link is None or _is_link(one.link)]
            if buttons:
                yield Piece(part={"type": ROW, "components": buttons})
        case cards.Select():
            yield Piece(part={"type": ROW, "components": [_select(block, ids)]})


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
