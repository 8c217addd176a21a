"""Blocks of a card as Block Kit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from adapters.slack.markdown import Prose
from adapters.slack.rich_text import PIECE, Json, cut_pieces, section, split_text, text_of
from bot.chat import cards
from bot.chat.cards import Block, Button, Card

EMPTY = "∅"
"""Stands for an empty option value, which Slack refuses."""
ROWS, COLUMNS, CELLS = 99, 20, 9_000
"""Rows, columns and characters of a native table."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a card is to be shown.

    `reader` is the one person who sees it, or empty. `pictures` are ids of uploaded files by the number of the
    picture in the card; the others show their words. `simple` leaves out what a workspace may not know yet:
    native tables and uploaded pictures. `view` says that it is a modal or App Home, which know no tables.
    `native` leaves charts and long tables to Slack, which draws them since 2026.
    """

    reader: str = ""
    pictures: Mapping[int, str] = field(default_factory=dict)
    simple: bool = False
    view: bool = False
    native: bool = False


def ping_group(group: str) -> str:
    """A user group as Slack notifies it; `card.pings` is the only thing that ever may."""
    name = group.removeprefix("group:")
    return f"<!subteam^{name}>" if name.isalnum() else ""


def blocks_of(card: Card, look: Look) -> Iterator[Json]:
    for _, made in numbered_blocks(card, look):
        yield made


def block_alone(card: Card, number: int, look: Look) -> list[Json]:
    """One block of a card by its number, as this look shows it; a table not in its native form."""
    pictured = sum(isinstance(one, cards.Picture) for one in card.blocks[:number])
    return list(_block(card.blocks[number], Prose(look.reader), look, pictured, native=False))


def numbered_blocks(card: Card, look: Look) -> Iterator[tuple[int, Json]]:
    """Each payload with the number of the card's block that it shows; -1 where it shows none of them."""
    prose = Prose(look.reader)
    tabled = False
    pictured = 0
    if card.pings and ping_group(card.pings) and not look.view:
        yield -1, {"type": "section", "text": {"type": "mrkdwn", "text": ping_group(card.pings)}}
    empty = True
    for at, block in enumerate(card.blocks):
        native = isinstance(block, cards.Table) and not (tabled or look.simple or look.view)
        number = pictured
        pictured += isinstance(block, cards.Picture)
        for made in _block(block, prose, look, number, native):
            tabled = tabled or made["type"] == "table"
            empty = False
            yield at, made
    if empty:
        for made in _rich([section([text_of(card.title or " ")])]):
            yield -1, made


def _block(block: Block, prose: Prose, look: Look, number: int, native: bool) -> Iterator[Json]:
    match block:
        case cards.Heading(text):
            yield from _heading(text)
        case cards.Markdown(words):
            if found := prose.markdown(words):
                yield from _rich(found)
        case cards.Note(words):
            yield from _aside(prose, words)
        case cards.Facts(rows):
            lines = [line for label, value in rows for line in _fact(prose, label, value)]
            yield from _rich([section(lines[:-1])] if lines else [])
        case cards.Quote():
            yield from _quote(block)
        case cards.Table():
            yield from _native(block) if native else _drawn(block)
        case cards.Picture(alt=alt):
            yield from _picture(alt, look, number)
        case cards.File(name=name, about=about):
            for piece in split_text(f"{name}: {about}", PIECE):
                yield context_block(piece)
        case cards.Progress():
            label = text_of(f"{block.label}  ", {"bold": True})
            yield from _rich([section([label, text_of(f"{block.bar}  {block.done} of {block.total}")])])
        case cards.Buttons(buttons):
            yield {"type": "actions", "elements": [_button(one, n) for n, one in enumerate(buttons)]}
        case cards.Select():
            yield _select(block)


def _rich(parts: list[Json]) -> Iterator[Json]:
    for group in cut_pieces(parts):
        yield {"type": "rich_text", "elements": group}


def _heading(text: str) -> Iterator[Json]:
    if 0 < len(text) <= 150:
        yield {"type": "header", "text": plain_text(text)}
    elif text:
        yield from _rich([section([text_of(text, {"bold": True})])])


def _aside(prose: Prose, words: cards.Words) -> Iterator[Json]:
    """A small aside. Context blocks read mrkdwn, so words with moments in them are rich text instead."""
    if isinstance(words, str):
        for piece in split_text(words, PIECE):
            yield context_block(piece)
    else:
        yield from _rich([section(prose.plain(words))])


def context_block(text: str) -> Json:
    return {"type": "context", "elements": [plain_text(text)]}


def plain_text(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def _fact(prose: Prose, label: str, value: cards.Words) -> list[Json]:
    return [text_of(f"{label}: ", {"bold": True}), *prose.plain(value), text_of("\n")]


def _quote(quote: cards.Quote) -> Iterator[Json]:
    parts: list[Json] = [
        {"type": "rich_text_quote", "elements": Prose().plain(piece)}
        for piece in split_text(quote.text, PIECE) or [" "]
    ]
    if quote.by:
        parts.append(section([text_of(f"— {quote.by}", {"italic": True})]))
    yield from _rich(parts)


def fits_natively(table: cards.Table) -> bool:
    """Whether Slack takes a table as one of its own."""
    rows = [table.columns, *table.rows]
    total = sum(len(cell) for row in rows for cell in row)
    return len(rows) <= ROWS and len(table.columns) <= COLUMNS and total <= CELLS


def _native(table: cards.Table) -> Iterator[Json]:
    if not fits_natively(table):
        yield from _drawn(table)
        return
    rows = [table.columns, *table.rows]
    yield {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in rows],
    }


def _drawn(table: cards.Table) -> Iterator[Json]:
    """A table as text in columns, for where there is no native one."""
    rows = [table.columns, *table.rows]
    widths = [min(40, max(len(row[n]) for row in rows if n < len(row))) for n in range(len(table.columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows]
    lines.insert(1, "  ".join("─" * width for width in widths))
    text = "\n".join(line.rstrip() for line in lines)
    yield from _rich(
        [
            {"type": "rich_text_preformatted", "elements": [text_of(piece)]}
            for piece in split_text(text, PIECE - 2)
        ]
    )


def _picture(alt: str, look: Look, number: int) -> Iterator[Json]:
    file = look.pictures.get(number)
    if file and not look.simple:
        yield {"type": "image", "slack_file": {"id": file}, "alt_text": shorten_text(alt or "picture", 2000)}
    elif alt:
        for piece in split_text(alt, PIECE):
            yield context_block(piece)


def _button(button: Button, number: int) -> Json:
    kind = "does" if button.does is not None else "opens" if button.opens is not None else "link"
    made: Json = {"type": "button", "text": plain_text(button.label), "action_id": f"{kind}:{number}"}
    if button.link is not None:
        made["url"] = button.link
    else:
        made["value"] = button.state
    if button.style != "plain":
        made["style"] = "primary" if button.style == "main" else "danger"
    return made


def _select(select: cards.Select) -> Json:
    options = [option_block(value, label) for value, label in select.options]
    element: Json = {
        "type": "static_select",
        "action_id": f"select:{select.does}:{select.value}",
        "placeholder": plain_text(shorten_text(select.label, 150)),
        "options": options,
    }
    for one, (value, _) in zip(options, select.options, strict=True):
        if select.chosen and value == select.chosen:
            element["initial_option"] = one
    return {"type": "section", "text": plain_text(shorten_text(select.label, 3000)), "accessory": element}


def option_block(value: str, label: str) -> Json:
    """One option of a select, of radio buttons or of checkboxes."""
    return {"text": plain_text(shorten_text(label or "—", 75)), "value": value or EMPTY}


def shorten_text(text: str, limit: int = 150) -> str:
    text = text or "—"
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
