"""The plain text of a card, for notifications, screen readers and fallbacks."""

from __future__ import annotations

from bot.chat import cards
from bot.chat.cards import Block, Card, words
from bot.chat.language import _, drawn_in_own_language


@drawn_in_own_language
def card_text(card: Card) -> str:
    """The whole card as plain lines; never empty."""
    lines = [block_text(block) for block in card.blocks]
    body = "\n".join(line for line in lines if line)
    return body or card.title


def block_text(block: Block) -> str:
    """One block as plain lines."""
    match block:
        case cards.Heading():
            return block.text
        case cards.Markdown() | cards.Note():
            return words(block.words)
        case cards.Facts():
            return "\n".join(f"{label}: {words(value)}" for label, value in block.rows)
        case cards.Quote():
            said = "\n".join(f"> {line}" for line in block.text.splitlines() or [""])
            return f"{said}\n— {block.by}" if block.by else said
        case cards.Table():
            return "\n".join(" | ".join(row) for row in (block.columns, *block.rows))
        case cards.Picture():
            return _("[picture: {alt}]", alt=block.alt)
        case cards.File():
            return _("[file {name}: {about}]", name=block.name, about=block.about)
        case cards.Progress():
            return _(
                "{label}: {bar} {done} of {total}",
                label=block.label,
                bar=block.bar,
                done=block.done,
                total=block.total,
            )
        case cards.Buttons():
            return " ".join(f"[{button.label}]" for button in block.buttons)
        case cards.Select():
            return f"{block.label}: " + " / ".join(label for _, label in block.options)
